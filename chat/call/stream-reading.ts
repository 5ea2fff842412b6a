import type { Frames } from '../port';
import { brokenAnswer } from '../refusal';
import type { Line } from './line';

export interface Limits {
  /** Milliseconds until the answer begins. */
  readonly timeout: number;
  /** Milliseconds between two frames. */
  readonly idleTimeout: number;
  /** After which a stream counts as endless. */
  readonly frames: number;
}

export interface Opened<T> {
  readonly requestId: string;
  readonly items: AsyncIterable<T>;
}

/** No answer has more tokens than the model's context, 131,072, and a frame has one at least; as many again for frames of none. */
export const FRAMES_A_CHOICE = 262_144;

/** Opens a stream and waits for its first frame: an error that comes in its place still has a status, and may be retried. */
export async function peeked<T>(opening: Promise<Frames<T>>, limits: Limits, line: Line): Promise<Opened<T>> {
  const { requestId, frames } = await line.within(limits.timeout, 'no answer from Bedrock', opening);
  const iterator = frames[Symbol.asyncIterator]();
  const first = await line.within(limits.timeout, 'no first frame from Bedrock', iterator.next());
  return { requestId, items: rest(first, iterator, limits, line) };
}

async function* rest<T>(
  first: IteratorResult<T>,
  iterator: AsyncIterator<T>,
  limits: Limits,
  line: Line,
): AsyncGenerator<T> {
  let next = first;
  for (let count = 0; !next.done; count++) {
    if (count >= limits.frames)
      throw brokenAnswer(`Bedrock's stream has not ended after ${count} frames`, 'endless_stream');
    yield next.value;
    next = await line.within(limits.idleTimeout, 'no further frame from Bedrock', iterator.next());
  }
}
