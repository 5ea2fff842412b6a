import type { Hub, HubFile } from '../../weights/hub/hub';
import type { Backoff } from '../../weights/transfer/retry';
import type { Metadata, ObjectHead, Store } from '../../weights/transfer/store';

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
  /** How failed calls to S3 are repeated. @default - eight attempts, about a minute in all */
  readonly backoff?: Partial<Backoff>;
}

/** Time that an invocation keeps for the parts under way, its answer, and a call that is repeated. Milliseconds. */
export const RESERVE = 60_000;

/** There is not enough time here; the next invocation goes on after so many seconds. */
export class Later extends Error {
  constructor(readonly wait: number) {
    super(`goes on in ${wait} s`);
  }
}

/** What is noted beside a copy: git's name of the content in the repository, and the content's SHA-256. */
export function marksOf({ blob }: HubFile, sha256: string): Metadata {
  return { blob, sha256 };
}

/** The SHA-256 of an object, if it was copied from a file of the Hub as that is listed now. */
export function sha256OfCopy({ size, metadata }: ObjectHead, file: HubFile): string | undefined {
  return size === file.size && metadata?.['blob'] === file.blob ? metadata['sha256'] : undefined;
}
