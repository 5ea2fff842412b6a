import type { Clock } from '../clock';
import { merged, type JsonObject, type JsonValue } from '../json';
import type { ChoiceDelta } from './choice';
import type { FinishReason } from './finish-reason';
import type { Piece } from './piece';
import type { ToolCallDelta } from './tool-calls';
import { turnOf } from './turn';

interface Message {
  content: string;
  reasoning: string;
  refusal: string;
  toolCalls: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  finish: FinishReason;
  logprobs: JsonValue;
  messageExtras: JsonObject;
  extras: JsonObject;
}

/** OpenAI's `chat.completion` object of a whole answer: the same pieces as in a stream, joined. */
export function completion(pieces: readonly Piece[], model: string, clock: Clock): object {
  const turn = turnOf(model, clock);
  const messages = new Map<number, Message>();
  for (const delta of [...pieces.flatMap((piece) => turn.take(piece)), ...turn.end()]) {
    messages.set(delta.index, joined(messages.get(delta.index) ?? nothing(), delta));
  }
  const usage = turn.usage();
  return {
    ...merged(pieces.map((piece) => piece.extras)),
    object: 'chat.completion',
    ...turn.identity(),
    choices: [...messages].map(([index, message]) => choiceObject(index, message)),
    ...(usage && { usage }),
  };
}

function nothing(): Message {
  return {
    content: '',
    reasoning: '',
    refusal: '',
    toolCalls: [],
    finish: 'stop',
    logprobs: null,
    messageExtras: {},
    extras: {},
  };
}

function joined(message: Message, delta: ChoiceDelta): Message {
  return {
    content: message.content + (delta.content ?? ''),
    reasoning: message.reasoning + (delta.reasoning ?? ''),
    refusal: message.refusal + (delta.refusal ?? ''),
    toolCalls: (delta.toolCalls ?? []).reduce(withCall, message.toolCalls),
    finish: delta.finish ?? message.finish,
    logprobs: delta.logprobs ?? message.logprobs,
    messageExtras: { ...message.messageExtras, ...delta.messageExtras },
    extras: { ...message.extras, ...delta.extras },
  };
}

function withCall(calls: Message['toolCalls'], delta: ToolCallDelta): Message['toolCalls'] {
  const known = calls[delta.index] ?? { id: delta.id ?? '', type: 'function', function: { name: '', arguments: '' } };
  const { name, arguments: text } = known.function;
  const called = { name: delta.function.name ?? name, arguments: text + delta.function.arguments };
  return calls.toSpliced(delta.index, 1, { ...known, function: called });
}

function choiceObject(index: number, message: Message): object {
  const { content, reasoning, refusal, toolCalls } = message;
  return {
    index,
    message: {
      ...message.messageExtras,
      role: 'assistant',
      content: content === '' && (toolCalls.length > 0 || refusal !== '') ? null : content,
      refusal: refusal === '' ? null : refusal,
      ...(reasoning !== '' && { reasoning_content: reasoning }),
      ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
    },
    logprobs: message.logprobs,
    finish_reason: message.finish,
    ...message.extras,
  };
}
