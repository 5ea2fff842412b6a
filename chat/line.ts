import type { Clock } from './clock';

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
  const follow = () => {
    controller.abort(caller?.reason);
  };
  if (caller?.aborted) follow();
  caller?.addEventListener('abort', follow, { once: true });

  return {
    signal,
    within: async (milliseconds, missing, promise) => {
      const cancel = clock.after(milliseconds, () => {
        controller.abort(new TimedOut(`timed out: ${missing} within ${seconds(milliseconds)}`));
      });
      try {
        return await unlessAborted(promise, signal);
      } finally {
        cancel();
      }
    },
    sleep: async (milliseconds) => {
      let cancel = (): void => undefined;
      const slept = new Promise<void>((resolve) => {
        cancel = clock.after(milliseconds, resolve);
      });
      try {
        await unlessAborted(slept, signal);
      } finally {
        cancel();
      }
    },
    cut: (reason) => {
      controller.abort(reason);
    },
    close: () => {
      caller?.removeEventListener('abort', follow);
    },
  };
}

/** Not `Promise.race` with one promise for the signal: that would hold on to every chunk until the signal goes. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(reasonOf(signal));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

/** `fetch` rejects with the signal's reason, whatever it is; only an error is good to throw. */
function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new DOMException(String(reason), 'AbortError');
}

export function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
