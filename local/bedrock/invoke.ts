import type { ImportedModel } from './account';
import { BedrockError } from './errors';
import type { InputOf } from './operations';
import { progress } from './progress';
import type { Service } from './service';
import { isRecord } from './shapes';

const reasoning = 'No model is loaded here, so there is nothing to think about.';
const content = 'Hello from the Bedrock emulator: your call arrived, and every chat is answered with these words.';

/** One chat turn with the one fixed answer, in the shape that imported GPT-OSS models answer in. */
export async function invokeModel(
  service: Service,
  request: InputOf<'InvokeModel'>,
): Promise<{ readonly contentType: string; readonly body: Uint8Array }> {
  await progress(service);
  const { modelId, contentType = 'application/json', body } = request;
  if (!modelId.startsWith('arn:'))
    throw new BedrockError('ValidationException', 'The provided model identifier is invalid.');
  const model = service.account.findModel(modelId, service.clock.now());
  if (!model) throw new BedrockError('ResourceNotFoundException', `Could not find the model ${modelId}`);
  if (!contentType.startsWith('application/json')) {
    throw new BedrockError('ValidationException', `The provided content type ${contentType} is not application/json`);
  }
  const messages = readMessages(body ?? new Uint8Array());
  model.lastInvokedAt = service.clock.now();
  const answer = chatCompletion(model, messages, service);
  return { contentType: 'application/json', body: Buffer.from(JSON.stringify(answer)) };
}

function readMessages(body: Uint8Array): readonly unknown[] {
  const refuse = (problem: string): never => {
    throw new BedrockError(
      'ValidationException',
      `Malformed input request: ${problem}, please reformat your input and try again.`,
    );
  };
  const request = parse(body);
  if (!isRecord(request)) return refuse('the body is not a JSON object');
  const messages: unknown = request['messages'];
  if (!Array.isArray(messages) || messages.length === 0)
    return refuse('messages must be a list with at least one message');
  if (!messages.every((message: unknown) => isRecord(message) && typeof message['role'] === 'string')) {
    return refuse('every message must have a role');
  }
  return messages;
}

/** Fields and nulls as in AWS's sample response; tokens are counted as words, for there is no tokenizer. */
function chatCompletion(
  model: ImportedModel,
  messages: readonly unknown[],
  { account, clock, newId }: Service,
): object {
  const promptTokens = words(messages.map(textOf).join(' '));
  const completionTokens = words(reasoning) + words(content);
  return {
    id: `chatcmpl-${newId()}`,
    object: 'chat.completion',
    created: Math.floor(clock.now() / 1000),
    model: `${account.id}-${model.arn.slice(-12)}`,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal: null,
          annotations: null,
          audio: null,
          function_call: null,
          tool_calls: [],
          reasoning_content: reasoning,
        },
        logprobs: null,
        finish_reason: 'stop',
        stop_reason: null,
        token_ids: null,
      },
    ],
    service_tier: null,
    system_fingerprint: null,
    usage: {
      prompt_tokens: promptTokens,
      total_tokens: promptTokens + completionTokens,
      completion_tokens: completionTokens,
      prompt_tokens_details: null,
    },
    prompt_logprobs: null,
    prompt_token_ids: null,
    kv_transfer_params: null,
  };
}

/** A message's content is a text, or a list of parts of which some have one. */
function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (Array.isArray(message)) return message.map(textOf).join(' ');
  return isRecord(message) ? textOf(message['content'] ?? message['text'] ?? '') : '';
}

function words(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
