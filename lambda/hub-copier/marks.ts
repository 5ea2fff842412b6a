import type { HubFile } from '../../weights/hub/hub';
import type { LockedFile } from '../../weights/lock';
import type { Metadata, ObjectHead } from '../../weights/transfer/store';

/**
 * What is noted beside a copy: git's name of the content in the repository, the content's SHA-256, and its CRC-32 where
 * that is known before the first byte is sent.
 */
export function marksOf({ blob }: HubFile, sha256: string, crc32?: string): Metadata {
  return { blob, sha256, ...(crc32 !== undefined && { crc32 }) };
}

/** What an object is known by, if it was copied from a file of the Hub as that is listed now. */
export function copyOf(head: ObjectHead | undefined, file: HubFile): Copied | undefined {
  const { blob, sha256, crc32 } = head?.metadata ?? {};
  if (head?.size !== file.size || blob !== file.blob || sha256 === undefined) return undefined;
  if (file.sha256 !== undefined && file.sha256 !== sha256) return undefined;
  const told = wholeCrc(head);
  if (told !== undefined && crc32 !== undefined && told !== crc32) return undefined; // it is not what was sent
  const whole = told ?? crc32;
  return { sha256, ...(whole !== undefined && { crc32: whole }) };
}

export interface Copied {
  /** In hexadecimal. */
  readonly sha256: string;
  /** Of all its bytes, in base64. @default - the store tells only that of its parts, or none, as S3 itself never does */
  readonly crc32?: string;
}

/** The same by a lock that was written when everything had been compared, for stores that tell no CRC-32 of the whole. */
export function byLock(copied: Copied, locked: LockedFile | undefined): Copied {
  return copied.crc32 === undefined && locked?.sha256 === copied.sha256 ? { ...copied, crc32: locked.crc32 } : copied;
}

function wholeCrc({ crc32 }: ObjectHead): string | undefined {
  return crc32?.includes('-') ? undefined : crc32;
}
