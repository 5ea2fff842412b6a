import { Bucket } from 'aws-cdk-lib/aws-s3';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLockFile } from '../../bin/cli/lock-file';
import { UsageError } from '../../bin/cli/usage-error';
import { GptOssImportedModel, ModelSource } from '../../lib';
import { lockedHash } from '../../lib/lock-file';
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

const AGAIN = "; 'bedrock-gpt-oss upload' writes it again when --lock names it";
const NONE = "; give the gpt-oss.lock.json that 'bedrock-gpt-oss upload' wrote";
const LATER = 'a later release wrote it, so update this package';
const altered = (change: Readonly<Record<string, unknown>>) => JSON.stringify({ ...lock, ...change });
const [file] = lock.files;

const UNUSABLE: readonly (readonly [string, string])[] = [
  ['{', `it is not JSON: "Expected property name or '}' in JSON at position 1`],
  ['', `it is not JSON: "Unexpected end of JSON input"${AGAIN}`],
  ['[]', `it is not a JSON object${NONE}`],
  ['null', `it is not a JSON object${NONE}`],
  ['{"name":"x","version":"1.0.0","files":[]}', `its "version" is not 1${NONE}`],
  [
    `<<<<<<< HEAD\n${lockText(lock)}`,
    "it has git's marks of a conflict: take one side as it is, a mixture of both is no",
  ],
  [altered({ version: 2 }), `its "version" is 2: ${LATER}`],
  [altered({ version: 1.5 }), `its "version" is 1.5: ${LATER}`],
  [altered({ version: 0 }), `its "version" is not 1${AGAIN}`],
  [altered({ hash: 'x' }), `its "hash" is not that of its files, which is ${lock.hash}${AGAIN}`],
  [lockText(lock).replace('"size":2', '"size":3'), 'its "hash" is not that of its files, which is '],
  [altered({ files: undefined }), `it has no list "files"${AGAIN}`],
  [altered({ files: [] }), `it has no list "files"${AGAIN}`],
  [altered({ files: Array(10_001).fill(file) }), `it lists more than 10000 files${AGAIN}`],
  [altered({ files: [file, file] }), `it lists config.json twice${AGAIN}`],
  [altered({ files: [{ ...file, size: '2' }] }), `the "size" of config.json is not a number of bytes${AGAIN}`],
  [altered({ files: [{ ...file, sha256: 'x' }] }), `the "sha256" of config.json is none${AGAIN}`],
  [altered({ files: [{ ...file, sha256: undefined }] }), `the "sha256" of config.json is not a text${AGAIN}`],
  [altered({ files: [{ size: 2 }] }), `the "name" of a file is not a text${AGAIN}`],
  [altered({ files: [null] }), `an entry of "files" is not an object${AGAIN}`],
  [altered({ deep: JSON.parse('['.repeat(64) + ']'.repeat(64)) as unknown }), `it nests deeper than 64${AGAIN}`],
  [lockText(lock).replace('{', '{"\\u0068ash": "x",'), `it has the key hash twice${AGAIN}`],
  [lockText(lock).replace('"size":2', '"size":9,"size":2'), `it has the key size twice${AGAIN}`],
];

test.each(UNUSABLE)('fails for a file that holds %j', (text, message) => {
  expect(() => propertiesFor(text)).toThrow(`lock file '${path}' cannot be used: ${message}`);
});

test.each(UNUSABLE)('fails for %j in the words of the command line', async (text) => {
  writeFileSync(path, text);
  const said = await readLockFile(path).catch((error: unknown) => (error instanceof UsageError ? error.message : ''));
  expect(said).toContain('cannot be used: ');
  expect(() => lockedHash(path)).toThrow(expect.objectContaining({ message: said }) as Error);
});

test('finds the hash whatever the order of the list, as the uploader does', () => {
  const names = ['b', 'a', 'Z', 'é', '\u{1f600}', '\uffee', 'a/b', 'say "x": y'];
  const many = lockOf(names.map((name) => ({ name, size: 1, sha256: 'c'.repeat(64), crc32: 'AAAAAA==' })));
  const shuffled = JSON.stringify({ ...many, files: [...many.files].reverse() });

  expect(propertiesFor(shuffled)['LockHash']).toBe(many.hash);
});

test('fails for a file larger than any lock, without reading it', () => {
  const text = lockText(lock) + ' '.repeat(8 * 1024 * 1024);
  expect(() => propertiesFor(text)).toThrow(`cannot be used: it has more than 8388608 bytes${NONE}`);
});

test('fails for a file that is not there, and for a folder, without words of the system', async () => {
  const missing = join(folder, 'no.json');
  expect(() => lockedHash(missing)).toThrow(`there is no lock file '${missing}'${NONE}, by its path from the folder`);
  await expect(readLockFile(missing)).rejects.toThrow(`there is no lock file '${missing}'${NONE}`);
  const words = `lock file '${folder}' cannot be used: it is a folder${NONE}`;
  expect(() => lockedHash(folder)).toThrow(words);
  await expect(readLockFile(folder)).rejects.toThrow(words);
});
