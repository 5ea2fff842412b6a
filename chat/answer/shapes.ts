import { isObject, numberIn, objectsIn, restOf, textIn, type JsonObject, type JsonValue } from '../json';
import { Refusal } from '../refusal';
import type { ChoicePiece, Piece, Usage } from './piece';

const METRICS = 'amazon-bedrock-invocationMetrics';
const GUARDRAIL = 'amazon-bedrock-guardrailAction';
const TOP = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', METRICS]);
const GENERATION = new Set(['generation', 'stop_reason', 'prompt_token_count', 'generation_token_count', METRICS]);
const CHOICE = new Set(['index', 'delta', 'message', 'text', 'logprobs', 'finish_reason']);
const MESSAGE = new Set([
  'role',
  'content',
  'refusal',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
  // an empty one says nothing; with something in it, it is not text
  'audio',
]);

/**
 * Reads a frame of a stream, or a whole answer. The frames of imported models are not documented, so every shape is read that
 * one may have: OpenAI's and vLLM's chunks, text completions, final objects, Bedrock's own completion and its metrics.
 * What is null is left out; what OpenAI's format has not, such as vLLM's `stop_reason` and `token_ids`, keeps its name.
 * None when the frame is of another shape.
 */
export function pieceOf(frame: JsonObject): Piece | undefined {
  if (isObject(frame['error'])) throw failure(frame['error']);
  if (frame['object'] === 'error') throw failure(frame);
  const metrics = frame[METRICS];
  const usage = usageOf(frame['usage']) ?? usageOf(metrics);
  const end = { ...(usage && { usage }), isLast: isObject(metrics), isFiltered: frame[GUARDRAIL] === 'INTERVENED' };
  if (typeof frame['generation'] === 'string') return { ...generation(frame), ...end };
  if (Array.isArray(frame['choices'])) {
    return {
      id: textIn(frame['id']),
      created: numberIn(frame['created']),
      model: textIn(frame['model']),
      choices: objectsIn(frame['choices']).map(choice),
      extras: restOf(frame, TOP),
      ...end,
    };
  }
  return end.isLast || usage || end.isFiltered ? { choices: [], extras: restOf(frame, TOP), ...end } : undefined;
}

function choice(found: JsonObject, position: number): ChoicePiece {
  const { delta, message } = found;
  const said = isObject(message) ? message : isObject(delta) ? delta : {};
  return {
    index: numberIn(found['index']) ?? position,
    isWhole: isObject(message),
    text: textIn(said['content']) ?? textIn(found['text']),
    reasoning: textIn(said['reasoning_content']) ?? textIn(said['reasoning']),
    refusal: textIn(said['refusal']),
    toolCalls: toolCalls(said),
    finish: textIn(found['finish_reason']),
    logprobs: found['logprobs'],
    messageExtras: restOf(said, MESSAGE),
    extras: restOf(found, CHOICE),
  };
}

/** The calls, and the one of the old form. */
function toolCalls(said: JsonObject): JsonObject[] {
  const old = said['function_call'];
  return [...objectsIn(said['tool_calls']), ...(isObject(old) ? [{ function: old }] : [])];
}

/** Bedrock's own completion format: `{ generation, prompt_token_count, generation_token_count, stop_reason }`. */
function generation(frame: JsonObject): Piece {
  const counts = {
    inputTokenCount: frame['prompt_token_count'] ?? null,
    outputTokenCount: frame['generation_token_count'] ?? null,
  };
  const usage = usageOf(counts);
  return {
    choices: [{ index: 0, text: textIn(frame['generation']), finish: textIn(frame['stop_reason']) }],
    ...(usage && { usage }),
    extras: restOf(frame, GENERATION),
  };
}

/** OpenAI's counts, from OpenAI's or from Bedrock's metrics. */
function usageOf(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const prompt = numberIn(value['prompt_tokens'] ?? value['inputTokenCount']);
  const completion = numberIn(value['completion_tokens'] ?? value['outputTokenCount']);
  if (prompt === undefined && completion === undefined) return undefined;
  const prompts = prompt ?? 0;
  const completions = completion ?? 0;
  return {
    ...restOf(value, new Set(['inputTokenCount', 'outputTokenCount', 'invocationLatency', 'firstByteLatency'])),
    prompt_tokens: prompts,
    completion_tokens: completions,
    total_tokens: numberIn(value['total_tokens']) ?? prompts + completions,
  };
}

/** An error that the model's server wrote into its answer: `{ error: { message, type, code } }`, or vLLM's without the outer braces. */
function failure(error: JsonObject): Refusal {
  const code = error['code'];
  const status = typeof code === 'number' && code >= 400 && code < 600 ? code : 500;
  return new Refusal(status, {
    message: textIn(error['message']) ?? JSON.stringify(error),
    type: textIn(error['type']) ?? 'server_error',
    param: textIn(error['param']) ?? null,
    code: typeof code === 'number' ? String(code) : (textIn(code) ?? null),
  });
}
