import type { Hub } from '../../weights/hub/hub';
import type { Backoff } from '../../weights/transfer/retry';
import type { Store } from '../../weights/transfer/store';

/** The outside of one invocation. */
export interface Outside {
  readonly hub: Hub;
  /** The bucket that is copied to. */
  readonly store: Store;
  /** Milliseconds until the invocation is ended. */
  readonly timeLeft: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: (line: Record<string, unknown>) => void;
  /** Bytes of a part, for files that do not need larger ones. @default - 8 MiB */
  readonly partBytes?: number;
  /** How failed calls are repeated, but those for a file's bytes. @default - those to S3 eight times, to the Hub four */
  readonly backoff?: Partial<Backoff>;
}

/**
 * AWS does not allow a call. A permission that was given a minute ago is not known everywhere yet: then the same call
 * succeeds soon.
 */
export class Forbidden extends Error {}

/** Time that an invocation keeps for the parts under way, its answer, and a call that is repeated. Milliseconds. */
export const RESERVE = 60_000;

/** There is not enough time here; the next invocation goes on after so many seconds. */
export class Later extends Error {
  constructor(
    readonly wait: number,
    /** Attempts in a row that brought not one byte. */
    readonly fruitless: number,
    options?: ErrorOptions,
  ) {
    super(`goes on in ${wait} s`, options);
  }
}
