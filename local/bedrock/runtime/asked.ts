import { BedrockError } from '../errors';
import { isRecord } from '../shapes';

type Fields = Readonly<Record<string, unknown>>;

/** A request in OpenAI's format, read as far as an answer depends on it. */
export interface Asked {
  readonly kind: 'chat' | 'text';
  /** As it came, for a model elsewhere. */
  readonly body: Fields;
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  readonly toolChoice: 'none' | 'auto' | 'required' | { readonly name: string };
  readonly format: Format;
  readonly maxTokens?: number;
  readonly stop: readonly string[];
  /** How many answers: `n`. */
  readonly choices: number;
  readonly includeUsage: boolean;
}

export interface Message {
  readonly role: string;
  readonly text: string;
}

export interface Tool {
  readonly name: string;
  readonly schema: unknown;
}

export type Format =
  | { readonly kind: 'text' | 'json' }
  | { readonly kind: 'schema'; readonly schema: unknown }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

export function malformed(problem: string): BedrockError {
  return new BedrockError(
    'ValidationException',
    `Malformed input request: ${problem}, please reformat your input and try again.`,
  );
}

/** The fields of a body. Throws BedrockError when it is no JSON object. */
export function readFields(body: Uint8Array | undefined): Fields {
  const fields = parse(body ?? new Uint8Array());
  if (isRecord(fields)) return fields;
  throw malformed('the body is not a JSON object');
}

/** Chat, or text if there is a prompt and `max_tokens`, whose presence selects that format. Throws BedrockError. */
export function readAsked(body: Fields): Asked {
  const isText = typeof body['prompt'] === 'string' && body['max_tokens'] !== undefined;
  return {
    kind: isText ? 'text' : 'chat',
    body,
    messages: isText ? [{ role: 'user', text: textOf(body['prompt']) }] : readMessages(body['messages']),
    tools: readTools(body['tools']),
    toolChoice: readToolChoice(body['tool_choice']),
    format: readFormat(body),
    ...maxTokens(body),
    stop: [body['stop'] ?? []].flat().filter((text) => typeof text === 'string'),
    choices: wholeNumber(body['n'], 'n') ?? 1,
    includeUsage: isRecord(body['stream_options']) && body['stream_options']['include_usage'] === true,
  };
}

function readMessages(messages: unknown): readonly Message[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw malformed('messages must be a list with at least one message');
  }
  return messages.map((message: unknown) => {
    if (!isRecord(message) || typeof message['role'] !== 'string') throw malformed('every message must have a role');
    if (hasImage(message['content'])) throw malformed('this model takes text only, and a message has an image');
    return { role: message['role'], text: textOf(message['content']) };
  });
}

function hasImage(content: unknown): boolean {
  return Array.isArray(content) && content.some((part) => isRecord(part) && part['type'] === 'image_url');
}

/** A message's content is a text, or a list of parts of which some have one. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(textOf).join(' ');
  return isRecord(content) ? textOf(content['text']) : '';
}

function readTools(tools: unknown): readonly Tool[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) throw malformed('tools must be a list');
  return tools.map((tool: unknown) => {
    const named = isRecord(tool) ? tool['function'] : undefined;
    if (!isRecord(named) || typeof named['name'] !== 'string') throw malformed('every tool must be a named function');
    return { name: named['name'], schema: named['parameters'] ?? { type: 'object' } };
  });
}

function readToolChoice(choice: unknown): Asked['toolChoice'] {
  if (choice === undefined || choice === null) return 'auto';
  if (choice === 'none' || choice === 'auto' || choice === 'required') return choice;
  const named = isRecord(choice) ? choice['function'] : undefined;
  if (isRecord(named) && typeof named['name'] === 'string') return { name: named['name'] };
  throw malformed('tool_choice must be none, auto, required or a function');
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/custom-model-import-advanced-features.html */
function readFormat({ response_format: format, structured_outputs: structured }: Fields): Format {
  if (isRecord(structured)) return readStructured(structured);
  if (format === undefined || format === null) return { kind: 'text' };
  switch (isRecord(format) ? format['type'] : undefined) {
    case 'text':
      return { kind: 'text' };
    case 'json_object':
      return { kind: 'json' };
    case 'json_schema': {
      const named = isRecord(format) ? format['json_schema'] : undefined;
      if (isRecord(named) && isRecord(named['schema'])) return { kind: 'schema', schema: named['schema'] };
      throw malformed('response_format.json_schema must have a schema');
    }
    default:
      throw malformed('response_format.type must be text, json_object or json_schema');
  }
}

function readStructured({ json, choice }: Fields): Format {
  if (isRecord(json)) return { kind: 'schema', schema: json };
  if (Array.isArray(choice) && choice.length > 0) return { kind: 'choice', choices: choice.map(String) };
  throw malformed('of structured_outputs the Bedrock emulator knows json and choice');
}

function maxTokens(body: Fields): Pick<Asked, 'maxTokens'> {
  const limit = wholeNumber(body['max_completion_tokens'] ?? body['max_tokens'], 'max_tokens');
  return limit === undefined ? {} : { maxTokens: limit };
}

function wholeNumber(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw malformed(`${name} must be a whole number above zero`);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
