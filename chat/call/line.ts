import type { Clock } from '../clock';

/** Nothing came for too long. Its name and words are what the `openai` package takes for an `APIConnectionTimeoutError`. */
export class TimedOut extends Error {
  override readonly name = 'TimeoutError';
}

/** One request's line to Bedrock: cut by the caller's signal or by a timeout, and at once, whoever is being waited for. */
export interface Line {
  readonly signal: AbortSignal;
  /** The promise's value, if it comes within so many milliseconds; else the line is cut and `TimedOut` thrown. */
  within<T>(milliseconds: number, missing: string, promise: Promise<T>): Promise<T>;
  sleep(milliseconds: number): Promise<void>;
  cut(reason: unknown): void;
  /** Lets go of the caller's signal, which may outlive many requests. */
  close(): void;
}

export function openLine(caller: AbortSignal | null | undefined, clock: Clock): Line {
  const controller = new AbortController();
  const { signal } = controller;
  // one listener for the whole of a stream: adding one for every frame costs more than all else
  const waiting = new Set<(reason: Error) => void>();
  signal.addEventListener(
    'abort',
    () => {
      for (const reject of waiting) reject(reasonOf(signal));
    },
    { once: true },
  );
  const follow = () => {
    controller.abort(caller?.reason);
  };
  if (caller?.aborted) follow();
  caller?.addEventListener('abort', follow, { once: true });

  const unlessCut = <T>(promise: Promise<T>, cancel: () => void): Promise<T> =>
    new Promise((resolve, reject) => {
      const settle = (how: () => void) => {
        waiting.delete(fail);
        cancel();
        how();
      };
      const fail = (reason: Error) => {
        settle(() => {
          reject(reason);
        });
      };
      waiting.add(fail);
      promise.then((value) => {
        settle(() => {
          resolve(value);
        });
      }, fail);
      if (signal.aborted) fail(reasonOf(signal));
    });

  return {
    signal,
    within: (milliseconds, missing, promise) =>
      unlessCut(
        promise,
        clock.after(milliseconds, () => {
          controller.abort(new TimedOut(`timed out: ${missing} within ${seconds(milliseconds)}`));
        }),
      ),
    sleep: (milliseconds) => {
      let cancel = (): void => undefined;
      const slept = new Promise<void>((resolve) => {
        cancel = clock.after(milliseconds, resolve);
      });
      return unlessCut(slept, () => {
        cancel();
      });
    },
    cut: (reason) => {
      controller.abort(reason);
    },
    close: () => {
      caller?.removeEventListener('abort', follow);
    },
  };
}

/** `fetch` rejects with the signal's reason, whatever it is; only an error is good to throw. */
function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new DOMException(String(reason), 'AbortError');
}

export function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
