import type { Clock } from '../clock';
import { merged, type JsonObject, type JsonValue } from '../json';
import type { ChoiceDelta } from './choice';
import type { FinishReason } from './finish-reason';
import type { Piece, Usage } from './piece';
import type { ToolCallDelta } from './tool-calls';
import { turnOf } from './turn';

/** OpenAI's `chat.completion` object, with the model's reasoning. Fields that OpenAI has not keep their names beside these. */
export interface ChatCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly CompletedChoice[];
  readonly usage?: Usage;
}

export interface CompletedChoice {
  readonly index: number;
  readonly message: {
    readonly role: 'assistant';
    readonly content: string | null;
    readonly refusal: string | null;
    readonly reasoning_content?: string;
    readonly tool_calls?: readonly ToolCall[];
  };
  readonly logprobs: JsonValue;
  readonly finish_reason: FinishReason;
}

interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** One choice as far as it has been said. */
interface Message {
  readonly content: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly toolCalls: ToolCall[];
  readonly finish: FinishReason;
  readonly logprobs: JsonValue;
  readonly messageExtras: JsonObject;
  readonly extras: JsonObject;
}

/** OpenAI's `chat.completion` object of a whole answer: the same pieces as in a stream, joined. */
export function completion(pieces: readonly Piece[], model: string, clock: Clock): ChatCompletion {
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
    choices: [...messages].sort(([a], [b]) => a - b).map(([index, message]) => choiceObject(index, message)),
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

function choiceObject(index: number, message: Message): CompletedChoice {
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
