import { isObject, type JsonObject, type JsonValue } from '../json';
import { badRequest } from '../refusal';
import { commonFields, type CommonFields, type FieldRules } from './fields';
import { chatMessages, type ChatMessage } from './messages';

/** A request for a chat completion, checked as far as it is read here; the rest is Bedrock's to judge. */
export interface ChatRequest extends CommonFields {
  readonly messages: readonly ChatMessage[];
  readonly maxTokens?: number;
}

const OWN = new Set(['messages', 'max_tokens', 'max_completion_tokens']);

export function readChatRequest(body: JsonObject, allowed: ReadonlySet<string>, rules: FieldRules): ChatRequest {
  const common = commonFields(body, allowed, OWN, rules);
  requireFunctions(common.fields['tools']);
  requireToolChoice(common.fields['tool_choice']);
  return { ...common, messages: chatMessages(body['messages']), maxTokens: maxTokens(body) };
}

/** OpenAI's new name and its old one for the same bound. */
export function maxTokens(body: JsonObject): number | undefined {
  const [old, given] = [body['max_tokens'] ?? undefined, body['max_completion_tokens'] ?? undefined];
  if (old !== undefined && given !== undefined && old !== given) {
    throw badRequest("'max_tokens' and 'max_completion_tokens' differ; give one of them", 'max_completion_tokens');
  }
  const value = given ?? old;
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value > 0)) return value;
  const name = given === undefined ? 'max_tokens' : 'max_completion_tokens';
  throw badRequest(`'${name}' must be a whole number above 0`, name);
}

function requireFunctions(tools: JsonValue | undefined): void {
  if (tools === undefined) return;
  if (!Array.isArray(tools)) throw badRequest("'tools' must be a list", 'tools');
  tools.forEach((tool, index) => {
    const path = `tools[${index}]`;
    if (!isObject(tool)) throw badRequest(`'${path}' must be an object`, path);
    if (tool['type'] !== 'function')
      throw badRequest(`'${path}.type' must be 'function'`, `${path}.type`, 'unsupported_value');
    const named = tool['function'];
    if (!isObject(named) || typeof named['name'] !== 'string') {
      throw badRequest(`'${path}.function.name' must be a text`, `${path}.function.name`);
    }
  });
}

function requireToolChoice(choice: JsonValue | undefined): void {
  if (choice === undefined || choice === 'auto' || choice === 'none' || choice === 'required') return;
  if (isObject(choice) && choice['type'] === 'function' && isObject(choice['function'])) return;
  throw badRequest(
    "'tool_choice' must be auto, none, required or a function's name",
    'tool_choice',
    'unsupported_value',
  );
}
