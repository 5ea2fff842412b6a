import { type Checksummed, compositeCrc } from './crc32';
import type { ObjectHead } from './store';

export interface Expected {
  /** Bytes. */
  readonly size: number;
  /** Of the whole, in base64. */
  readonly crc32: string;
  /** Of its parts, where they are known: for stores that tell only the checksum of these. */
  readonly parts?: readonly Checksummed[];
}

/** Whether an object is what is expected, by what its store tells without reading it; `unknown` when it tells too little. */
export function likeness(head: ObjectHead, expected: Expected): 'same' | 'different' | 'unknown' {
  if (head.size !== expected.size) return 'different';
  if (head.crc32 === undefined) return 'unknown';
  const [, count] = head.crc32.split('-');
  if (count === undefined) return head.crc32 === expected.crc32 ? 'same' : 'different';
  // cut into other parts, the same bytes have another composite
  if (expected.parts?.length.toString() !== count) return 'unknown';
  return head.crc32 === compositeCrc(expected.parts) ? 'same' : 'unknown';
}
