import { textChunks, textCompletion } from './answer/text-completion';
import { invokeWay } from './call/ask-invoke';
import { answered, type Asking } from './call/asking';
import { numberIn, textIn, type JsonObject } from './json';
import { badRequest, notFound } from './refusal';
import { maxTokens } from './request/chat-request';
import { commonFields, IMPORTED_TEXT } from './request/fields';

const OWN = new Set(['max_tokens', 'max_completion_tokens']);
/** OpenAI's default for text completions. Bedrock tells its two formats with a `prompt` apart by `max_tokens`, so it must be there. */
const DEFAULT_MAX_TOKENS = 16;

/** `POST /completions`: a prompt goes on, as it is, without the chat's format; imported models only. */
export function textCompletions(body: JsonObject, asking: Asking): Promise<Response> {
  const { settings, runtime, line, clock } = asking;
  const target = settings.target(textIn(body['model']) ?? '');
  if (target.kind === 'base') {
    throw notFound(`Base models have no text completions on Bedrock; use chat.completions`, null, 'unknown_url');
  }
  if (settings.api !== 'invoke') {
    throw badRequest(`Imported models take api: 'invoke' only, not '${settings.api}'`, 'model', 'api_not_supported');
  }
  const { prompt } = body;
  if (typeof prompt !== 'string' && !Array.isArray(prompt))
    throw badRequest("'prompt' must be a text or a list", 'prompt');
  const request = commonFields(body, IMPORTED_TEXT, OWN, settings.fields);
  const sent = {
    ...request.fields,
    max_tokens: maxTokens(body) ?? DEFAULT_MAX_TOKENS,
    ...(request.stream && { stream: true }),
    ...(request.includeUsage && { stream_options: { include_usage: true } }),
  };
  const call = { ...settings.call, ...(request.serviceTier && { serviceTier: request.serviceTier }) };
  const expected = { model: request.model || target.id, includeUsage: request.includeUsage };
  return answered(
    invokeWay(runtime, target.id, sent, call, line),
    {
      modelId: target.id,
      stream: request.stream,
      choices: (numberIn(request.fields['n']) ?? 1) * (Array.isArray(prompt) ? prompt.length : 1),
      whole: (pieces) => textCompletion(pieces, expected.model, clock),
      chunks: (pieces) => textChunks(pieces, expected, clock),
    },
    asking,
  );
}
