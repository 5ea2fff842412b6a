import type { HubFile } from '../../weights/hub/hub';
import { HubError } from '../../weights/hub/hub-error';
import { Later, type Outside, RESERVE } from './outside';
import type { Copy } from './task';

/** Attempts in a row that bring not one byte: with the waits between them, about four minutes. */
const FRUITLESS = 10;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 60_000;

/** A Hub that asks for more patience than this is not obeyed but told of. Seconds. */
const LONGEST_PENALTY = 3600;

/**
 * A file's bytes from a byte on, over as many connections as it takes.
 *
 * @throws Later when a wait would take longer than the invocation has
 * @throws HubError when waiting won't help, or has not
 */
export async function* steadyBytes(
  { repository, commit }: Copy,
  file: HubFile,
  from: number,
  { hub, timeLeft, sleep, log }: Outside,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  let at = from;
  for (let fruitless = 0; at < file.size;) {
    try {
      const body = await hub.open(repository, commit, file.name, { from: at, size: file.size }, signal);
      for await (const bytes of body.bytes) {
        at += bytes.length;
        fruitless = 0;
        yield bytes;
      }
    } catch (error) {
      const wait = waitAfter(error, fruitless++, `byte ${at} of ${file.size}`);
      log({ file: file.name, offset: at, again: String(error), wait });
      if (wait > timeLeft() - RESERVE) throw new Later(Math.ceil(wait / 1000));
      await sleep(wait);
    }
  }
}

/** Milliseconds until the same call is worth making again. */
function waitAfter(error: unknown, fruitless: number, where: string): number {
  if (!(error instanceof HubError)) throw error;
  const { kind, waitSeconds = 60 } = error;
  if (fruitless >= FRUITLESS || waitSeconds > LONGEST_PENALTY) throw at(error, where);
  if (kind === 'rate-limited') return waitSeconds * 1000;
  if (kind === 'busy' || kind === 'cut') return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** fruitless);
  throw at(error, where);
}

function at(error: HubError, where: string): HubError {
  return new HubError(error.kind, `${error.message} (at ${where})`, { cause: error });
}
