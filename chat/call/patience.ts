import type { Clock } from '../clock';
import { RuntimeFailed } from '../port';
import { seconds, type Line } from './line';

/** Said before each wait for a model that is not loaded. */
export interface Waiting {
  /** Milliseconds since the first attempt. */
  readonly waited: number;
  /** Milliseconds until the next attempt. */
  readonly next: number;
  /** Attempts so far. */
  readonly attempts: number;
  /** Milliseconds after which the wait is given up. */
  readonly timeout: number;
}

export interface Patience {
  /** Milliseconds. */
  readonly coldStart: number;
  readonly onWait: (waiting: Waiting) => void;
  /** For throttling. */
  readonly maxRetries: number;
}

/** Loading takes from tens of seconds to minutes: asking every second at first and every ten at last costs little of it. */
const COLD = { first: 1_000, longest: 10_000, factor: 1.5 };
/** As the SDKs' standard mode waits between throttled attempts. */
const THROTTLED = { first: 500, longest: 20_000, factor: 2 };

/** Names, not statuses: a model that is not loaded and throttling are both 429. */
const PASSING = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'ServiceUnavailableException',
]);

/**
 * Makes the call until it is answered: waits for a cold model up to a deadline, and out a throttling for a few attempts.
 * The last error says how long and how often it was tried.
 */
export async function patiently<T>(call: () => Promise<T>, patience: Patience, line: Line, clock: Clock): Promise<T> {
  const started = clock.now();
  let cold = 0;
  let throttled = 0;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof RuntimeFailed)) throw error;
      const waited = clock.now() - started;
      const attempts = cold + throttled + 1;
      if (error.bedrockName === 'ModelNotReadyException') {
        const left = patience.coldStart - waited;
        if (left <= 0) throw gaveUp(error, `the model is still not loaded after ${told(waited, attempts)}`);
        const next = Math.min(left, backoff(COLD, cold++, clock.random()));
        patience.onWait({ waited, next, attempts, timeout: patience.coldStart });
        await line.sleep(next);
      } else if (PASSING.has(error.bedrockName)) {
        if (throttled >= patience.maxRetries) throw gaveUp(error, `given up after ${told(waited, attempts)}`);
        await line.sleep(backoff(THROTTLED, throttled++, clock.random()));
      } else throw error;
    }
  }
}

/** Between half of the wait and all of it, so that clients that failed together do not come back together. */
function backoff({ first, longest, factor }: typeof COLD, attempt: number, random: number): number {
  return Math.min(longest, first * factor ** attempt) * (0.5 + random / 2);
}

function told(waited: number, attempts: number): string {
  return `${seconds(waited)} and ${attempts} attempt${attempts === 1 ? '' : 's'}`;
}

function gaveUp(error: RuntimeFailed, what: string): RuntimeFailed {
  return new RuntimeFailed(error.bedrockName, `${error.message} (${what})`, error.about, { cause: error });
}
