export { bedrockFetch } from './bedrock-fetch';
export type { BaseModelApi, BedrockFetchOptions, Guardrail, ServiceTier, Waiting } from './options';
