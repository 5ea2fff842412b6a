import { createHash, type Hash } from 'node:crypto';

/**
 * Hashes a file as git names it, which is all that the Hub tells of a file outside of LFS: SHA-1 over its length and its
 * bytes. Give it the bytes by `update`; `digest('hex')` is then the `blob` of the Hub's listing.
 *
 * @param size bytes of the whole file
 */
export function gitBlobSha1(size: number): Hash {
  return createHash('sha1').update(`blob ${size}\0`);
}
