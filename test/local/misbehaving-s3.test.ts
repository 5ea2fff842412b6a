import { crc32 } from 'node:zlib';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Fault, type MisbehavingS3, startMisbehavingS3 } from '../../local/misbehaving-s3';

let s3: MisbehavingS3;
let client: S3Client;

async function begin(checksums: 'full' | 'composite'): Promise<void> {
  s3 = await startMisbehavingS3({ buckets: ['weights'], checksums, pageSize: 2 });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  client = new S3Client({ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 1 });
}

beforeEach(() => begin('full'));

afterEach(async () => {
  client.destroy();
  await s3.stop();
});

const Bucket = 'weights';
const crc = (bytes: Buffer) => {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(crc32(bytes));
  return four.toString('base64');
};
const put = (Key: string, Body: Buffer) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumCRC32: crc(Body) }));
const get = async (Key: string, Range?: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

const PARTS = [Buffer.alloc(5 * 1024 * 1024, 'a'), Buffer.from('the end')];

async function inParts(bodies: readonly Buffer[]) {
  const full = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' } as const;
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'large', ...full }));
  const Parts: CompletedPart[] = [];
  for (const [index, Body] of bodies.entries()) {
    const part = { PartNumber: index + 1, ChecksumCRC32: crc(Body) };
    const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key: 'large', UploadId, Body, ...part }));
    Parts.push({ ...part, ETag });
  }
  const complete = (ChecksumCRC32: string) =>
    client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key: 'large', UploadId, MultipartUpload: { Parts }, ChecksumCRC32 }),
    );
  return { UploadId, complete };
}

test('what is put is got, whole and by ranges, and listed in pages', async () => {
  for (const key of ['a', 'b/c', 'd & "é"']) await put(key, Buffer.from(`content of ${key}`));
  expect((await get('d & "é"')).toString()).toBe('content of d & "é"');
  expect((await get('b/c', 'bytes=0-6')).toString()).toBe('content');
  const first = await client.send(new ListObjectsV2Command({ Bucket }));
  const { NextContinuationToken: ContinuationToken, IsTruncated } = first;
  const second = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
  expect(IsTruncated).toBe(true);
  expect([...(first.Contents ?? []), ...(second.Contents ?? [])].map(({ Key }) => Key)).toEqual([
    'a',
    'b/c',
    'd & "é"',
  ]);
});

test('an object in parts has the checksum of its bytes, or of its parts on an older server', async () => {
  const whole = crc(Buffer.concat(PARTS));
  expect(await (await inParts(PARTS)).complete(whole)).toMatchObject({ ChecksumCRC32: whole });
  await s3.stop();
  await begin('composite');
  const composite = `${crc(Buffer.concat(PARTS.map((part) => Buffer.from(crc(part), 'base64'))))}-2`;
  await (await inParts(PARTS)).complete(composite);
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'large', ChecksumMode: 'ENABLED' }));
  expect(head.ChecksumCRC32).toBe(composite);
});

test('fails to complete what is not what it should be, or has a part that is too small', async () => {
  await expect((await inParts(PARTS)).complete('AAAAAA==')).rejects.toMatchObject({ name: 'BadDigest' });
  const small = await inParts([...PARTS].reverse());
  await expect(small.complete(crc(Buffer.concat([...PARTS].reverse())))).rejects.toMatchObject({
    name: 'EntityTooSmall',
  });
  expect(s3.objects(Bucket).has('large')).toBe(false);
});

test('fails to take a body that is not what its checksum says', async () => {
  const Body = Buffer.from('x');
  const wrong = client.send(new PutObjectCommand({ Bucket, Key: 'k', Body, ChecksumCRC32: 'AAAAAA==' }));
  await expect(wrong).rejects.toMatchObject({ name: 'BadDigest' });
});

test.each<[Fault, object, boolean]>([
  ['SlowDown', { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }, false],
  ['ExpiredToken', { name: 'ExpiredToken' }, false],
  ['cut-request', { message: expect.stringContaining('socket hang up') as unknown }, false],
  ['cut-answer', { message: expect.stringContaining('socket hang up') as unknown }, true],
  ['damage-request', { name: 'BadDigest' }, false],
])('the fault %s fails the call as it should, and does or does not do what was asked', async (fault, error, done) => {
  s3.mischief = ({ operation, key, count }) =>
    operation === 'PutObject' && key === 'k' && count === 1 ? fault : undefined;
  await expect(put('k', Buffer.from('content'))).rejects.toMatchObject(error);
  expect(s3.objects(Bucket).has('k')).toBe(done);
  await put('k', Buffer.from('content'));
  expect((await get('k')).toString()).toBe('content');
});

test('a lost part is answered like any other, and is not there', async () => {
  s3.mischief = ({ partNumber }) => (partNumber === 1 ? 'lose-part' : undefined);
  const { UploadId } = await inParts(PARTS);
  const { Parts = [] } = await client.send(new ListPartsCommand({ Bucket, Key: 'large', UploadId }));
  expect(Parts.map(({ PartNumber }) => PartNumber)).toEqual([2]);
});

test('damage behind the check shows in the checksum of the whole', async () => {
  s3.mischief = ({ partNumber }) => (partNumber === 1 ? 'damage-store' : undefined);
  const { complete } = await inParts(PARTS);
  await expect(complete(crc(Buffer.concat(PARTS)))).rejects.toMatchObject({ name: 'BadDigest' });
});
