import type { Service } from '../service';
import type { Asked } from './asked';

/** A piece of an answer, about a token long, in the order in which a model writes. Choices are counted from 0. */
export type Piece =
  | { readonly kind: 'reasoning' | 'text'; readonly choice: number; readonly text: string }
  | CallPiece
  | { readonly kind: 'finish'; readonly choice: number; readonly reason: string }
  | { readonly kind: 'usage'; readonly usage: Usage };

/** The first piece of a tool call has its id and name; the arguments' JSON comes in parts. */
export interface CallPiece {
  readonly kind: 'call';
  readonly choice: number;
  /** Which of the choice's calls, from 0. */
  readonly call: number;
  readonly id?: string;
  readonly name?: string;
  readonly arguments: string;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/**
 * Who writes the answers: the emulator itself, or a model elsewhere. Every choice ends with its `finish`; counts come last,
 * if at all. Throws BedrockError for a request that it cannot answer, before the first piece; later errors break the
 * stream off.
 */
export type Author = (asked: Asked, service: Service) => AsyncIterable<Piece>;
