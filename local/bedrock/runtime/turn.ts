import type { Piece, Usage } from './author';

/** A whole answer: what is left when all its pieces are put together. */
export interface Turn {
  readonly choices: readonly Choice[];
  readonly usage: Usage;
}

export interface Choice {
  readonly reasoning: string;
  readonly text: string;
  readonly calls: readonly Call[];
  readonly finish: string;
}

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

interface Draft {
  reasoning: string;
  text: string;
  finish: string;
  readonly calls: { id: string; name: string; arguments: string }[];
}

export async function turnOf(pieces: AsyncIterable<Piece>): Promise<Turn> {
  const choices: Draft[] = [];
  let usage: Usage = { promptTokens: 0, completionTokens: 0 };
  for await (const piece of pieces) {
    if (piece.kind === 'usage') usage = piece.usage;
    else add((choices[piece.choice] ??= { reasoning: '', text: '', finish: 'stop', calls: [] }), piece);
  }
  return { choices, usage };
}

function add(choice: Draft, piece: Exclude<Piece, { readonly kind: 'usage' }>): void {
  switch (piece.kind) {
    case 'reasoning':
    case 'text':
      choice[piece.kind] += piece.text;
      return;
    case 'call': {
      const call = (choice.calls[piece.call] ??= { id: '', name: '', arguments: '' });
      call.id ||= piece.id ?? '';
      call.name ||= piece.name ?? '';
      call.arguments += piece.arguments;
      return;
    }
    case 'finish':
      choice.finish = piece.reason;
  }
}
