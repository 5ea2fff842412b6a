import { type LockedFile, lockOf, lockText, type Receipt, receiptText } from '../../../weights/lock';
import { lockProblems } from '../../../weights/lock/locked-folder';
import type { ModelFolder } from '../../../weights/model-folder';
import { LOCK, RECEIPT } from '../../../weights/file-names';
import { memoryFolder } from '../memory-folder';

const FILES = { 'config.json': '{}', 'model.safetensors': 'weights' };
const locked = (name: string, size: number): LockedFile => ({
  name,
  size,
  sha256: 'a'.repeat(64),
  crc32: 'AAAAAA==',
});
const lock = lockOf(Object.entries(FILES).map(([name, text]) => locked(name, text.length)));

/** The folder as an upload leaves it, but for what is given. */
async function uploaded(instead: Record<string, string | undefined> = {}, receipt: Partial<Receipt> = {}) {
  const files = (await memoryFolder(FILES).list()).map(({ name, etag }) => ({ name, etag }));
  const text = receiptText({ version: 1, hash: lock.hash, bucket: 'weights', prefix: 'v1/', files, ...receipt });
  const all: Record<string, string | undefined> = { ...FILES, [LOCK]: lockText(lock), [RECEIPT]: text, ...instead };
  const there = Object.entries(all).flatMap(([name, content]) => (content === undefined ? [] : [[name, content]]));
  return memoryFolder(Object.fromEntries(there) as Record<string, string>);
}

const problems = async (folder: Promise<ModelFolder>, hash = lock.hash) => lockProblems(await folder, hash);

test('a folder that is as it was uploaded has no problem', async () => {
  expect(await problems(uploaded())).toEqual([]);
});

test.each<[string, Record<string, string | undefined>, RegExp]>([
  ['a lock that is not there', { [LOCK]: undefined }, /no gpt-oss\.lock\.json.*not uploaded whole/],
  ['a lock that is damaged', { [LOCK]: '{' }, /gpt-oss\.lock\.json: it is not JSON/],
  ['a receipt that is not there', { [RECEIPT]: undefined }, /no gpt-oss\.receipt\.json/],
  ['a receipt that is damaged', { [RECEIPT]: '{"hash"' }, /no gpt-oss\.receipt\.json/],
  ['a receipt without files', { [RECEIPT]: JSON.stringify({ hash: lock.hash }) }, /no gpt-oss\.receipt\.json/],
  ['a file that is missing', { 'config.json': undefined }, /^missing: config\.json$/],
  ['a file of another size', { 'config.json': '{ }' }, /^changed after the upload: config\.json$/],
  ['a file of other bytes', { 'model.safetensors': 'WEIGHTS' }, /^changed after the upload: model\.safetensors$/],
  ['a file too many', { 'more.safetensors': 'x' }, /^not in the lock file: more\.safetensors$/],
])('tells of %s', async (_, instead, problem) => {
  expect(await problems(uploaded(instead))).toEqual([expect.stringMatching(problem)]);
});

test('tells of the upload of other content, with both hashes', async () => {
  const pinned = 'f'.repeat(64);
  expect(await problems(uploaded(), pinned)).toEqual([
    `the weights there have the hash ${lock.hash.slice(0, 16)}…, and the app's lock file ffffffffffffffff…`,
  ]);
});

test("takes another upload's receipt for none", async () => {
  expect(await problems(uploaded({}, { hash: 'f'.repeat(64) }))).toEqual([expect.stringMatching(/of this upload/)]);
});

test.each([LOCK, RECEIPT])('tells of a %s that is too large, and does not read it', async (name) => {
  const folder = await uploaded();
  const listed = (await folder.list()).map((file) => (file.name === name ? { ...file, size: 2 ** 30 } : file));
  const large = { ...folder, list: () => Promise.resolve(listed), readText: () => Promise.reject(new Error('read')) };
  expect(await lockProblems(large, lock.hash)).toEqual([expect.stringMatching(`${name} is larger than`)]);
});

test('fails when the folder cannot be read', async () => {
  const folder = { ...(await uploaded()), readText: () => Promise.reject(new Error('no network')) };
  await expect(lockProblems(folder, lock.hash)).rejects.toThrow('no network');
});
