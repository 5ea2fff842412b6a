import fc from 'fast-check';
import type { HandlerCode } from './handler-code';
import { history, type History } from './history';
import type { Verdict } from './judge';
import { play } from './play';

export interface FuzzOptions {
  readonly histories: number;
  readonly seed: number;
  /** Index and shrink path of a failure, to play it again. */
  readonly path?: string;
  /** A handler with a bug planted in it. */
  readonly code?: HandlerCode;
  /** Makes the history that goes wrong as small as it gets, which takes minutes. @default true */
  readonly shrink?: boolean;
}

/** What a run of random histories found. */
export interface FuzzReport {
  readonly histories: number;
  readonly seed: number;
  events: number;
  faults: Map<string, number>;
  slowest: number;
  mostCallsAPoll: number;
  readonly failure?: {
    readonly history: History;
    /** Of playing it once more. */
    readonly verdict: Verdict;
    readonly path: string;
    /** What stopped the first play, if it did not come to its verdict. */
    readonly error?: unknown;
  };
}

/** Plays random histories until one goes wrong, which is made as small as it gets. */
export async function fuzz({ histories, seed, path, code, shrink = true }: FuzzOptions): Promise<FuzzReport> {
  const total = { events: 0, faults: new Map<string, number>(), slowest: 0, mostCallsAPoll: 0 };
  const property = fc.asyncProperty(history, async (one) => {
    const verdict = await play(one, code);
    total.events += verdict.events;
    for (const [kind, n] of verdict.faults) total.faults.set(kind, (total.faults.get(kind) ?? 0) + n);
    total.slowest = Math.max(total.slowest, verdict.slowest);
    total.mostCallsAPoll = Math.max(total.mostCallsAPoll, verdict.mostCallsAPoll);
    return verdict.wrongs.length === 0;
  });
  const result = await fc.check(property, {
    numRuns: histories,
    seed,
    endOnFailure: path !== undefined || !shrink,
    ...(path !== undefined && { path }),
  });
  const report = { histories: result.numRuns, seed, ...total };
  if (!result.failed) return report;
  const [smallest] = result.counterexample ?? [];
  if (!smallest) throw new Error(`fast-check failed without a counterexample: ${String(result.errorInstance)}`);
  return {
    ...report,
    failure: {
      history: smallest,
      verdict: await play(smallest, code),
      path: result.counterexamplePath ?? '',
      error: result.errorInstance,
    },
  };
}
