import { isObject, type JsonObject, type JsonValue } from '../json';
import { badRequest } from '../refusal';

/** A message of a chat, checked, its text in one piece. */
export interface ChatMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly text: string | null;
  readonly name?: string;
  /** Of an assistant's earlier answer. */
  readonly reasoning?: string;
  readonly toolCalls: readonly ToolCall[];
  /** The call that a tool's message answers. */
  readonly toolCallId?: string;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool'] as const;
const FIELDS = new Set([
  'role',
  'content',
  'name',
  'tool_calls',
  'tool_call_id',
  'reasoning_content',
  'reasoning',
  'refusal',
]);
/** What the `openai` package adds to an answer for its own use, or OpenAI's answers say beside the text. */
const OF_ANSWERS = new Set(['parsed', 'annotations']);

export function chatMessages(value: JsonValue | undefined): ChatMessage[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw badRequest("'messages' must be a list with at least one message", 'messages');
  }
  return value.map((message, index) => chatMessage(message, `messages[${index}]`));
}

function chatMessage(value: JsonValue, path: string): ChatMessage {
  if (!isObject(value)) throw badRequest(`'${path}' must be an object with a role and a content`, path);
  const role = ROLES.find((known) => known === value['role']);
  if (!role) throw badRequest(`'${path}.role' must be one of ${ROLES.join(', ')}`, `${path}.role`);
  requireKnownFields(value, path);
  const toolCalls = role === 'assistant' ? calls(value['tool_calls'], `${path}.tool_calls`) : [];
  const text = content(value['content'], `${path}.content`) ?? optionalText(value, 'refusal', path) ?? null;
  if (text === null && toolCalls.length === 0) {
    throw badRequest(`'${path}.content' must be a text or a list of text parts`, `${path}.content`);
  }
  const toolCallId = optionalText(value, 'tool_call_id', path);
  if (role === 'tool' && !toolCallId) {
    throw badRequest(`'${path}.tool_call_id' must name the call that this message answers`, `${path}.tool_call_id`);
  }
  return {
    role,
    text,
    toolCalls,
    name: optionalText(value, 'name', path),
    reasoning: optionalText(value, 'reasoning_content', path) ?? optionalText(value, 'reasoning', path),
    toolCallId,
  };
}

function requireKnownFields(message: JsonObject, path: string): void {
  for (const [name, value] of Object.entries(message)) {
    if (value === null || FIELDS.has(name) || OF_ANSWERS.has(name)) continue;
    const advice =
      name === 'audio' ? '; GPT-OSS takes text only' : name === 'function_call' ? "; use 'tool_calls'" : '';
    throw badRequest(`Unsupported field: '${path}.${name}'${advice}`, `${path}.${name}`, 'unsupported_parameter');
  }
}

/** The text, its parts joined by line ends, as vLLM joins them. */
function content(value: JsonValue | undefined, path: string): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw badRequest(`'${path}' must be a text or a list of text parts`, path);
  return value.map((part, index) => partText(part, `${path}[${index}]`)).join('\n');
}

function partText(part: JsonValue, path: string): string {
  const kind = isObject(part) ? part['type'] : undefined;
  if (isObject(part) && kind === 'text' && typeof part['text'] === 'string') return part['text'];
  if (isObject(part) && kind === 'refusal' && typeof part['refusal'] === 'string') return part['refusal'];
  const given = typeof kind === 'string' ? `, got '${kind}'` : '';
  throw badRequest(`'${path}' must be a text part: GPT-OSS takes text only${given}`, path, 'unsupported_content');
}

function calls(value: JsonValue | undefined, path: string): ToolCall[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest(`'${path}' must be a list`, path);
  return value.map((call, index) => {
    const called = isObject(call) ? call['function'] : undefined;
    if (!isObject(call) || !isObject(called)) {
      throw badRequest(`'${path}[${index}]' must be a call of a function`, `${path}[${index}]`);
    }
    return {
      id: requiredText(call, 'id', `${path}[${index}]`),
      name: requiredText(called, 'name', `${path}[${index}].function`),
      arguments: requiredText(called, 'arguments', `${path}[${index}].function`),
    };
  });
}

function requiredText(object: JsonObject, name: string, path: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw badRequest(`'${path}.${name}' must be a text`, `${path}.${name}`);
  return value;
}

function optionalText(object: JsonObject, name: string, path: string): string | undefined {
  return object[name] === undefined || object[name] === null ? undefined : requiredText(object, name, path);
}
