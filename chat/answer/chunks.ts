import type { Clock } from '../clock';
import type { JsonObject } from '../json';
import type { ChoiceDelta } from './choice';
import type { Piece } from './piece';
import { turnOf } from './turn';

export interface Expected {
  /** What the caller called the model. */
  readonly model: string;
  /** `stream_options.include_usage`: a last chunk without choices has the counts, and every other one `usage: null`. */
  readonly includeUsage: boolean;
}

/** OpenAI's `chat.completion.chunk` objects, one for every piece that says something. */
export async function* chunks(
  pieces: AsyncIterable<Piece>,
  { model, includeUsage }: Expected,
  clock: Clock,
): AsyncGenerator<object> {
  const turn = turnOf(model, clock);
  const begun = new Set<number>();
  const chunk = (deltas: readonly ChoiceDelta[], extras?: JsonObject) => ({
    ...extras,
    object: 'chat.completion.chunk',
    ...turn.identity(),
    choices: deltas.map((delta) => choiceObject(delta, isFirst(begun, delta.index))),
    ...(includeUsage && { usage: null }),
  });
  for await (const piece of pieces) {
    const deltas = turn.take(piece).filter((delta) => saysSomething(delta) || !begun.has(delta.index));
    const hasExtras = piece.extras !== undefined && Object.keys(piece.extras).length > 0;
    if (deltas.length > 0 || hasExtras) yield chunk(deltas, piece.extras);
  }
  const ends = turn.end();
  if (ends.length > 0) yield chunk(ends);
  const usage = turn.usage();
  if (includeUsage && usage) yield { ...chunk([]), usage };
}

function isFirst(begun: Set<number>, index: number): boolean {
  if (begun.has(index)) return false;
  begun.add(index);
  return true;
}

/** Beside its index, which every delta has. */
function saysSomething({ extras = {}, messageExtras = {}, ...said }: ChoiceDelta): boolean {
  return Object.keys({ ...extras, ...messageExtras }).length > 0 || Object.keys(said).length > 1;
}

function choiceObject(delta: ChoiceDelta, first: boolean): object {
  return {
    index: delta.index,
    delta: {
      ...delta.messageExtras,
      ...(first && { role: 'assistant' }),
      ...(delta.reasoning !== undefined && { reasoning_content: delta.reasoning }),
      ...(delta.content !== undefined && { content: delta.content }),
      ...(delta.refusal !== undefined && { refusal: delta.refusal }),
      ...(delta.toolCalls && { tool_calls: delta.toolCalls }),
    },
    logprobs: delta.logprobs ?? null,
    finish_reason: delta.finish ?? null,
    ...delta.extras,
  };
}
