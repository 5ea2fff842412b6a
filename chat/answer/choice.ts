import type { JsonObject, JsonValue } from '../json';
import { finishReason, isKnownReason, type FinishReason } from './finish-reason';
import type { ChoicePiece } from './piece';
import { splitter, type Part } from './splitter';
import { toolCalls, type ToolCallDelta } from './tool-calls';

/** More of one choice, clean: what OpenAI's stream calls a delta, and how the choice ended if it did. */
export interface ChoiceDelta {
  readonly index: number;
  readonly content?: string;
  readonly reasoning?: string;
  readonly refusal?: string;
  readonly toolCalls?: readonly ToolCallDelta[];
  readonly finish?: FinishReason;
  readonly logprobs?: JsonValue;
  readonly messageExtras?: JsonObject;
  readonly extras?: JsonObject;
}

export interface Choice {
  take(piece: ChoicePiece): ChoiceDelta;
  /** For a stream that was complete without saying why the choice ended. */
  end(reason: string): ChoiceDelta;
  hasEnded(): boolean;
}

/** Follows one choice of a chat from its first piece to its end. */
export function choiceOf(index: number, newId: () => string): Choice {
  const text = splitter();
  const calls = toolCalls(newId);
  let hasSpoken = false;
  let hasEnded = false;

  const sort = (parts: readonly Part[], more: readonly JsonObject[] = []) => {
    const deltas = more.map((piece) => calls.take(piece));
    for (const part of parts) {
      if (part.kind === 'call') deltas.push(calls.take({ id: `call_${newId()}`, function: { name: part.name } }));
      if (part.kind === 'arguments') deltas.push(calls.take({ function: { arguments: part.text } }));
    }
    const content = joined(parts, 'content');
    const reasoning = joined(parts, 'reasoning');
    return {
      ...(content && { content }),
      ...(reasoning && { reasoning }),
      ...(deltas.length > 0 && { toolCalls: deltas }),
    };
  };

  const end = (reason: string) => {
    hasEnded = true;
    return { finish: finishReason(reason, calls.count() > 0), ...(!isKnownReason(reason) && { stopReason: reason }) };
  };

  return {
    take: (given) => {
      // a final object after the chunks says it all again
      const { finish: reason, extras } = given;
      const piece: ChoicePiece = given.isWhole === true && hasSpoken ? { index, finish: reason, extras } : given;
      hasSpoken ||= [piece.text, piece.reasoning, ...(piece.toolCalls ?? [])].some(Boolean);
      const parts = piece.text === undefined ? [] : text.push(piece.text);
      const isEnd = reason !== undefined && !hasEnded;
      const said = sort(isEnd ? [...parts, ...text.end()] : parts, piece.toolCalls);
      const { finish, stopReason } = isEnd ? end(reason) : {};
      const reasoning = (piece.reasoning ?? '') + (said.reasoning ?? '');
      return {
        index,
        ...said,
        ...(reasoning && { reasoning }),
        ...(piece.refusal && { refusal: piece.refusal }),
        ...(finish && { finish }),
        ...(piece.logprobs && { logprobs: piece.logprobs }),
        messageExtras: piece.messageExtras,
        extras: { ...extras, ...(stopReason !== undefined && { stop_reason: stopReason }) },
      };
    },
    end: (reason) => {
      const said = sort(text.end());
      return { index, ...said, finish: end(reason).finish };
    },
    hasEnded: () => hasEnded,
  };
}

function joined(parts: readonly Part[], kind: 'content' | 'reasoning'): string {
  return parts.map((part) => (part.kind === kind ? part.text : '')).join('');
}
