import { S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { copiesInS3 } from '../../../lambda/hub-copies/s3';
import { weightsFolders } from '../../../lambda/imported-model/s3';
import { type Fault, type MisbehavingS3, startMisbehavingS3 } from '../../../local/misbehaving-s3';
import { LOCK, RECEIPT } from '../../../weights/file-names';
import { lockOf, lockText, receiptText } from '../../../weights/lock';
import { crc32, encodeCrc } from '../../../weights/transfer/crc32';
import { s3Store } from '../../../weights/transfer/s3';
import { clientOf } from '../../weights/transfer/ground';
import { COMMIT, OTHER_PLACE, PLACE, saying } from './fixtures';

const REPOSITORY = 'openai/gpt-oss-20b';
const OWNER = '123456789012';
const { signal } = new AbortController();
const store = () => s3Store({ bucket: 'weights', client: clientOf(s3.url), idleMs: 400 });
const copies = () =>
  copiesInS3(weightsFolders(new S3Client({ ...clientOf(s3.url), maxAttempts: 1 })), (options) =>
    s3Store({ ...options, client: clientOf(s3.url), idleMs: 400 }),
  );
const whole = () => copies().whole(PLACE, REPOSITORY, COMMIT);
const objects = () => [...s3.objects('weights').keys()];
const misbehaves = (fault: Fault) => {
  s3.mischief = () => fault;
};

let s3: MisbehavingS3;
beforeEach(async () => {
  s3 = await startMisbehavingS3({ buckets: ['weights'] });
});
afterEach(() => s3.stop());

const FILES = { 'config.json': '{}', 'model.safetensors': 'weights' };

/** A copy as the state machine leaves it. */
async function copied({ prefix } = PLACE, source = { repository: REPOSITORY, revision: COMMIT }): Promise<void> {
  const lock = lockOf(
    Object.entries(FILES).map(([name, text]) => ({
      name,
      size: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
      crc32: encodeCrc(crc32(Buffer.from(text))),
    })),
    source,
  );
  for (const [name, text] of Object.entries(FILES)) await put(`${prefix}${name}`, text);
  const listed = await store().list(prefix, signal);
  const files = listed.map(({ key, etag }) => ({ name: key.slice(prefix.length), etag }));
  await put(`${prefix}${RECEIPT}`, receiptText({ version: 1, hash: lock.hash, bucket: 'weights', prefix, files }));
  await put(`${prefix}${LOCK}`, lockText(lock));
}

async function put(key: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  await store().put(key, bytes, encodeCrc(crc32(bytes)), signal);
}

describe('a copy is there', () => {
  test('when its lock lies there, is of this commit, and lists what lies there', async () => {
    await copied();
    expect(await whole()).toEqual({
      Prefix: PLACE.prefix,
      Commit: COMMIT,
      Hash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      Files: '2',
      Bytes: '9',
    });
  });

  test('but not without a lock', async () => {
    await copied();
    await store().remove([`${PLACE.prefix}${LOCK}`], signal);
    expect(await whole()).toBeUndefined();
  });

  test('but not with a lock that is none', async () => {
    await copied();
    await put(`${PLACE.prefix}${LOCK}`, '{"version":7}');
    expect(await whole()).toBeUndefined();
  });

  test.each([
    ['another commit', { repository: REPOSITORY, revision: 'main' }],
    ['another repository', { repository: 'openai/gpt-oss-120b', revision: COMMIT }],
  ])('but not with the lock of %s', async (_, source) => {
    await copied(PLACE, source);
    expect(await whole()).toBeUndefined();
  });

  test('but not when a file is gone', async () => {
    await copied();
    await store().remove([`${PLACE.prefix}config.json`], signal);
    expect(await whole()).toBeUndefined();
  });

  test('but not when a file is another', async () => {
    await copied();
    await put(`${PLACE.prefix}config.json`, '[]');
    expect(await whole()).toBeUndefined();
  });

  test.each([
    ['passing', 'SlowDown'],
    ['denied', 'AccessDenied'],
    ['invalid', 'NoSuchBucket'],
  ] as const)('fails to look as %s: %s', async (kind, fault) => {
    misbehaves(fault);
    await expect(whole()).rejects.toMatchObject({ kind, call: saying('ListObjectsV2 on s3://weights/hf/') });
  });
});

describe('a removal', () => {
  test('takes away every copy, finished or not, and nothing beside them', async () => {
    await copied();
    await copied(OTHER_PLACE);
    await put('v1/config.json', '{}');
    await store().begin(`${PLACE.prefix}model-2.safetensors`, signal);
    expect(await copies().removeAllBut('weights', OWNER, undefined)).toBe(9);
    expect([objects(), s3.unfinished()]).toEqual([['v1/config.json'], 0]);
  });

  test('leaves one prefix as it is, what is begun there as well', async () => {
    await copied();
    await copied(OTHER_PLACE);
    const before = objects().filter((key) => key.startsWith(PLACE.prefix));
    await store().begin(`${PLACE.prefix}model-2.safetensors`, signal);
    await store().begin(`${OTHER_PLACE.prefix}model-2.safetensors`, signal);
    expect(await copies().removeAllBut('weights', OWNER, PLACE.prefix)).toBe(5);
    expect([objects(), s3.unfinished()]).toEqual([before, 1]);
  });

  test('of what was begun at one place leaves all that is finished', async () => {
    await copied();
    const before = objects();
    await store().begin(`${PLACE.prefix}model-2.safetensors`, signal);
    await store().begin(`${OTHER_PLACE.prefix}model-2.safetensors`, signal);
    expect(await copies().giveUp({ bucket: 'weights', prefix: PLACE.prefix }, OWNER)).toBe(1);
    expect([objects(), s3.unfinished()]).toEqual([before, 1]);
  });

  test('of nothing is none', async () => {
    expect(await copies().removeAllBut('weights', OWNER, undefined)).toBe(0);
  });

  test('from a bucket that is gone has nothing to do', async () => {
    expect(await copies().removeAllBut('another', OWNER, undefined)).toBe(0);
  });

  test.each([
    ['passing', 'SlowDown'],
    ['passing', 'cut-answer'],
    ['denied', 'AccessDenied'],
    ['invalid', 'InvalidRequest'],
  ] as const)('fails as %s: %s', async (kind, fault) => {
    await copied();
    misbehaves(fault);
    const removal = copies().removeAllBut('weights', OWNER, undefined);
    await expect(removal).rejects.toMatchObject({ kind, call: 'Removing copies', message: saying('s3://weights') });
  });

  test('that has no time left says "not yet", and goes on where it was', async () => {
    await copied();
    jest.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.abort());
    const removal = copies().removeAllBut('weights', OWNER, undefined);
    await expect(removal).rejects.toMatchObject({ kind: 'passing', message: saying('more to remove') });
    expect(await copies().removeAllBut('weights', OWNER, undefined)).toBe(4);
  });
});
