import { isObject, type JsonObject, type JsonValue } from '../json';
import type { ServiceTier } from '../port';
import { badRequest } from '../refusal';

/** Names of fields that the caller lets through untested, or out. */
export interface FieldRules {
  readonly pass: ReadonlySet<string>;
  readonly drop: ReadonlySet<string>;
}

/** What chat and text completions have in common. */
export interface CommonFields {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly serviceTier?: ServiceTier;
  /** Fields that go on under their names. */
  readonly fields: JsonObject;
}

const SAMPLING = [
  ...['temperature', 'top_p', 'n', 'stop', 'seed', 'presence_penalty', 'frequency_penalty'],
  ...['logit_bias', 'logprobs'],
];
const CHAT = [
  ...SAMPLING,
  ...['top_logprobs', 'tools', 'tool_choice', 'parallel_tool_calls', 'response_format', 'reasoning_effort'],
];

/** https://docs.aws.amazon.com/bedrock/latest/userguide/custom-model-import-advanced-features.html has the ones that OpenAI has not. */
export const IMPORTED_CHAT = new Set([...CHAT, 'structured_outputs', 'prompt_logprobs']);
export const BASE_CHAT = new Set([...CHAT, 'amazon-bedrock-guardrailConfig']);
export const IMPORTED_TEXT = new Set([
  ...SAMPLING,
  ...['prompt', 'echo', 'suffix', 'best_of', 'prompt_logprobs', 'response_format', 'structured_outputs'],
]);

/** Fields that `commonFields` reads itself. */
const READ = new Set(['model', 'stream', 'stream_options', 'service_tier']);

const TIERS = ['default', 'flex', 'priority', 'reserved'] as const;

/** Values that ask for nothing beyond what happens anyway. */
function asksForNothing(name: string, value: JsonValue): boolean {
  if (name === 'store') return value === false;
  return name === 'modalities' && Array.isArray(value) && value.length === 1 && value[0] === 'text';
}

const ADVICE: ReadonlyMap<string, string> = new Map([
  ['functions', "use 'tools'"],
  ['function_call', "use 'tool_choice'"],
  ['audio', 'GPT-OSS takes and gives text only'],
  ['modalities', 'GPT-OSS takes and gives text only'],
]);

/** Sorts a request's fields: `own` are read by the caller of this. One that Bedrock does not take is refused by its name. */
export function commonFields(
  body: JsonObject,
  allowed: ReadonlySet<string>,
  own: ReadonlySet<string>,
  rules: FieldRules,
): CommonFields {
  const fields: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(body)) {
    if (value === null || READ.has(name) || own.has(name) || rules.drop.has(name)) continue;
    if (allowed.has(name) || rules.pass.has(name)) fields[name] = value;
    else if (!asksForNothing(name, value)) throw unsupported(name);
  }
  const stream = body['stream'] ?? false;
  if (typeof stream !== 'boolean') throw badRequest("'stream' must be true or false", 'stream');
  const { model } = body;
  return {
    model: typeof model === 'string' ? model : '',
    stream,
    includeUsage: includeUsage(body['stream_options'], stream),
    serviceTier: serviceTier(body['service_tier']),
    fields,
  };
}

function unsupported(name: string): Error {
  const advice = ADVICE.get(name) ?? `leave it out, or name it in 'dropFields' or 'passFields' of bedrockFetch()`;
  return badRequest(`Unsupported field: '${name}'; ${advice}`, name, 'unsupported_parameter');
}

function includeUsage(options: JsonValue | undefined, stream: boolean): boolean {
  if (options === undefined || options === null) return false;
  if (!stream) throw badRequest("'stream_options' may only be given with stream: true", 'stream_options');
  if (!isObject(options)) throw badRequest("'stream_options' must be an object", 'stream_options');
  for (const [name, value] of Object.entries(options)) {
    const isNoOp = value === null || (name === 'include_obfuscation' && value === false);
    if (name !== 'include_usage' && !isNoOp) {
      throw badRequest(
        `Unsupported field: 'stream_options.${name}'`,
        `stream_options.${name}`,
        'unsupported_parameter',
      );
    }
  }
  return options['include_usage'] === true;
}

function serviceTier(value: JsonValue | undefined): ServiceTier | undefined {
  if (value === undefined || value === null || value === 'auto') return undefined;
  const tier = TIERS.find((known) => known === value);
  if (tier) return tier;
  throw badRequest(`'service_tier' must be auto, ${TIERS.join(', ')}`, 'service_tier', 'unsupported_value');
}
