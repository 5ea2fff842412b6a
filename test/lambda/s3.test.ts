import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CALL_TIMEOUTS } from '../../lambda/imported-model/aws-call';
import { weightsFolders } from '../../lambda/imported-model/s3';
import { awsError } from './aws-errors';

const s3 = mockClient(S3Client);
const folder = weightsFolders(new S3Client({ region: 'us-east-1' }))('weights', '20b/v2/');

beforeEach(() => s3.reset());

test('the folder tells its address without a call', () => {
  expect(folder.address).toBe('s3://weights/20b/v2/');
  expect(s3.calls()).toHaveLength(0);
});

test.each([
  ['denied', 'AccessDenied', 403],
  ['passing', 'SlowDown', 503],
  ['invalid', 'InvalidRequest', 400],
])('fails to list by kind: %s', async (kind, name, status) => {
  s3.on(ListObjectsV2Command).rejects(awsError(name, 'why', status));
  await expect(folder.list()).rejects.toMatchObject({
    kind,
    call: 'ListObjectsV2 on s3://weights/20b/v2/',
    message: `${name}: why`,
  });
});

test('fails to read by kind', async () => {
  s3.on(GetObjectCommand).rejects(awsError('AccessDenied', 'no kms:Decrypt', 403));
  await expect(folder.readText('config.json', 100)).rejects.toMatchObject({
    kind: 'denied',
    call: 'GetObject on s3://weights/20b/v2/',
    message: 'AccessDenied: no kms:Decrypt',
  });
});

test.each([
  ['PermanentRedirect', 301],
  ['AuthorizationHeaderMalformed', 400],
])('fails for a bucket of another Region in words that help: %s', async (name, status) => {
  s3.on(ListObjectsV2Command).rejects(awsError(name, 'The bucket must be addressed otherwise', status));
  await expect(folder.list()).rejects.toMatchObject({
    kind: 'invalid',
    message:
      'bucket weights is in another Region than the stack, and Bedrock imports from a bucket of its own Region; copy the weights to one',
  });
});

test('fails for a bucket that does not exist, by its name', async () => {
  s3.on(ListObjectsV2Command).rejects(awsError('NoSuchBucket', 'The specified bucket does not exist', 404));
  await expect(folder.list()).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringMatching(/^bucket weights does not exist; make it in this Region/) as unknown,
  });
});

test('fails in passing for a file that was deleted after it was listed: the next poll lists anew', async () => {
  s3.on(GetObjectCommand).rejects(awsError('NoSuchKey', 'The specified key does not exist.', 404));
  await expect(folder.readText('config.json', 100)).rejects.toMatchObject({
    kind: 'passing',
    call: 'GetObject on s3://weights/20b/v2/',
    message: 'NoSuchKey: The specified key does not exist.',
  });
});

test('passes on a bug of ours', async () => {
  const bug = new TypeError('undefined is not a function');
  s3.on(ListObjectsV2Command).rejects(bug);
  await expect(folder.list()).rejects.toBe(bug);
});

test('fails in passing, within its time, for a service that never answers', async () => {
  const silent = createServer();
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as AddressInfo;
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    requestHandler: { ...CALL_TIMEOUTS, requestTimeout: 50 },
  });
  s3.restore();
  try {
    await expect(weightsFolders(client)('weights', 'v1/').list()).rejects.toMatchObject({ kind: 'passing' });
  } finally {
    client.destroy();
    silent.closeAllConnections();
    silent.close();
  }
});
