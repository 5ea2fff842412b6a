import { execFileSync } from 'node:child_process';
import promises, { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '../../weights/check/check';
import { localFolder } from '../../weights/local-folder';
import { MAX_FILES } from '../../weights/model-folder';
import { applyRepairs } from '../../weights/repair/local-folder';
import { planRepair } from '../../weights/repair/plan';
import { repaired } from '../../weights/repair/repaired';
import { INDEX, SHARDS, shardOf, tinyModel, tinyTensors, type TinyFiles } from './tiny-model';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'local-folder-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function write(files: TinyFiles, folder = join(root, 'model')): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const names = async (folder: string) => (await localFolder(folder).list()).map(({ name }) => name).sort();

test('a listing names files from the folder on, and does not look into .git and .cache', async () => {
  const folder = await write({
    'config.json': '{}',
    'original/a/b.json': 'four',
    '.git/objects/ab/cd': '',
    '.cache/huggingface/x': '',
    'sub/.git/HEAD': '',
  });
  const files = await localFolder(folder).list();
  expect(files.map(({ name, size }) => [name, size]).sort()).toEqual([
    ['.cache/', 0],
    ['.git/', 0],
    ['config.json', 2],
    ['original/a/b.json', 4],
    ['sub/.git/', 0],
  ]);
});

test('a file that is written again has another etag', async () => {
  const folder = await write({ 'config.json': '{}' });
  const [before] = await localFolder(folder).list();
  await writeFile(join(folder, 'config.json'), '{ }');
  const [after] = await localFolder(folder).list();
  expect(after?.etag).not.toBe(before?.etag);
});

test('bytes are read from a place on, and fewer where the file ends', async () => {
  const folder = localFolder(await write({ 'a.txt': 'abcdef' }));
  const read = async (offset: number, length: number) =>
    Buffer.from(await folder.readBytes('a.txt', offset, length)).toString();
  expect(await read(1, 3)).toBe('bcd');
  expect(await read(4, 1e12)).toBe('ef');
  expect(await read(9, 3)).toBe('');
  expect(await folder.readText('a.txt', 6)).toBe('abcdef');
  await expect(folder.readText('a.txt', 5)).rejects.toThrow('a.txt is larger than 5 bytes');
});

describe('links', () => {
  test("of Hugging Face's cache are followed, under the link's name", async () => {
    const model = tinyModel();
    const snapshot = join(root, 'models--openai--gpt-oss-20b', 'snapshots', '6cee5e8');
    const blobs = join(root, 'models--openai--gpt-oss-20b', 'blobs');
    await mkdir(join(snapshot, 'original'), { recursive: true });
    await mkdir(blobs);
    for (const [n, [name, content]] of Object.entries(model).entries()) {
      await writeFile(join(blobs, `${n}`), content);
      await symlink(`../../blobs/${n}`, join(snapshot, name));
    }
    await symlink('../../../blobs/0', join(snapshot, 'original', 'config.json'));
    const findings = await check(localFolder(snapshot));
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect((await names(snapshot)).length).toBe(Object.keys(model).length + 1);
  });

  test('within the folder are followed, and a link to a folder is listed where it leads', async () => {
    const folder = await write({ 'real/config.json': '{}' });
    await symlink('real/config.json', join(folder, 'config.json'));
    await symlink('real', join(folder, 'other'));
    await symlink('.', join(folder, 'real', 'loop'));
    expect(await names(folder)).toEqual(['config.json', 'real/config.json']);
  });

  test.each([
    ['a file outside', '../secret', 'is a link out of the folder', 'cp -L'],
    ['a file outside by its whole path', '/etc/passwd', 'is a link out of the folder', 'cp -L'],
    ['a folder outside', '..', 'is a link out of the folder', 'cp -L'],
    ['blobs that are not of a cache', '../../blobs/1', 'is a link out of the folder', 'cp -L'],
    ['nothing', 'lost', 'is a link to nothing', 'put the file itself there'],
    ['itself', 'config.json', 'is a link that leads to itself', 'put the file itself there'],
  ])('fails as a finding when one leads to %s, and the other files are checked', async (_, target, problem, remedy) => {
    const folder = await write({ ...tinyModel(), 'tokenizer.json': '[]' }, join(root, 'deep', 'model'));
    await rm(join(folder, 'config.json'));
    await mkdir(join(root, 'blobs'));
    await writeFile(join(root, 'blobs', '1'), 'no');
    await writeFile(join(root, 'deep', 'secret'), 'no');
    await symlink(target, join(folder, 'config.json'));
    const errors = (await check(localFolder(folder))).filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([
      expect.objectContaining({ code: 'json-invalid', file: 'tokenizer.json' }),
      expect.objectContaining({
        code: 'unreadable-file',
        file: 'config.json',
        problem: expect.stringContaining(problem) as unknown,
        remedy: expect.stringContaining(remedy) as unknown,
      }),
    ]);
  });

  test('fails to read through a link that was put there after the listing', async () => {
    const folder = await write({ 'config.json': '{}' });
    const listed = localFolder(folder);
    await rm(join(folder, 'config.json'));
    await symlink('/etc/passwd', join(folder, 'config.json'));
    await expect(listed.readText('config.json', 1e6)).rejects.toThrow('is a link out of the folder');
  });
});

test('fails in printable words for a file with a hostile name', async () => {
  const folder = localFolder(await write({ 'config.json': '{}' }));
  await expect(folder.readText('\u001b[31m\u202e', 1)).rejects.toThrow(/^\P{C}+$/u);
});

test('a pipe is no file, and does not make a check wait', async () => {
  const folder = await write(tinyModel());
  await rm(join(folder, 'config.json'));
  execFileSync('mkfifo', [join(folder, 'config.json')]);
  expect(await names(folder)).not.toContain('config.json');
  expect((await check(localFolder(folder))).map(({ code }) => code)).toContain('file-missing');
  await expect(localFolder(folder).readBytes('config.json', 0, 10)).rejects.toThrow('config.json cannot be read');
});

test('a folder in it that cannot be read is named, and everything else is checked', async () => {
  const folder = await write({ ...tinyModel(), 'original/config.json': '{}' });
  const actual = promises.readdir;
  // root may read everything, so that no rights that a test could set would do
  const spy = jest
    .spyOn(promises, 'readdir')
    .mockImplementation(((path: string, options: { withFileTypes: true }) =>
      path.endsWith('original/')
        ? Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }))
        : actual(path, options)) as unknown as typeof promises.readdir);
  try {
    const listed = await localFolder(folder).list();
    expect(listed.find(({ unreadable }) => unreadable)).toMatchObject({
      name: 'original/',
      unreadable: { problem: 'may not be read by this user', remedy: expect.stringContaining('chmod') as unknown },
    });
    const errors = (await check(localFolder(folder))).filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([]);
  } finally {
    spy.mockRestore();
  }
});

test('a folder of too many files is listed to a little more than that', async () => {
  const folder = await write({});
  await mkdir(folder, { recursive: true });
  for (const part of ['a', 'b', 'c']) {
    await mkdir(join(folder, part));
    await Promise.all(Array.from({ length: 4000 }, (_, n) => writeFile(join(folder, part, `${n}`), '')));
  }
  expect((await localFolder(folder).list()).length).toBeGreaterThan(MAX_FILES);
  expect((await check(localFolder(folder))).map(({ code }) => code)).toEqual(['too-many-files']);
}, 30_000); // it makes 12,000 files, for which a busy disk takes seconds

test('fails when there is no such folder, and when it is a file', async () => {
  await expect(check(localFolder(join(root, 'nowhere')))).rejects.toThrow("nowhere' is not a folder that can be read");
  await writeFile(join(root, 'file'), '');
  await expect(check(localFolder(join(root, 'file')))).rejects.toThrow("file' is not a folder that can be read");
});

test('a shard that becomes shorter after the listing is a finding', async () => {
  const folder = await write(tinyModel());
  const local = localFolder(folder);
  const listed = await local.list();
  await truncate(join(folder, SHARDS[0]), 100);
  const findings = await check({ ...local, list: () => Promise.resolve(listed) });
  expect(findings).toContainEqual(expect.objectContaining({ code: 'file-cut-off', file: SHARDS[0] }));
});

describe('repairs on disk', () => {
  const misnamed = (format: 'bf16' | 'mxfp4', from: RegExp, to: string) =>
    tinyModel(
      format,
      tinyTensors(format).map((found) => ({ ...found, name: found.name.replace(from, to) })),
    );

  test.each([
    ['shorter', misnamed('bf16', /(experts\.\w+_proj)$/, '$1_blocks')],
    ['longer', misnamed('mxfp4', /_blocks$/, '')],
  ])('put %s names into headers as the view shows them, and keep the originals', async (_, files) => {
    const folder = await write({ ...files, 'generation_config.json': '{}', 'model.safetensors': shardOf([]) });
    const local = localFolder(folder);
    const plan = await planRepair(local);
    const view = repaired(local, plan);
    const expected = new Map<string, string>();
    for (const { name } of await view.list()) {
      expected.set(name, Buffer.from(await view.readBytes(name, 0, 1e9)).toString('latin1'));
    }
    await applyRepairs(folder, plan);
    for (const [name, content] of expected) expect(await readFile(join(folder, name), 'latin1')).toBe(content);
    const changed = plan.map(({ file }) => file).filter((file) => file !== 'model.safetensors');
    for (const file of changed) {
      const original = file === 'generation_config.json' ? '{}' : (files[file] ?? '');
      expect((await readFile(join(folder, `${file}.orig`))).equals(Buffer.from(original))).toBe(true);
    }
    expect((await check(local)).filter(({ repairable }) => repairable)).toEqual([]);
    expect(await planRepair(local)).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await readdir(folder)).includes('model.safetensors')).toBe(false);
  });

  test('never write over an original that an earlier repair kept', async () => {
    const folder = await write({ ...tinyModel(), 'generation_config.json': '{"first": 1}' });
    await applyRepairs(folder, await planRepair(localFolder(folder)));
    await writeFile(join(folder, 'generation_config.json'), '{"second": 2}');
    await applyRepairs(folder, await planRepair(localFolder(folder)));
    expect(await readFile(join(folder, 'generation_config.json.orig'), 'utf8')).toBe('{"first": 1}');
    expect(await readFile(join(folder, 'generation_config.json.2.orig'), 'utf8')).toBe('{"second": 2}');
  });

  test.each(['../victim.json', '/victim.json', 'a/../../victim.json', '', '.'])(
    'fails before anything is written when one names %j',
    async (file) => {
      const folder = await write({ 'config.json': '{}' });
      await writeFile(join(root, 'victim.json'), 'untouched');
      const text = { kind: 'text', what: 'change it', before: '{}', after: 'changed' } as const;
      const repairs = [
        { ...text, file: 'config.json' },
        { ...text, file },
      ];
      await expect(applyRepairs(folder, repairs)).rejects.toThrow('cannot be repaired');
      await expect(applyRepairs(folder, [{ kind: 'leave-out', what: 'remove it', file }])).rejects.toThrow('repaired');
      expect(await readFile(join(root, 'victim.json'), 'utf8')).toBe('untouched');
      expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('{}');
    },
  );

  test('fails to write through a folder that is a link out of the folder', async () => {
    const folder = await write({ 'config.json': '{}' });
    await writeFile(join(root, 'victim.json'), 'untouched');
    await symlink('..', join(folder, 'sub'));
    const repair = {
      kind: 'text',
      file: 'sub/victim.json',
      what: 'change it',
      before: '{}',
      after: 'changed',
    } as const;
    await expect(applyRepairs(folder, [repair])).rejects.toThrow('is a link out of the folder');
    expect(await readFile(join(root, 'victim.json'), 'utf8')).toBe('untouched');
  });

  test('fails to read a shard through a link out of the folder', async () => {
    const folder = await write({ 'config.json': '{}' });
    await writeFile(join(root, 'secret'), 'a secret of more than eight bytes');
    await symlink('../secret', join(folder, 'model.safetensors'));
    for (const start of [new Uint8Array(8), new Uint8Array(16)]) {
      const shown = { what: 'rename tensors', before: '', after: '' };
      const repair = { kind: 'header', file: 'model.safetensors', ...shown, start, replaced: 8 } as const;
      await expect(applyRepairs(folder, [repair])).rejects.toThrow('is a link out of the folder');
    }
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors']);
  });

  test("leave the blobs of Hugging Face's cache alone", async () => {
    const snapshot = join(root, 'snapshots', 'abc');
    await write({ ...tinyModel(), [INDEX]: '{}' }, snapshot);
    await mkdir(join(root, 'blobs'));
    await writeFile(join(root, 'blobs', '1'), '{}');
    await rm(join(snapshot, INDEX));
    await symlink('../../blobs/1', join(snapshot, INDEX));
    await applyRepairs(snapshot, await planRepair(localFolder(snapshot)));
    expect(await readFile(join(root, 'blobs', '1'), 'utf8')).toBe('{}');
    expect((await check(localFolder(snapshot))).filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
