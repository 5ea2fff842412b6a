import type { Hub } from '../../weights/hub/hub';
import { HubError } from '../../weights/hub/hub-error';
import type { Tell } from '../../weights/transfer/events';
import type { Backoff } from '../../weights/transfer/retry';
import { type Outside, RESERVE } from './outside';

/** A function that sleeps is paid for as one that works: longer waits are left to a state. Milliseconds. */
export const LONGEST_WAIT = 10_000;

/** How calls to the Hub are repeated where no state waits: rides out ten seconds or so. */
export const FEW_ATTEMPTS: Backoff = { attempts: 4, firstMs: 2000, longestMs: LONGEST_WAIT };

/** What ends work that has to be done within its invocation, and hears what keeps it. */
export interface Limits {
  readonly signal: AbortSignal;
  readonly onEvent: Tell;
}

/** What an invocation that answers in one go may take: the rest is for saying why it could not. Milliseconds. */
export function mostOfTheTime({ timeLeft }: Pick<Outside, 'timeLeft'>): number {
  const left = timeLeft();
  return Math.max(left - RESERVE, left / 2);
}

/** @throws HubError when the time is up, with what kept the work from its end */
export async function within<T>(
  milliseconds: number,
  log: Outside['log'],
  work: (limits: Limits) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  let last = '';
  const onEvent: Tell = (event) => {
    if (event.type !== 'retried') return;
    last = `; the last of it: ${event.what}`;
    log({ again: event.what, wait: event.waitMs });
  };
  const giveUp = () => {
    late.abort(new HubError('busy', `it was not done within ${Math.round(milliseconds / 1000)} s${last}`));
  };
  const timer = setTimeout(giveUp, milliseconds);
  try {
    return await work({ signal: late.signal, onEvent });
  } finally {
    clearTimeout(timer);
  }
}

/** The same Hub; what it asks longer patience for fails at once, in its own words. */
export function impatient(hub: Hub): Hub {
  return {
    endpoint: hub.endpoint,
    resolve: (...asked) => hub.resolve(...asked).catch(notWaited),
    files: (...asked) => hub.files(...asked).catch(notWaited),
    open: (...asked) => hub.open(...asked).catch(notWaited),
  };
}

function notWaited(error: unknown): never {
  if (!(error instanceof HubError) || (error.waitSeconds ?? 0) * 1000 <= LONGEST_WAIT) throw error;
  const message = `${error.message}; it asks for a pause of ${error.waitSeconds} s`;
  throw new HubError('refused', message, { cause: error });
}
