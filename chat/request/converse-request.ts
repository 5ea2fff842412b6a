import type {
  ConverseBlock,
  ConverseInference,
  ConverseMessage,
  ConverseRequest,
  ConverseTool,
  ConverseToolChoice,
} from '../converse-shapes';
import { isObject, numberIn, objectsIn, parseJson, restOf, textIn, type JsonObject, type JsonValue } from '../json';
import { badRequest } from '../refusal';
import type { ChatRequest } from './chat-request';
import type { ChatMessage } from './messages';

/** Fields with a place of their own; the rest go to `additionalModelRequestFields`. */
const PLACED = new Set(['temperature', 'top_p', 'stop', 'tools', 'tool_choice']);
/** Converse has one choice, and says nothing of a token's odds. */
const UNKNOWN_TO_CONVERSE = ['n', 'logprobs', 'top_logprobs', 'parallel_tool_calls', 'amazon-bedrock-guardrailConfig'];

/** The mapping that AWS documents: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html */
export function converseRequest(request: ChatRequest): ConverseRequest {
  const { messages, fields } = request;
  refuseUnknown(fields);
  const system = messages.filter(isInstruction).map(({ text }) => ({ text: text ?? '' }));
  const inference = inferenceConfig(request);
  const toolConfig = toolConfiguration(request);
  const additional = restOf(fields, PLACED);
  return {
    messages: conversation(messages.filter((message) => !isInstruction(message))),
    ...(system.length > 0 && { system }),
    ...(Object.keys(inference).length > 0 && { inferenceConfig: inference }),
    ...(toolConfig && { toolConfig }),
    ...(Object.keys(additional).length > 0 && { additionalModelRequestFields: additional }),
  };
}

function refuseUnknown(fields: JsonObject): void {
  const asksForNothing: Readonly<Record<string, JsonValue>> = { n: 1, logprobs: false, parallel_tool_calls: true };
  for (const name of UNKNOWN_TO_CONVERSE) {
    if (fields[name] !== undefined && fields[name] !== asksForNothing[name]) {
      throw badRequest(`api: 'converse' has no '${name}'; use api: 'invoke'`, name, 'unsupported_parameter');
    }
  }
}

function isInstruction({ role }: ChatMessage): boolean {
  return role === 'system' || role === 'developer';
}

function inferenceConfig({ fields, maxTokens }: ChatRequest): ConverseInference {
  const temperature = numberIn(fields['temperature']);
  const topP = numberIn(fields['top_p']);
  const { stop } = fields;
  const stopSequences = Array.isArray(stop) ? stop.filter((text) => typeof text === 'string') : textIn(stop);
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(stopSequences !== undefined && { stopSequences: [stopSequences].flat() }),
  };
}

/** Converse wants user and assistant in turn; a tool's answer is the user's, and several answers are one message. */
function conversation(messages: readonly ChatMessage[]): ConverseMessage[] {
  const turns: ConverseMessage[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks(message));
    else turns.push({ role, content: blocks(message) });
  }
  return turns;
}

function blocks({ role, text, reasoning, toolCalls, toolCallId = '' }: ChatMessage): ConverseBlock[] {
  if (role === 'tool') return [{ toolResult: { toolUseId: toolCallId, content: [{ text: text ?? '' }] } }];
  return [
    ...(reasoning ? [{ reasoningContent: { reasoningText: { text: reasoning } } }] : []),
    // an empty text is refused by Converse
    ...(text ? [{ text }] : []),
    ...toolCalls.map((call) => ({
      toolUse: { toolUseId: call.id, name: call.name, input: toolInput(call.arguments) },
    })),
  ];
}

function toolInput(text: string): JsonObject {
  const value = parseJson(text === '' ? '{}' : text);
  if (isObject(value)) return value;
  throw badRequest('The arguments of an earlier tool call are no JSON object, which Converse needs', 'messages');
}

function toolConfiguration({ fields, messages }: ChatRequest): ConverseRequest['toolConfig'] {
  const tools = objectsIn(fields['tools']).map(tool);
  const choice = fields['tool_choice'];
  if (tools.length === 0) return undefined;
  if (choice === 'none') {
    const hasCalls = messages.some(({ role, toolCalls }) => role === 'tool' || toolCalls.length > 0);
    if (!hasCalls) return undefined;
    throw badRequest(
      "api: 'converse' has no tool_choice 'none' after a tool was called",
      'tool_choice',
      'unsupported_value',
    );
  }
  return { tools, ...(choice !== undefined && { toolChoice: toolChoice(choice) }) };
}

function tool(given: JsonObject): ConverseTool {
  const named = isObject(given['function']) ? given['function'] : {};
  const description = textIn(named['description']);
  const parameters = named['parameters'];
  return {
    toolSpec: {
      name: textIn(named['name']) ?? '',
      ...(description && { description }),
      inputSchema: { json: isObject(parameters) ? parameters : { type: 'object', properties: {} } },
      ...(named['strict'] === true && { strict: true }),
    },
  };
}

function toolChoice(choice: JsonValue): ConverseToolChoice {
  if (choice === 'required') return { any: {} };
  const named = isObject(choice) ? choice['function'] : undefined;
  return isObject(named) ? { tool: { name: textIn(named['name']) ?? '' } } : { auto: {} };
}
