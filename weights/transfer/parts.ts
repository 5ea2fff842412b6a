const MIB = 1024 * 1024;

/** What S3 allows in one object. */
const MAX_PARTS = 10_000;

/** Large enough that a request costs little, small enough that several in flight stay far below 200 MB (bench/README.md). */
export const PART_BYTES = 16 * MIB;

/** What S3 takes as one part. Its least, 5 MiB, is for the server to say: others take less. */
const MAX_PART = 5 * 1024 * MIB;

/** Of all parts in flight together. */
const IN_FLIGHT = 64 * MIB;
const MAX_IN_FLIGHT = 16;

/** Enough that the next file is being read while one waits for its last part. */
export const FILES_AT_ONCE = 3;

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly position: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * Bytes of a part: 16 MiB up to 156 GiB, and for larger files as many MiB more as 10,000 parts need. Only the size of the
 * file decides, so that every run cuts a file alike and finds the parts of an earlier one.
 */
export function partSize(fileSize: number, least = PART_BYTES): number {
  return fileSize <= MAX_PARTS * least ? least : Math.ceil(fileSize / MAX_PARTS / MIB) * MIB;
}

/** @throws RangeError for what no file can be cut into */
export function requirePartBytes(bytes: number): void {
  if (Number.isInteger(bytes) && bytes >= 1 && bytes <= MAX_PART) return;
  throw new RangeError(`'partBytes' must be a whole number from 1 to ${MAX_PART}, got ${bytes}`);
}

export function partsOf(fileSize: number, least = PART_BYTES): Part[] {
  const size = partSize(fileSize, least);
  return Array.from({ length: Math.ceil(fileSize / size) }, (_, index) => {
    const position = index * size;
    return { number: index + 1, position, size: Math.min(size, fileSize - position) };
  });
}

/**
 * How many buffers of a size: four of 16 MiB, no more than there may be connections, and always one more than there are
 * files under way, each of which may keep one while it needs another.
 */
export function inFlight(size: number): number {
  return Math.min(MAX_IN_FLIGHT, Math.max(FILES_AT_ONCE + 1, Math.floor(IN_FLIGHT / size)));
}
