import { createHash } from 'node:crypto';
import { crc32 } from './crc32';

/** The checksums of one file, whose bytes come piece by piece. */
export interface Sums {
  /** Adds the next piece, which must stay as it is until the answer: its own CRC-32. */
  add(bytes: Buffer): Promise<number>;
  /** Of all pieces, in hex. It is the last call. */
  sha256(): Promise<string>;
}

/** Computed where they are asked for. */
export function localSums(): Sums {
  const hash = createHash('sha256');
  return {
    add(bytes) {
      hash.update(bytes);
      return Promise.resolve(crc32(bytes));
    },
    sha256: () => Promise.resolve(hash.digest('hex')),
  };
}
