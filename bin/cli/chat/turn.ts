import { isObject, numberIn, textIn, type JsonObject } from '../../../chat/json';
import type { Delta } from './answer';

/** What the model has said of one answer so far. */
export interface Turn {
  readonly content: string;
  readonly reasoning: string;
  readonly calls: readonly Call[];
  readonly finish?: string;
}

/** A call of a tool. */
export interface Call {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

export const NOTHING_SAID: Turn = { content: '', reasoning: '', calls: [] };

export function withDelta(turn: Turn, delta: Delta): Turn {
  return {
    content: turn.content + delta.content,
    reasoning: turn.reasoning + delta.reasoning,
    calls: delta.calls.reduce(withPiece, turn.calls),
    finish: delta.finish ?? turn.finish,
  };
}

function withPiece(calls: readonly Call[], piece: JsonObject): readonly Call[] {
  const place = numberIn(piece['index']) ?? calls.length;
  const called = isObject(piece['function']) ? piece['function'] : {};
  const before = calls[place] ?? { id: '', name: '', arguments: '' };
  const call = {
    id: textIn(piece['id']) ?? before.id,
    name: before.name + (textIn(called['name']) ?? ''),
    arguments: before.arguments + (textIn(called['arguments']) ?? ''),
  };
  return [...calls.slice(0, place), call, ...calls.slice(place + 1)];
}

/** The answer as a message of the conversation. The reasoning goes with calls only: GPT-OSS wants it back for their results, and not later. */
export function messageOf({ content, reasoning, calls }: Turn): JsonObject {
  if (calls.length === 0) return { role: 'assistant', content };
  return {
    role: 'assistant',
    content: content === '' ? null : content,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    tool_calls: calls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}
