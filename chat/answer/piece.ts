import type { JsonObject, JsonValue } from '../json';

/** OpenAI's counts of tokens; what else the server counts keeps its name. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** What one frame of Bedrock's says, whatever its shape was. */
export interface Piece {
  readonly id?: string;
  readonly created?: number;
  readonly model?: string;
  readonly choices: readonly ChoicePiece[];
  readonly usage?: Usage;
  /** Bedrock counts as it ends the stream, so nothing is missing even if no reason for the end was given. */
  readonly isLast?: boolean;
  /** A guardrail has stepped in: every choice ends as `content_filter`. */
  readonly isFiltered?: boolean;
  /** Top-level fields that OpenAI has not. */
  readonly extras?: JsonObject;
}

export interface ChoicePiece {
  readonly index: number;
  /** The whole message, not more of it. */
  readonly isWhole?: boolean;
  readonly text?: string;
  readonly reasoning?: string;
  readonly refusal?: string;
  readonly toolCalls?: readonly JsonObject[];
  /** As Bedrock calls it. */
  readonly finish?: string;
  readonly logprobs?: JsonValue;
  /** Fields of the message that OpenAI has not. */
  readonly messageExtras?: JsonObject;
  /** Fields of the choice that OpenAI has not. */
  readonly extras?: JsonObject;
}
