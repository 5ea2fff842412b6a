import type { Ground } from './ground';

/** What points an SDK client at a ground, whatever this process's own environment says. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export function aws(ground: Ground): ClientSettings {
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = ground.environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  return { endpoint, region: ground.region, credentials };
}

export function bedrock(ground: Ground): ClientSettings {
  return { ...aws(ground), endpoint: ground.bedrock.url };
}
