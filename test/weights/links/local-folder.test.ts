import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeOf, READ } from '../../../weights/links/local-folder';
import { Unreadable } from '../../../weights/model-folder';

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'links-')));
  await mkdir(join(root, 'repo', 'snapshots', 'c0ffee', 'sub'), { recursive: true });
  await mkdir(join(root, 'repo', 'blobs'));
  await mkdir(join(root, 'model'));
  for (const file of ['secret', 'model/a', 'repo/blobs/1', 'repo/secret', 'repo/snapshots/c0ffee/sub/b']) {
    await writeFile(join(root, file), file);
  }
});

afterEach(() => rm(root, { recursive: true, force: true }));

const place = async (folder: string, name: string) => (await placeOf(join(root, folder), name)).slice(root.length + 1);

test('a file lies where it lies, and a link of the folder where it leads', async () => {
  await symlink('a', join(root, 'model', 'link'));
  await symlink('model', join(root, 'alias'));
  expect(await place('model', 'a')).toBe('model/a');
  expect(await place('model', 'link')).toBe('model/a');
  expect(await place('alias', 'link')).toBe('model/a');
  expect(await place('model', '.')).toBe('model');
});

test("a link of Hugging Face's cache leads to its blobs", async () => {
  const snapshot = 'repo/snapshots/c0ffee';
  await symlink('../../blobs/1', join(root, snapshot, 'config.json'));
  expect(await place(snapshot, 'config.json')).toBe('repo/blobs/1');
  expect(await place(snapshot, 'sub/b')).toBe(`${snapshot}/sub/b`);
});

test.each([
  ['up by its name', 'model', '../secret', undefined],
  ['up by a link', 'model', 'link', '../secret'],
  ['to a folder whose name begins alike', 'model', 'link', '../model-of-another'],
  ['through a folder that is a link', 'model', 'link/secret', '..'],
  ['beside the blobs of the cache', 'repo/snapshots/c0ffee', 'link', '../../secret'],
  ['into blobs that are of no cache', 'repo/blobs', 'link', '../snapshots/c0ffee/sub/b'],
])('fails when a path leads out of the folder, %s', async (_, folder, name, target) => {
  await mkdir(join(root, 'model-of-another'));
  if (target !== undefined) await symlink(target, join(root, folder, 'link'));
  await expect(place(folder, name)).rejects.toThrow(Unreadable);
  await expect(place(folder, name)).rejects.toThrow('is a link out of the folder');
});

test("fails in the system's own words when a path leads nowhere", async () => {
  await symlink('link', join(root, 'model', 'link'));
  await expect(place('model', 'lost')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(place('model', 'link')).rejects.toMatchObject({ code: 'ELOOP' });
});

test('fails to open a link that was swapped in, and never waits for a pipe', async () => {
  await symlink('../secret', join(root, 'model', 'swapped'));
  await expect(open(join(root, 'model', 'swapped'), READ)).rejects.toMatchObject({ code: 'ELOOP' });
  execFileSync('mkfifo', [join(root, 'model', 'pipe')]);
  const pipe = await open(join(root, 'model', 'pipe'), READ);
  expect((await pipe.stat()).isFile()).toBe(false);
  await pipe.close();
});
