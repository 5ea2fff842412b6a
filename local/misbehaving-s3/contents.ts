import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** How the server tells a large object's checksum: of all its bytes, of its parts as older servers do, or not at all. */
export type Checksums = 'full' | 'composite' | 'none';

export interface Content {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly crc32: string;
  readonly versionId: string;
}

export interface StoredPart {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly crc32: string;
}

export interface PartedUpload {
  readonly bucket: string;
  readonly key: string;
  readonly full: boolean;
  readonly parts: Map<number, StoredPart>;
}

/** All that the server keeps: one bucket's objects after the other, in memory. */
export interface Contents {
  readonly buckets: ReadonlyMap<string, Map<string, Content>>;
  readonly uploads: Map<string, PartedUpload>;
}

export function partOf(bytes: Buffer): StoredPart {
  return { bytes, etag: `"${md5(bytes).toString('hex')}"`, crc32: crcOf(bytes) };
}

/** One object of its parts. The checksum of a full object is computed from its bytes: that is what we examine others by. */
export function joined(parts: readonly StoredPart[], full: boolean): Omit<Content, 'versionId'> {
  const bytes = Buffer.concat(parts.map((part) => part.bytes));
  const etag = md5(Buffer.concat(parts.map((part) => md5(part.bytes)))).toString('hex');
  const composite = crcOf(Buffer.concat(parts.map((part) => Buffer.from(part.crc32, 'base64'))));
  return {
    bytes,
    etag: `"${etag}-${parts.length}"`,
    crc32: full ? crcOf(bytes) : `${composite}-${parts.length}`,
  };
}

export function crcOf(bytes: Buffer): string {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(crc32(bytes));
  return four.toString('base64');
}

function md5(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest();
}
