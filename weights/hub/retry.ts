import { setTimeout as sleep } from 'node:timers/promises';
import type { Tell } from '../transfer/events';
import { BACKOFF, type Backoff } from '../transfer/retry';
import { HubError, type HubProblem } from './hub-error';

const LATER: ReadonlySet<HubProblem> = new Set(['rate-limited', 'busy', 'cut']);

/** The Hub counts requests in windows of five minutes: who says more than that and a bit is not waited for. */
const LONGEST_WAIT_S = 330;

/** How often one thing has failed, and how long to wait before it is tried again. */
export interface Patience {
  /** Waits after a failure. @throws what it is given, when time won't change it or it came too often */
  after(error: unknown, signal: AbortSignal): Promise<void>;
  /** Something was achieved: failures are counted anew. */
  renew(): void;
}

export function patience(backoff: Partial<Backoff> = {}, tell: Tell = () => undefined): Patience {
  const { attempts, firstMs, longestMs } = { ...BACKOFF, ...backoff };
  let attempt = 0;
  return {
    renew() {
      attempt = 0;
    },
    async after(error, signal) {
      if (!(error instanceof HubError) || !LATER.has(error.kind)) throw error;
      const { kind, message, waitSeconds = 0 } = error;
      attempt++;
      if (waitSeconds > LONGEST_WAIT_S) throw error;
      if (attempt >= attempts) {
        throw new HubError(kind, `${message} (${attempts} times in a row)`, { cause: error, waitSeconds });
      }
      const wait = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
      const waitMs = Math.round(waitSeconds * 1000 + wait / 2 + (Math.random() * wait) / 2);
      tell({ type: 'retried', what: message, attempt, waitMs });
      await sleep(waitMs, undefined, { signal }).catch(() => {
        signal.throwIfAborted();
      });
    },
  };
}

/** Makes a call to the Hub until it succeeds, fails in a way that time won't change, or has failed too often. */
export type HubRetry = <T>(signal: AbortSignal, call: () => Promise<T>) => Promise<T>;

/**
 * Repeats calls that failed with 'rate-limited', 'busy' or 'cut', and waits as long as the Hub asks to, up to five and a
 * half minutes.
 *
 * @param backoff @default - eight attempts, about a minute in all beside what the Hub asks for
 */
export function hubRetry(backoff: Partial<Backoff> = {}, tell: Tell = () => undefined): HubRetry {
  return async (signal, call) => {
    for (const patient = patience(backoff, tell); ;) {
      try {
        return await call();
      } catch (error) {
        await patient.after(error, signal);
      }
    }
  };
}
