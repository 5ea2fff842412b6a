import type { Clock } from '../clock';
import { merged } from '../json';
import { brokenAnswer } from '../refusal';
import type { Expected } from './chunks';
import { finishReason } from './finish-reason';
import type { ChoicePiece, Piece, Usage } from './piece';
import { identityOf, type Identity } from './turn';

/** OpenAI's `text_completion` object of a whole answer. The text is the model's own, with whatever markers it has. */
export function textCompletion(pieces: readonly Piece[], model: string, clock: Clock): object {
  const [first = { choices: [] }] = pieces;
  const usage = pieces.findLast((piece) => piece.usage)?.usage;
  return {
    ...merged(pieces.map((piece) => piece.extras)),
    ...textIdentity(identityOf(first, model, clock)),
    choices: pieces.flatMap((piece) => piece.choices).map((choice) => choiceObject(choice)),
    ...(usage && { usage }),
  };
}

/** The same as a stream. */
export async function* textChunks(
  pieces: AsyncIterable<Piece>,
  { model, includeUsage }: Expected,
  clock: Clock,
): AsyncGenerator<object> {
  let identity: Identity | undefined;
  let usage: Usage | undefined;
  let isComplete = false;
  for await (const piece of pieces) {
    identity ??= identityOf(piece, model, clock);
    usage = piece.usage ?? usage;
    isComplete ||= piece.isLast === true || piece.choices.some((choice) => choice.finish !== undefined);
    if (piece.choices.length === 0) continue;
    const choices = piece.choices.map((choice) => choiceObject(choice));
    yield { ...textIdentity(identity), ...piece.extras, choices, ...(includeUsage && { usage: null }) };
  }
  if (!isComplete) {
    throw brokenAnswer("Bedrock's answer ended before it said why: it is not complete", 'truncated_stream');
  }
  if (identity && includeUsage && usage) yield { ...textIdentity(identity), choices: [], usage };
}

function textIdentity({ id, created, model }: Identity): object {
  return { id: id.replace(/^chatcmpl-/, 'cmpl-'), object: 'text_completion', created, model };
}

function choiceObject({ index, text, finish, logprobs, extras }: ChoicePiece): object {
  return {
    ...extras,
    index,
    text: text ?? '',
    logprobs: logprobs ?? null,
    finish_reason: finish === undefined ? null : finishReason(finish, false),
  };
}
