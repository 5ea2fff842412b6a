import type { CallPiece, Piece, Usage } from './author';
import type { StreamEvent } from './stream-frames';

/** Converse's names for how an answer ends. */
export function stopReason(finish: string): string {
  switch (finish) {
    case 'stop':
      return 'end_turn';
    case 'length':
      return 'max_tokens';
    case 'tool_calls':
      return 'tool_use';
    case 'content_filter':
      return 'content_filtered';
    default:
      return finish;
  }
}

/** The events of ConverseStream. Each run of text, of reasoning and each tool call is a content block of its own. */
export async function* converseEvents(
  pieces: AsyncIterable<Piece>,
  metadata: (usage: Usage) => object,
): AsyncGenerator<StreamEvent> {
  yield { type: 'messageStart', payload: { role: 'assistant' } };
  let block = -1;
  let open: string | undefined;
  for await (const piece of pieces) {
    if (piece.kind === 'usage') {
      yield { type: 'metadata', payload: metadata(piece.usage) };
      continue;
    }
    const wanted = blockOf(piece);
    if (open !== undefined && open !== wanted)
      yield { type: 'contentBlockStop', payload: { contentBlockIndex: block } };
    if (piece.kind === 'finish') {
      yield { type: 'messageStop', payload: { stopReason: stopReason(piece.reason) } };
      continue;
    }
    if (open !== wanted) block += 1;
    if (open !== wanted && piece.kind === 'call') yield callStart(block, piece);
    open = wanted;
    yield { type: 'contentBlockDelta', payload: { contentBlockIndex: block, delta: delta(piece) } };
  }
}

function blockOf(piece: Exclude<Piece, { readonly kind: 'usage' }>): string {
  return piece.kind === 'call' ? `call ${String(piece.call)}` : piece.kind;
}

function callStart(contentBlockIndex: number, { id = '', name = '' }: CallPiece): StreamEvent {
  return { type: 'contentBlockStart', payload: { contentBlockIndex, start: { toolUse: { toolUseId: id, name } } } };
}

function delta(piece: Exclude<Piece, { readonly kind: 'usage' | 'finish' }>): object {
  switch (piece.kind) {
    case 'text':
      return { text: piece.text };
    case 'reasoning':
      return { reasoningContent: { text: piece.text } };
    case 'call':
      return { toolUse: { input: piece.arguments } };
  }
}
