import { HubError } from '../../weights/hub/hub-error';
import type { FileTransfer } from './file-transfer';
import { Later, RESERVE } from './outside';
import { LONGEST_WAIT } from './time-limit';

/** Attempts in a row that bring not one byte: with the waits between them, about four minutes. */
export const FRUITLESS = 10;
const FIRST_WAIT = 500;
const LAST_WAIT = 60_000;

/** A Hub that asks for more patience than this is not obeyed but told of. Seconds. */
const LONGEST_PENALTY = 3600;

/** Where it says that there were too many requests, and not until when. Seconds. */
const UNTOLD_PENALTY = 60;

/** A part that is not full by then is left to the next invocation. Milliseconds. */
const LAST_CALL = RESERVE / 2;

/**
 * A file's bytes from a byte on, over as many connections as it takes; whoever keeps a piece keeps a copy.
 *
 * @throws Later when a wait is long, or the invocation's time is nearly up
 * @throws HubError when waiting won't help, or has not
 */
export async function* steadyBytes(
  { copy, item, progress, outside: { hub, timeLeft, sleep, log } }: FileTransfer,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const { file } = item;
  let at = from;
  for (let fruitless = item.fruitless ?? 0; at < file.size;) {
    try {
      const range = { from: at, size: file.size };
      const { bytes } = await hub.open(copy.repository, copy.commit, file.name, range, signal);
      for await (const some of bytes) {
        at += some.length;
        fruitless = 0;
        progress.reached(at);
        yield some;
        if (timeLeft() < LAST_CALL && at < file.size) throw new Later(0, 0);
      }
    } catch (error) {
      if (at >= file.size && error instanceof HubError) return; // all that counts has come
      const wait = waitAfter(error, fruitless++);
      log({ file: file.name, offset: at, again: String(error), wait });
      if (wait > Math.min(LONGEST_WAIT, timeLeft() - RESERVE)) {
        throw new Later(Math.ceil(wait / 1000), fruitless, { cause: error });
      }
      await sleep(wait);
    }
  }
}

/** Milliseconds until the same call is worth making again: what the Hub asks for, and more with each attempt in vain. */
function waitAfter(error: unknown, fruitless: number): number {
  if (!(error instanceof HubError)) throw error;
  const { kind, waitSeconds = kind === 'rate-limited' ? UNTOLD_PENALTY : 0 } = error;
  const willPass = kind === 'rate-limited' || kind === 'busy' || kind === 'cut';
  if (!willPass || fruitless >= FRUITLESS || waitSeconds > LONGEST_PENALTY) throw error;
  return Math.max(waitSeconds * 1000, Math.min(LAST_WAIT, FIRST_WAIT * 2 ** fruitless));
}
