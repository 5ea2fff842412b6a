import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { manyFiles, text, zeros } from '../../../local/hugging-face';
import { ask, folderOf, hubOf } from './testbed';

const FILES = { 'a.txt': 'hello\n', 'sub/config.json': '{}', 'sub/deep/y': 'x', 'sub.d/z': 'z', sub0: 'w' };

test('commit and names are those that git computes of the same files', async () => {
  const hub = await hubOf({ repositories: { 'acme/git': folderOf(FILES) } });
  const { commit, files, folders } = await hub.at('acme/git');
  // git write-tree and git commit-tree -m files, by nobody <nobody@localhost> at the epoch
  expect(commit).toBe('9c7bbd9a889a25ecf81f65c8bd14f0092ea59454');
  expect(files.get('a.txt')?.oid).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  expect(folders.map(({ path }) => path)).toEqual(['sub', 'sub.d', 'sub/deep']);
});

test('the same bytes have the same commit, whatever folder they are in; other bytes have another', async () => {
  const changed = { ...FILES, 'a.txt': 'hallo\n' };
  const repositories = { 'a/one': folderOf(FILES), 'b/two': folderOf(FILES), 'c/three': folderOf(changed) };
  const hub = await hubOf({ repositories });
  const [one, two, three] = await Promise.all(Object.keys(repositories).map((id) => hub.at(id)));
  expect(two?.commit).toBe(one?.commit);
  expect(three?.commit).not.toBe(one?.commit);
});

test('a large file is known by its pointer to git and by its SHA-256 to LFS', async () => {
  const hub = await hubOf({ repositories: { 'acme/large': { made: { 'model.safetensors': text('weights') } } } });
  const file = (await hub.at('acme/large')).files.get('model.safetensors');
  const sha256 = createHash('sha256').update('weights').digest('hex');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize 7\n`;
  expect(file?.lfs).toMatchObject({ sha256, pointerSize: pointer.length });
  expect(file?.lfs?.xetHash).toMatch(/^[0-9a-f]{64}$/);
  expect(file?.oid).toBe(createHash('sha1').update(`blob ${pointer.length}\0${pointer}`).digest('hex'));
  expect(file?.lfs?.xetHash).not.toBe(sha256);
});

test('a file is large by its size too', async () => {
  const made = { 'tokenizer.json': zeros(100), 'config.json': zeros(99) };
  const hub = await hubOf({ repositories: { 'acme/sizes': { made } }, lfsBytes: 100 });
  const { files } = await hub.at('acme/sizes');
  expect([...files.values()].filter(({ lfs }) => lfs).map(({ path }) => path)).toEqual(['tokenizer.json']);
});

test('a branch that moves on names other files; its old commit stays', async () => {
  const hub = await hubOf({ repositories: { 'acme/moving': { made: { 'a.json': text('1') } } } });
  const { commit } = await hub.at('acme/moving');
  await hub.move('acme/moving', 'main', { made: { 'a.json': text('22') } });
  expect((await hub.at('acme/moving')).files.get('a.json')?.content.size).toBe(2);
  expect((await hub.at('acme/moving', commit)).files.get('a.json')?.content.size).toBe(1);
});

test('made-up files stand beside those of a folder, ten thousand if need be', async () => {
  const made = manyFiles(10_000);
  const hub = await hubOf({ repositories: { 'acme/many': { folder: folderOf({ 'config.json': '{}' }), made } } });
  expect((await hub.at('acme/many')).files.size).toBe(10_001);
});

test('fails to start with a folder that is not there, or a name without an owner', async () => {
  await expect(hubOf({ repositories: { 'acme/none': '/nowhere/at/all' } })).rejects.toThrow('ENOENT');
  await expect(hubOf({ repositories: { tiny: folderOf({}) } })).rejects.toThrow("an owner and a name, got 'tiny'");
});

test('fails with what is the matter when a file has gone before it was hashed', async () => {
  const folder = folderOf({ 'config.json': '{}' });
  const hub = await hubOf({ repositories: { 'acme/gone': folder } });
  rmSync(join(folder, 'config.json'));
  const answer = await ask(`${hub.url}/api/models/acme/gone`);
  expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('ENOENT')]);
});

test('fails to start on a port that is taken', async () => {
  const hub = await hubOf({ repositories: {} });
  await expect(hubOf({ repositories: {}, port: Number(new URL(hub.url).port) })).rejects.toThrow('EADDRINUSE');
});
