import { type Checksums, type Content, type Contents, crcOf, type PartedUpload } from './contents';
import { damaged, type Fault, S3Error } from './faults';
import type { Operation, Request } from './operations';
import { xml, type Xml } from './xml';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Rules {
  readonly checksums: Checksums;
  /** Objects and parts in a page of a listing. */
  readonly pageSize: number;
  /** Bytes that every part but the last must have. */
  readonly smallestPart: number;
}

/** A request with all that it may be about. */
export interface Call extends Request {
  readonly body: Buffer;
  readonly contents: Contents;
  /** Those of the request's bucket. */
  readonly objects: Map<string, Content>;
  readonly rules: Rules;
  readonly fault: Fault | undefined;
}

/** What each operation does, and answers. @throws S3Error */
export type Calls = Readonly<Record<Operation, (call: Call) => Answer>>;

export function found(objects: ReadonlyMap<string, Content>, key: string): Content {
  const content = objects.get(key);
  if (!content) throw new S3Error('NoSuchKey', 'no such key');
  return content;
}

/** What is kept of a body: it was checked by its checksum, unless the damage comes after that. */
export function received(body: Buffer, claimed: string | string[] | undefined, fault: Fault | undefined): Buffer {
  if (claimed !== undefined && claimed !== crcOf(body)) throw new S3Error('BadDigest', 'the body is another');
  return fault === 'damage-store' ? damaged(body) : body;
}

export function uploadOf({ contents, query, key }: Call): PartedUpload {
  const upload = contents.uploads.get(query.get('uploadId') ?? '');
  if (upload?.key !== key) throw new S3Error('NoSuchUpload', 'no such upload');
  return upload;
}

export function header(headers: Request['headers'], name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

export function checksumHeader(crc32: string, { checksums }: Rules): Record<string, string> {
  return checksums === 'none' ? {} : { 'x-amz-checksum-crc32': crc32 };
}

export function checksumElement(crc32: string, { checksums }: Rules): Xml {
  return checksums === 'none' ? [] : [['ChecksumCRC32', crc32]];
}

export function document(root: string, content: Xml): Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(xml(root, content)) };
}
