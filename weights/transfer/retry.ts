import { setTimeout as sleep } from 'node:timers/promises';
import type { Tell } from './events';
import { type Failure, StoreError } from './store';

export interface Backoff {
  /** How often a call is made in all. @default 8 */
  readonly attempts: number;
  /** Milliseconds before the second attempt, doubled for each further one; half of each wait is chance. @default 250 */
  readonly firstMs: number;
  /** Milliseconds that no wait exceeds. @default 20000 */
  readonly longestMs: number;
}

/** Rides out about a minute without a network. */
export const BACKOFF: Backoff = { attempts: 8, firstMs: 250, longestMs: 20_000 };

const LATER: readonly Failure[] = ['busy', 'cut', 'damaged'];

/** Makes a call until it succeeds, fails in a way that time won't change, or has failed too often. */
export type Retry = <T>(signal: AbortSignal, call: () => Promise<T>, worthRepeating?: readonly Failure[]) => Promise<T>;

export function retrying({ attempts, firstMs, longestMs }: Backoff, tell: Tell): Retry {
  return async (signal, call, worthRepeating = LATER) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof StoreError) || !worthRepeating.includes(error.failure)) throw error;
        if (attempt >= attempts) {
          throw new StoreError(error.failure, error.code, `${error.message}, ${attempts} times in a row`, {
            cause: error,
          });
        }
        const wait = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
        const waitMs = Math.round(wait / 2 + (Math.random() * wait) / 2);
        tell({ type: 'retried', what: error.message, attempt, waitMs });
        await sleep(waitMs, undefined, { signal }).catch(() => {
          signal.throwIfAborted();
        });
      }
    }
  };
}
