import type { Clock } from '../clock';
import { brokenAnswer } from '../refusal';
import { choiceOf, type Choice, type ChoiceDelta } from './choice';
import type { Piece, Usage } from './piece';

/** What every object of one answer says of itself. */
export interface Identity {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export interface Turn {
  take(piece: Piece): ChoiceDelta[];
  /** The choices that Bedrock ended without a reason. Throws if the stream broke off before it was complete. */
  end(): ChoiceDelta[];
  identity(): Identity;
  usage(): Usage | undefined;
}

/** One answer of a chat, from its first piece to its last. `model` is what the caller called it; Bedrock's own name wins. */
export function turnOf(model: string, clock: Clock): Turn {
  const choices = new Map<number, Choice>();
  let identity: Identity | undefined;
  let usage: Usage | undefined;
  let isComplete = false;

  const choiceAt = (index: number): Choice => {
    const choice = choices.get(index) ?? choiceOf(index, () => clock.newId().slice(0, 24));
    choices.set(index, choice);
    return choice;
  };

  return {
    take: (piece) => {
      identity ??= identityOf(piece, model, clock);
      usage = piece.usage ?? usage;
      isComplete ||= piece.isLast === true;
      const filtered = piece.isFiltered === true ? { finish: 'content_filter' } : {};
      const deltas = piece.choices.map((choice) => choiceAt(choice.index).take({ ...choice, ...filtered }));
      if (!piece.isFiltered || piece.choices.length > 0) return deltas;
      if (choices.size === 0) choiceAt(0);
      return open(choices).map((choice) => choice.end('content_filter'));
    },
    end: () => {
      const left = open(choices);
      if (isComplete && choices.size > 0) return left.map((choice) => choice.end('stop'));
      if (left.length === 0 && choices.size > 0) return [];
      throw brokenAnswer("Bedrock's answer ended before it said why: it is not complete", 'truncated_stream');
    },
    identity: () => identity ?? identityOf({ choices: [] }, model, clock),
    usage: () => usage,
  };
}

export function identityOf(piece: Piece, model: string, clock: Clock): Identity {
  return {
    id: piece.id ?? `chatcmpl-${clock.newId()}`,
    created: piece.created ?? Math.floor(clock.now() / 1000),
    model: piece.model ?? model,
  };
}

function open(choices: ReadonlyMap<number, Choice>): Choice[] {
  return [...choices.values()].filter((choice) => !choice.hasEnded());
}
