import { randomUUID } from 'node:crypto';
import { type Checksums, type Content, type Contents, crcOf, joined, type PartedUpload, partOf } from './contents';
import { damaged, type Fault, S3Error } from './faults';
import type { Operation, Request } from './operations';
import { elementsOf, textsOf, xml, type Xml } from './xml';

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

interface Call extends Request {
  readonly body: Buffer;
  readonly contents: Contents;
  readonly objects: Map<string, Content>;
  readonly rules: Rules;
  readonly fault: Fault | undefined;
}

/** Does what the request asks, and answers as S3 does. @throws S3Error */
export function answer(request: Request, body: Buffer, contents: Contents, rules: Rules, fault?: Fault): Answer {
  const objects = contents.buckets.get(request.bucket);
  if (!objects) throw new S3Error('NoSuchBucket', 'no such bucket');
  if (!request.operation) throw new S3Error('NotImplemented', 'this server has no such call');
  if (request.headers['content-encoding']?.includes('aws-chunked')) throw new S3Error('NotImplemented', 'no chunks');
  return CALLS[request.operation]({ ...request, body, contents, objects, rules, fault });
}

const CALLS: Readonly<Record<Operation, (call: Call) => Answer>> = {
  ListObjectsV2({ objects, query, rules, bucket }) {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, rules.pageSize);
    const next = keys.length > page.length ? page.at(-1) : undefined;
    const contents = page.map((key): [string, Xml] => {
      const { bytes, etag } = found(objects, key);
      return [
        'Contents',
        [
          ['Key', key],
          ['Size', bytes.length],
          ['ETag', etag],
        ],
      ];
    });
    const more: Xml = next === undefined ? [] : [['NextContinuationToken', next]];
    return document('ListBucketResult', [['Name', bucket], ['IsTruncated', next !== undefined], ...more, ...contents]);
  },

  DeleteObjects({ objects, body }) {
    for (const key of textsOf(body.toString(), 'Key')) objects.delete(key);
    return document('DeleteResult', []);
  },

  ListMultipartUploads({ contents, query, bucket, rules }) {
    const prefix = query.get('prefix') ?? '';
    const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
    const all = [...contents.uploads]
      .filter(([, upload]) => upload.bucket === bucket && upload.key.startsWith(prefix))
      .sort(([id, { key }], [otherId, other]) => (key + id < other.key + otherId ? -1 : 1))
      .filter(([id, { key }]) => key > keyMarker || (key === keyMarker && id > idMarker));
    const page = all.slice(0, rules.pageSize);
    const [lastId, last] = page.at(-1) ?? ['', undefined];
    const uploads = page.map(([id, { key }]): [string, Xml] => [
      'Upload',
      [
        ['Key', key],
        ['UploadId', id],
      ],
    ]);
    return document('ListMultipartUploadsResult', [
      ['IsTruncated', all.length > page.length],
      ['NextKeyMarker', last?.key ?? ''],
      ['NextUploadIdMarker', lastId],
      ...uploads,
    ]);
  },

  HeadObject({ objects, key, rules, headers }) {
    const content = found(objects, key);
    const size = { 'content-length': content.bytes.length.toString() };
    return { status: 200, headers: { ...objectHeaders(content, rules, headers), ...size }, body: Buffer.alloc(0) };
  },

  GetObject({ objects, key, rules, headers, fault }) {
    const content = found(objects, key);
    if (headers['if-match'] && headers['if-match'] !== content.etag) throw new S3Error('PreconditionFailed');
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
    const [from, to] = range ? [Number(range[1]), Number(range[2])] : [0, content.bytes.length - 1];
    if (range && from >= content.bytes.length) throw new S3Error('InvalidRange');
    const body = content.bytes.subarray(from, to + 1);
    return {
      status: range ? 206 : 200,
      headers: objectHeaders(content, rules, range ? {} : headers), // a range has no checksum of its own
      body: fault === 'damage-answer' ? damaged(body) : body,
    };
  },

  PutObject({ objects, key, body, headers, rules, fault }) {
    const kept = received(body, headers['x-amz-checksum-crc32'], fault);
    const content = { ...partOf(kept), versionId: randomUUID() };
    objects.set(key, content);
    return {
      status: 200,
      headers: objectHeaders(content, rules, { 'x-amz-checksum-mode': 'ENABLED' }),
      body: Buffer.alloc(0),
    };
  },

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

  ListParts(call) {
    const { query, rules } = call;
    const after = Number(query.get('part-number-marker') ?? 0);
    const all = [...uploadOf(call).parts].filter(([number]) => number > after).sort(([one], [other]) => one - other);
    const page = all.slice(0, rules.pageSize);
    const parts = page.map(([number, part]): [string, Xml] => {
      const known: Xml = [
        ['PartNumber', number],
        ['Size', part.bytes.length],
        ['ETag', part.etag],
      ];
      return ['Part', [...known, ...checksumElement(part.crc32, rules)]];
    });
    const last = page.at(-1)?.[0] ?? 0;
    return document('ListPartsResult', [
      ['IsTruncated', all.length > page.length],
      ['NextPartNumberMarker', last],
      ...parts,
    ]);
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
};

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

/** What is kept of a body: it was checked by its checksum, unless the damage comes after that. */
function received(body: Buffer, claimed: string | string[] | undefined, fault: Fault | undefined): Buffer {
  if (claimed !== undefined && claimed !== crcOf(body)) throw new S3Error('BadDigest', 'the body is another');
  return fault === 'damage-store' ? damaged(body) : body;
}

function uploadOf({ contents, query, key }: Call): PartedUpload {
  const upload = contents.uploads.get(query.get('uploadId') ?? '');
  if (upload?.key !== key) throw new S3Error('NoSuchUpload', 'no such upload');
  return upload;
}

function partNumber({ query }: Call): number {
  const number = Number(query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) throw new S3Error('InvalidRequest', 'no such part');
  return number;
}

function found(objects: ReadonlyMap<string, Content>, key: string): Content {
  const content = objects.get(key);
  if (!content) throw new S3Error('NoSuchKey', 'no such key');
  return content;
}

function objectHeaders(content: Content, rules: Rules, asked: Request['headers']): Record<string, string> {
  const wanted = asked['x-amz-checksum-mode'] === 'ENABLED';
  return {
    etag: content.etag,
    'x-amz-version-id': content.versionId,
    ...(wanted && checksumHeader(content.crc32, rules)),
  };
}

function checksumHeader(crc32: string, { checksums }: Rules): Record<string, string> {
  return checksums === 'none' ? {} : { 'x-amz-checksum-crc32': crc32 };
}

function checksumElement(crc32: string, { checksums }: Rules): Xml {
  return checksums === 'none' ? [] : [['ChecksumCRC32', crc32]];
}

function header(headers: Request['headers'], name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

function document(root: string, content: Xml): Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(xml(root, content)) };
}
