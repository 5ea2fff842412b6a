import { type Buffers, buffers } from './buffers';
import type { Tell } from './events';
import { inFlight, PART_BYTES, partSize, requirePartBytes } from './parts';
import { BACKOFF, type Backoff, type Retry, retrying } from './retry';
import { localSums, type Sums } from './sums';

/** What every transfer may be told. */
export interface TransferOptions {
  /** Hears what happens. It must not throw. @default - nobody does */
  readonly onEvent?: Tell;
  /** Ends the transfer; what it has sent stays for the next run to go on from. @default - nothing ends it */
  readonly signal?: AbortSignal;
  /**
   * Bytes of a part, for files that do not need larger ones: at most 5 GiB; S3 refuses less than 5 MiB. A file that was begun in parts
   * of another size is begun anew. @default - 16 MiB, of which four are in flight
   */
  readonly partBytes?: number;
  /** How failed calls are repeated. @default - eight attempts, about a minute in all */
  readonly backoff?: Partial<Backoff>;
}

/** What the steps of one transfer share. */
export interface Session {
  readonly tell: Tell;
  /** Bytes that were moved so far, those of later attempts included. */
  readonly moved: () => number;
  readonly signal: AbortSignal;
  readonly retry: Retry;
  readonly buffers: Buffers;
  readonly partBytes: number;
  /** For a file of so many bytes. */
  readonly sumsOf: (size: number) => Sums;
}

export function session(options: TransferOptions, sizes: readonly number[]): Session {
  let moved = 0;
  const tell: Tell = (event) => {
    if (event.type === 'part' && event.moved) moved += event.bytes;
    options.onEvent?.(event);
  };
  const { partBytes = PART_BYTES } = options;
  requirePartBytes(partBytes);
  const size = sizes.reduce((largest, next) => Math.max(largest, Math.min(next, partSize(next, partBytes))), 1);
  return {
    tell,
    moved: () => moved,
    signal: options.signal ?? new AbortController().signal,
    retry: retrying({ ...BACKOFF, ...options.backoff }, tell),
    buffers: buffers(inFlight(size), size),
    partBytes,
    sumsOf: localSums,
  };
}
