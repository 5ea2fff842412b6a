import { Bucket } from 'aws-cdk-lib/aws-s3';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GptOssImportedModel, ModelSource } from '../../lib';
import { lockOf, lockText, prefixOfHash } from '../../weights/lock';
import { testStack, theOnly } from './apps';

const folder = mkdtempSync(join(tmpdir(), 'lock-'));
const path = join(folder, 'gpt-oss.lock.json');
const lock = lockOf([{ name: 'config.json', size: 2, sha256: 'a'.repeat(64), crc32: 'AAAAAA==' }]);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Properties of the model whose source is a lock file of this text. */
function propertiesFor(text: string, prefix?: string) {
  writeFileSync(path, text);
  const stack = testStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'weights');
  new GptOssImportedModel(stack, 'Model', { source: ModelSource.lockFile(path, { bucket, prefix }) });
  return theOnly(stack, 'Custom::BedrockImportedModel').Properties;
}

test('pins the model to what an upload wrote, where an upload without a prefix puts it', () => {
  expect(propertiesFor(lockText(lock))).toMatchObject({
    Bucket: 'weights',
    Prefix: prefixOfHash(lock.hash),
    Version: lock.hash,
    LockHash: lock.hash,
    WaitForUpload: 'false',
  });
});

test('finds the weights under a prefix that is given', () => {
  expect(propertiesFor(lockText(lock), 'med/v3/')).toMatchObject({ Prefix: 'med/v3/', LockHash: lock.hash });
  expect(propertiesFor(lockText(lock), '')).toMatchObject({ Prefix: '' });
});

test('makes another model when the lock changes, and the same when only its layout does', () => {
  const other = lockOf([{ name: 'config.json', size: 2, sha256: 'b'.repeat(64), crc32: 'AAAAAA==' }]);
  const compact = JSON.stringify(JSON.parse(lockText(lock)));

  expect(propertiesFor(lockText(other))['Version']).not.toBe(lock.hash);
  expect(propertiesFor(compact)).toEqual(propertiesFor(lockText(lock)));
});

test.each([
  ['{', "could not be read: SyntaxError: Expected property name or '}' in JSON"],
  ['[]', 'must hold a JSON object'],
  ['null', 'must hold a JSON object'],
  ['{"version":2,"hash":"x"}', 'must have "version" 1, got 2; write it again'],
  ['{"hash":"x"}', 'must have "version" 1, got undefined'],
  ['{"version":1,"hash":"x"}', `must have a SHA-256 as "hash", got 'x'; don't edit it`],
  [lockText(lock).replace('"size":2', '"size":3'), 'must have the hash of its files, got another; a merge or an edit'],
  [JSON.stringify({ version: 1, hash: lock.hash }), 'must have the hash of its files'],
  [JSON.stringify({ ...lock, files: [lock.files[0], lock.files[0]] }), 'must have the hash of its files'],
  [JSON.stringify({ ...lock, files: [{ ...lock.files[0], size: '2' }] }), 'must have the hash of its files'],
  [JSON.stringify({ ...lock, files: [null] }), 'must have the hash of its files'],
  [lockText(lock).replace('{', '{"\\u0068ash": "x",'), 'must have every key once, got one twice; a merge'],
  [lockText(lock).replace('"size":2', '"size":9,"size":2'), 'must have every key once'],
  ['{"version":1}', 'must have a SHA-256 as "hash", got undefined'],
])('fails for a file that holds %s', (text, message) => {
  expect(() => propertiesFor(text)).toThrow(`lock file '${path}' ${message}`);
});

test('finds the hash whatever the order of the list, as the uploader does', () => {
  const names = ['b', 'a', 'Z', 'é', '\u{1f600}', '\uffee', 'a/b', 'say "x": y'];
  const many = lockOf(names.map((name) => ({ name, size: 1, sha256: 'c'.repeat(64), crc32: 'AAAAAA==' })));
  const shuffled = JSON.stringify({ ...many, files: [...many.files].reverse() });

  expect(propertiesFor(shuffled)['LockHash']).toBe(many.hash);
});

test('fails for a file larger than any lock, without reading it', () => {
  const text = lockText(lock) + ' '.repeat(8 * 1024 * 1024);
  expect(() => propertiesFor(text)).toThrow('and no lock file has more than 8388608; give the path of');
});

test('fails for a file that is not there, and says which it should be', () => {
  const bucket = Bucket.fromBucketName(testStack(), 'Bucket', 'weights');
  expect(() => ModelSource.lockFile('no/such.json', { bucket })).toThrow(
    /lock file 'no\/such\.json' could not be read: Error: ENOENT.*; give the path of the gpt-oss\.lock\.json that/,
  );
});
