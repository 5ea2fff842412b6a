import { createHash } from 'node:crypto';
import { gitBlobSha1 } from './git-blob';
import type { HubFile } from './hub';

/** Takes a file's bytes one after the other, and says in the end whether they are those that the Hub lists. */
export interface Proof {
  update(bytes: Uint8Array): void;
  /** To be asked once, after the last byte. */
  holds(): boolean;
}

/** By SHA-256 where the Hub tells it, by git's SHA-1 elsewhere. */
export function proofOf({ sha256, blob, size }: HubFile): Proof {
  const hash = sha256 === undefined ? gitBlobSha1(size) : createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    holds: () => hash.digest('hex') === (sha256 ?? blob),
  };
}
