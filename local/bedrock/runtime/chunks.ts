import type { Asked } from './asked';
import type { Piece, Usage } from './author';
import { callDelta, chatCompletion, openAiUsage, textCompletion, type Heading } from './completion';
import type { ReasoningPlace } from './reasoning';
import { turnOf } from './turn';

/** What the objects in a stream look like; AWS does not say. See the switch `streamShape`. */
export type StreamShape = 'vllm' | 'openai' | 'text-completion' | 'generation' | 'final-object';

type Fields = Readonly<Record<string, unknown>>;

export interface ChunkOptions {
  readonly heading: Heading;
  readonly asked: Asked;
  readonly place: ReasoningPlace;
  readonly shape: StreamShape;
  readonly metrics: 'own-frame' | 'in-chunk' | 'none';
  /** Bedrock's own counts, under the name that they have in a frame. */
  readonly measure: (usage: Usage) => object;
}

/** The objects of a stream. What comes after the text (counts, Bedrock's metrics) comes when the pieces say the usage. */
export async function* chunks(pieces: AsyncIterable<Piece>, options: ChunkOptions): AsyncGenerator<object> {
  const { heading, asked, place, shape, metrics, measure } = options;
  if (shape === 'final-object') {
    const turn = await turnOf(pieces);
    const whole = asked.kind === 'text' ? textCompletion(heading, turn) : chatCompletion(heading, turn, place);
    yield { ...whole, ...(metrics === 'in-chunk' && measure(turn.usage)) };
    if (metrics === 'own-frame') yield measure(turn.usage);
    return;
  }
  const write = writers[asked.kind === 'text' && shape !== 'generation' ? 'text-completion' : shape];
  const begun = new Set<number>();
  for await (const piece of pieces) {
    if (piece.kind === 'usage') {
      const isInChunk = metrics === 'in-chunk';
      if (asked.includeUsage || isInChunk) {
        yield { ...write.counts(heading, piece.usage), ...(isInChunk && measure(piece.usage)) };
      }
      if (metrics === 'own-frame') yield measure(piece.usage);
      continue;
    }
    if (!begun.has(piece.choice)) yield* write.start(heading, piece.choice);
    begun.add(piece.choice);
    yield* write.piece(heading, piece, place);
  }
}

type ChoicePiece = Exclude<Piece, { readonly kind: 'usage' }>;

interface Writer {
  start(heading: Heading, choice: number): Fields[];
  piece(heading: Heading, piece: ChoicePiece, place: ReasoningPlace): Fields[];
  counts(heading: Heading, usage: Usage): Fields;
}

function chatWriter(extras: { readonly choice: Fields; readonly top: Fields }): Writer {
  const object = 'chat.completion.chunk';
  const chunk = (heading: Heading, index: number, delta: object, finish: string | null): Fields => ({
    ...heading,
    object,
    choices: [{ index, delta, logprobs: null, finish_reason: finish, ...extras.choice }],
    ...extras.top,
  });
  return {
    start: (heading, choice) => [chunk(heading, choice, { role: 'assistant', content: '' }, null)],
    piece: (heading, piece, place) =>
      piece.kind === 'finish'
        ? [chunk(heading, piece.choice, {}, piece.reason)]
        : [chunk(heading, piece.choice, delta(piece, place), null)],
    counts: (heading, usage) => ({ ...heading, object, choices: [], usage: openAiUsage(usage) }),
  };
}

function delta(piece: Exclude<ChoicePiece, { readonly kind: 'finish' }>, place: ReasoningPlace): object {
  switch (piece.kind) {
    case 'text':
      return { content: piece.text };
    case 'reasoning':
      return 'field' in place ? { [place.field]: piece.text } : {};
    case 'call':
      return { tool_calls: [callDelta(piece)] };
  }
}

/** Shapes that have text and an end, and no place for reasoning and calls. */
function textWriter(
  write: (heading: Heading, choice: number, text: string, finish: string | null) => Fields,
  counts: Writer['counts'],
): Writer {
  return {
    start: () => [],
    piece: (heading, piece) => {
      if (piece.kind === 'text') return [write(heading, piece.choice, piece.text, null)];
      return piece.kind === 'finish' ? [write(heading, piece.choice, '', piece.reason)] : [];
    },
    counts,
  };
}

const writers: Readonly<Record<Exclude<StreamShape, 'final-object'>, Writer>> = {
  vllm: chatWriter({ choice: { stop_reason: null, token_ids: null }, top: { prompt_token_ids: null } }),
  openai: chatWriter({ choice: {}, top: { system_fingerprint: null } }),
  'text-completion': textWriter(
    (heading, index, text, finish) => ({
      ...heading,
      object: 'text_completion',
      choices: [{ index, text, logprobs: null, finish_reason: finish, stop_reason: null }],
    }),
    (heading, usage) => ({ ...heading, object: 'text_completion', choices: [], usage: openAiUsage(usage) }),
  ),
  generation: textWriter(
    (_, __, text, finish) => generation(text, finish),
    (_, { promptTokens, completionTokens }) => generation('', null, promptTokens, completionTokens),
  ),
};

function generation(text: string, end: string | null, prompt: number | null = null, own: number | null = null): Fields {
  return { generation: text, prompt_token_count: prompt, generation_token_count: own, stop_reason: end };
}
