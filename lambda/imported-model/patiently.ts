import { answerable } from './answer';
import { CallFailed } from './port';

/** `onEvent` asks for this long, at such intervals: with the last call's own retries it still ends before its 60 s. */
const ASKING_MILLISECONDS = 20_000;
const ASKING_PAUSE = 2_000;

interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** A failed `onEvent` fails the deployment, so what may pass is waited out: throttling, a policy that has not spread. */
export async function patiently<T>(
  clock: Clock,
  ask: () => Promise<T>,
  refused: (error: CallFailed) => string,
): Promise<T> {
  const until = clock.now() + ASKING_MILLISECONDS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const mayPass = error.kind === 'passing' || error.kind === 'denied';
      if (!mayPass || clock.now() > until) throw answerable(refused(error));
      await clock.sleep(ASKING_PAUSE);
    }
  }
}
