import { bedrockRuntime } from './bedrock-runtime';
import { addressIn } from './call/endpoint-address';
import { realClock } from './clock';
import { openAiFetch } from './open-ai-fetch';
import type { BedrockFetchOptions } from './options';

/**
 * A `fetch` for the official `openai` package that talks to GPT-OSS on Amazon Bedrock: to a model that was imported, or to
 * one of Bedrock's own.
 *
 * ```ts
 * const openai = new OpenAI({ apiKey: 'unused', fetch: bedrockFetch({ model: process.env.MODEL_ARN }) });
 * ```
 *
 * It serves chat completions, text completions (imported models) and the list of models, streaming included. The model's
 * reasoning comes as `reasoning_content`, of a message or of a delta, and never in `content`; collect it from the deltas
 * yourself, for the `openai` package's `stream()` helper keeps only the last piece of a field that it does not know. A model that is not loaded is
 * waited for. Every failure is an error of OpenAI's shape, with Bedrock's name for it and its request id as `bedrock` in the
 * error object; what this has waited or tried again for, the `openai` client does not retry. Where no answer came at all, it
 * throws as `fetch` does.
 *
 * Never throws by itself: options that are wrong are told by the first request.
 */
export function bedrockFetch(options: BedrockFetchOptions): typeof fetch {
  const { client, endpoint } = options;
  const runtimeFor = ({ region }: { readonly region?: string }) => bedrockRuntime({ region, client, endpoint });
  return openAiFetch(options, runtimeFor, realClock, addressIn(process.env));
}
