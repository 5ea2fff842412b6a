import { createHash } from 'node:crypto';
import { bytesOf } from '../bytes-of';

/**
 * What a model folder holds, and nothing about where it lies: the same folder has the same lock in every bucket and
 * account, so it can be committed and its diff reviewed.
 */
export interface Lock {
  /** Of this format. */
  readonly version: typeof LOCK_VERSION;
  /** SHA-256 over names, sizes and SHA-256 of all files, in hexadecimal: see `contentHash`. */
  readonly hash: string;
  /** Where the weights come from, for people; no part of the hash. */
  readonly source?: LockSource;
  /** Sorted by name. */
  readonly files: readonly LockedFile[];
}

export interface LockSource {
  /** As in `openai/gpt-oss-20b`. */
  readonly repository: string;
  /** Commit, tag or branch. */
  readonly revision?: string;
}

export interface LockedFile {
  /** Relative to the folder, with '/' between its parts. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** CRC-32 of the whole file, computed locally, in base64 as S3 writes it (`x-amz-checksum-crc32`). */
  readonly crc32: string;
}

export const LOCK_VERSION = 1;

export function lockOf(files: readonly LockedFile[], source?: LockSource): Lock {
  const sorted = [...files].sort(byName);
  return { version: LOCK_VERSION, hash: contentHash(sorted), ...(source && { source }), files: sorted };
}

/** SHA-256 over one line `["name",size,"sha256"]` of compact JSON a file, sorted by name in UTF-16 code units. */
export function contentHash(files: readonly Pick<LockedFile, 'name' | 'size' | 'sha256'>[]): string {
  const hash = createHash('sha256');
  for (const { name, size, sha256 } of [...files].sort(byName))
    hash.update(`${JSON.stringify([name, size, sha256])}\n`);
  return hash.digest('hex');
}

/** Where an upload goes that names no prefix: the same content always to the same place, other content elsewhere. */
export function prefixOfHash(hash: string): string {
  return `gpt-oss-${hash.slice(0, 16)}/`;
}

export function totalBytes(lock: Lock): number {
  return bytesOf(lock.files);
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}
