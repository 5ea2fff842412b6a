import { randomUUID } from 'node:crypto';
import {
  type Call,
  type Calls,
  checksumElement,
  checksumHeader,
  document,
  found,
  header,
  received,
  type Rules,
  uploadOf,
} from './call';
import { type Content, joined, type PartedUpload, partOf } from './contents';
import { damaged, S3Error } from './faults';
import { elementsOf, textsOf, type Xml } from './xml';

/** Objects that come in parts, from the first call to the last. */
export const PARTED_UPLOADS = {
  CreateMultipartUpload({ contents, bucket, key, headers, rules }) {
    const id = randomUUID();
    const full = rules.checksums === 'full' && headers['x-amz-checksum-type'] === 'FULL_OBJECT';
    contents.uploads.set(id, { bucket, key, full, parts: new Map() });
    return document('InitiateMultipartUploadResult', [
      ['Bucket', bucket],
      ['Key', key],
      ['UploadId', id],
    ]);
  },

  UploadPart(call) {
    const { body, headers, fault, rules } = call;
    const upload = uploadOf(call);
    const kept = received(body, headers['x-amz-checksum-crc32'], fault);
    const { etag, crc32 } = partOf(body);
    if (fault !== 'lose-part') upload.parts.set(partNumber(call), { bytes: kept, etag, crc32 });
    return { status: 200, headers: { etag, ...checksumHeader(crc32, rules) }, body: Buffer.alloc(0) };
  },

  UploadPartCopy(call) {
    const { contents, headers, fault, rules } = call;
    const upload = uploadOf(call);
    const [bucket = '', ...rest] = header(headers, 'x-amz-copy-source').split('/').map(decodeURIComponent);
    const source = found(contents.buckets.get(bucket) ?? new Map<string, Content>(), rest.join('/'));
    const match = header(headers, 'x-amz-copy-source-if-match');
    if (match !== '' && match !== source.etag) throw new S3Error('PreconditionFailed');
    const range = /^bytes=(\d+)-(\d+)$/.exec(header(headers, 'x-amz-copy-source-range'));
    if (range && source.bytes.length < rules.smallestPart) throw new S3Error('InvalidRequest', 'too small for a range');
    const [from, to] = range ? [Number(range[1]), Number(range[2])] : [0, source.bytes.length - 1];
    if (to >= source.bytes.length) throw new S3Error('InvalidRange');
    const part = partOf(source.bytes.subarray(from, to + 1));
    const kept = fault === 'damage-store' ? damaged(part.bytes) : part.bytes;
    if (fault !== 'lose-part') upload.parts.set(partNumber(call), { ...part, bytes: kept });
    return document('CopyPartResult', [['ETag', part.etag], ...checksumElement(part.crc32, rules)]);
  },

  CompleteMultipartUpload(call) {
    const { contents, objects, key, body, headers, query, rules } = call;
    const upload = uploadOf(call);
    const parts = completeParts(upload, body.toString(), rules);
    const whole = joined(parts, upload.full);
    const claimed = header(headers, 'x-amz-checksum-crc32');
    if (rules.checksums !== 'none' && claimed !== '' && claimed !== whole.crc32)
      throw new S3Error('BadDigest', 'the whole is another');
    const size = header(headers, 'x-amz-mp-object-size');
    if (size !== '' && Number(size) !== whole.bytes.length) throw new S3Error('InvalidRequest', 'not that size');
    const content = { ...whole, versionId: randomUUID() };
    objects.set(key, content);
    contents.uploads.delete(query.get('uploadId') ?? '');
    const about: Xml = [['ETag', content.etag], ...checksumElement(content.crc32, rules)];
    return { ...document('CompleteMultipartUploadResult', about), headers: { 'x-amz-version-id': content.versionId } };
  },

  AbortMultipartUpload(call) {
    uploadOf(call);
    call.contents.uploads.delete(call.query.get('uploadId') ?? '');
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  },
} satisfies Partial<Calls>;

function completeParts(upload: PartedUpload, document: string, { smallestPart }: Rules) {
  const asked = elementsOf(document, 'Part').map((part) => ({
    number: Number(textsOf(part, 'PartNumber')[0]),
    etag: textsOf(part, 'ETag')[0],
    crc32: textsOf(part, 'ChecksumCRC32')[0],
  }));
  if (asked.length === 0) throw new S3Error('InvalidRequest', 'no parts');
  return asked.map(({ number, etag, crc32 }, index) => {
    if (index > 0 && number <= (asked[index - 1]?.number ?? 0)) throw new S3Error('InvalidPartOrder');
    const part = upload.parts.get(number);
    if (!part || part.etag !== etag) throw new S3Error('InvalidPart', `part ${number} is not there as named`);
    if (crc32 !== undefined && crc32 !== part.crc32) throw new S3Error('InvalidPart', `part ${number} is another`);
    if (index < asked.length - 1 && part.bytes.length < smallestPart) throw new S3Error('EntityTooSmall');
    return part;
  });
}

function partNumber({ query }: Call): number {
  const number = Number(query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new S3Error('InvalidRequest', 'no such part');
  return number;
}
