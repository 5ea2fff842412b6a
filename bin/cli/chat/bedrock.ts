import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { bedrockFetch, type BedrockFetchOptions } from '../../../chat';
import { settingsOf } from '../../../chat/settings';

/** OpenAI's API over Bedrock, called with a profile's credentials if one is named. */
export function openAiOverBedrock(options: BedrockFetchOptions, profile: string | undefined): typeof fetch {
  if (profile === undefined) return bedrockFetch(options);
  const { region } = settingsOf(options);
  return bedrockFetch({
    ...options,
    client: new BedrockRuntimeClient({ profile, maxAttempts: 1, ...(region && { region }) }),
  });
}
