import type { Piece } from './author';

/** Where an answer's reasoning is: in a field of this name, or in the text between these marks. */
export type ReasoningPlace =
  { readonly field: 'reasoning_content' | 'reasoning' } | { readonly before: string; readonly after: string };

/** How Bedrock's base models write it. */
export const TAGS: ReasoningPlace = { before: '<reasoning>', after: '</reasoning>' };

/** How the model itself writes it, when its server does not take it apart. */
const HARMONY: ReasoningPlace = {
  before: '<|channel|>analysis<|message|>',
  after: '<|end|><|start|>assistant<|channel|>final<|message|>',
};

export function reasoningPlace(named: 'reasoning_content' | 'reasoning' | 'tags' | 'harmony'): ReasoningPlace {
  if (named === 'tags') return TAGS;
  return named === 'harmony' ? HARMONY : { field: named };
}

/** The pieces with reasoning as text between its marks, if that is its place. Marks come in two pieces, as tokens do. */
export async function* placeReasoning(pieces: AsyncIterable<Piece>, place: ReasoningPlace): AsyncGenerator<Piece> {
  if ('field' in place) {
    yield* pieces;
    return;
  }
  const thinking = new Set<number>();
  for await (const piece of pieces) {
    if (piece.kind === 'usage') yield piece;
    else if (piece.kind === 'reasoning') {
      if (!thinking.has(piece.choice)) yield* mark(place.before, piece.choice);
      thinking.add(piece.choice);
      yield { ...piece, kind: 'text' };
    } else {
      if (thinking.delete(piece.choice)) yield* mark(place.after, piece.choice);
      yield piece;
    }
  }
}

function* mark(text: string, choice: number): Generator<Piece> {
  const half = Math.ceil(text.length / 2);
  yield { kind: 'text', choice, text: text.slice(0, half) };
  yield { kind: 'text', choice, text: text.slice(half) };
}
