import { randomUUID } from 'node:crypto';
import { type Calls, checksumHeader, document, found, received, type Rules } from './call';
import { type Content, partOf } from './contents';
import { damaged, S3Error } from './faults';
import type { Request } from './operations';
import { textsOf } from './xml';

export const OBJECTS = {
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

  DeleteObjects({ objects, body }) {
    for (const key of textsOf(body.toString(), 'Key')) objects.delete(key);
    return document('DeleteResult', []);
  },
} satisfies Partial<Calls>;

function objectHeaders(content: Content, rules: Rules, asked: Request['headers']): Record<string, string> {
  const wanted = asked['x-amz-checksum-mode'] === 'ENABLED';
  return {
    etag: content.etag,
    'x-amz-version-id': content.versionId,
    ...(wanted && checksumHeader(content.crc32, rules)),
  };
}
