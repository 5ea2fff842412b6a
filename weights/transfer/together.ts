/** Work that runs beside its caller. Whoever starts some waits for all of it, also when something fails. */
export interface Together {
  /** Aborts when the caller's does, and at the first failure: what else runs need not end its work then. */
  readonly signal: AbortSignal;
  start(work: Promise<void>): void;
  /** Throws the first failure, if there was one. */
  check(): void;
  /** Waits for everything that was started; then throws the first failure. */
  all(): Promise<void>;
}

export function together(signal: AbortSignal): Together {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const stop = new AbortController();
  const check = () => {
    if (failures.length > 0) throw failures[0];
  };
  return {
    signal: AbortSignal.any([signal, stop.signal]),
    check,
    start(work) {
      const settled = work
        .catch((error: unknown) => {
          failures.push(error);
          stop.abort(error);
        })
        .finally(() => running.delete(settled));
      running.add(settled);
    },
    async all() {
      while (running.size > 0) await Promise.all(running);
      check();
    },
  };
}

/** Works through a list, some at a time; the first failure stops the others and is thrown when all have ended. */
export async function each<T>(
  items: readonly T[],
  atOnce: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const team = together(signal);
  const left = items.values();
  const worker = async () => {
    for (const item of left) {
      team.signal.throwIfAborted();
      await work(item, team.signal);
    }
  };
  for (let count = 0; count < Math.min(atOnce, items.length); count++) team.start(worker());
  await team.all();
}
