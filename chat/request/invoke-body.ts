import type { JsonObject } from '../json';
import type { ChatRequest } from './chat-request';
import type { ChatMessage } from './messages';

/** InvokeModel's body for an imported model: OpenAI's own, with the bound under its old name. */
export function importedBody(request: ChatRequest): JsonObject {
  return {
    messages: request.messages.map((message) => messageObject(message, true)),
    ...request.fields,
    ...(request.maxTokens !== undefined && { max_tokens: request.maxTokens }),
    ...(request.stream && { stream: true }),
    ...(request.includeUsage && { stream_options: { include_usage: true } }),
  };
}

/**
 * InvokeModel's body for a base model. `stream` may be left out and must not be true, so the operation alone says it; the
 * counts come with Bedrock's metrics. Reasoning of earlier answers has no field there, and the model's own template drops it.
 */
export function baseBody(request: ChatRequest): JsonObject {
  return {
    messages: request.messages.map((message) => messageObject(message, false)),
    ...request.fields,
    ...(request.maxTokens !== undefined && { max_completion_tokens: request.maxTokens }),
  };
}

/** The body for Bedrock's own Chat Completions endpoint, where model and stream are fields as at OpenAI's. */
export function endpointBody(request: ChatRequest, model: string): JsonObject {
  return {
    model,
    ...baseBody(request),
    ...(request.stream && { stream: true }),
    ...(request.includeUsage && { stream_options: { include_usage: true } }),
  };
}

function messageObject(message: ChatMessage, withReasoning: boolean): JsonObject {
  const { role, text, name, reasoning, toolCalls, toolCallId } = message;
  return {
    role,
    content: text,
    ...(name !== undefined && { name }),
    ...(withReasoning && reasoning !== undefined && { reasoning_content: reasoning }),
    ...(toolCalls.length > 0 && {
      tool_calls: toolCalls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: call.arguments },
      })),
    }),
    ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
  };
}
