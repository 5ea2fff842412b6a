import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, report } from '../../../weights/check/check';
import { CODES } from '../../../weights/codes';
import type { Finding } from '../../../weights/finding';
import { Unreadable } from '../../../weights/model-folder';
import { bytesFolder } from '../bytes-folder';
import { INDEX, SHARDS, tinyModel, tinyTensors } from '../tiny-model';
import { CASES, edited, GOOD, without } from '../wrong-folders';

const all = Object.entries(CASES).flatMap(([code, cases]) => cases.map((found, n) => ({ ...found, code, n: n + 1 })));

test.each(all)('$code, case $n, is found', async ({ code, folder, address, ...wanted }) => {
  const findings = await check(bytesFolder(folder, address));
  const found = findings.filter((finding) => finding.code === code);
  const matching = found.find(
    ({ file, problem }) =>
      new RegExp(`^${wanted.file === undefined ? '' : escaped(wanted.file)}`).test(file) &&
      (typeof wanted.says === 'string' ? problem.includes(wanted.says) : wanted.says.test(problem)),
  );
  expect(matching ?? { code, ...wanted, instead: findings }).toMatchObject({
    severity: wanted.severity ?? 'error',
    repairable: wanted.repairable ?? false,
  });
});

const escaped = (name: string) => (name.startsWith('^') ? name.slice(1) : name.replace(/[.\\]/g, '\\$&'));

test.each([
  ['s3://weights/med', 'name the folder of one model, such as s3://weights/med/v3/'],
  [
    `hf://acme/med@${'a1'.repeat(20)}`,
    "download the folder of one model, such as v3/, with Hugging Face's own tool, and upload that: a folder of a repository cannot be named",
  ],
])('the remedy for a model below %s is one that we take', async (address, remedy) => {
  const files = Object.fromEntries(Object.entries(GOOD).map(([name, content]) => [`v3/${name}`, content]));
  const findings = await check(bytesFolder(files, address));
  expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'no-safetensors', remedy }]);
});

test('a 120B in BF16 is too large, and the remedy says that it must stay MXFP4', async () => {
  const big = { name: 'model.safetensors', size: 233_658_313_344, etag: '' };
  const folder = bytesFolder(edited(GOOD, 'config.json', '"num_local_experts": 4', '"num_local_experts": 128'));
  const files = await folder.list();
  const findings = await check({ ...folder, list: () => Promise.resolve([...files.filter(isText), big]) });
  expect(findings).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      code: 'too-large',
      problem: 'the weights have 233.66 GB, and Bedrock imports less than 200 GB',
    }),
  );
});

const isText = ({ name }: { readonly name: string }) => !name.endsWith('.safetensors') && name !== INDEX;

test('every code has a case here', () => {
  const codes = Object.keys(CODES).filter((code) => code !== 'too-large');
  const covered = Object.entries(CASES).flatMap(([code, cases]) => (cases.length > 0 ? [code] : []));
  expect(covered.sort()).toEqual(codes.sort());
});

test('every code has its line in the docs, and no other has', () => {
  const docs = readFileSync(join(__dirname, '../../../weights/FINDINGS.md'), 'utf8');
  const lines = [...docs.matchAll(/^\| `([a-z0-9-]+)` *\| (.+?) *\|$/gm)].map(
    ([, code, line]) => [code, line] as const,
  );
  expect(Object.fromEntries(lines)).toEqual(CODES);
});

const severities = (findings: readonly Finding[]) => findings.map(({ severity, code }) => `${severity} ${code}`);

test('a good folder has no errors', async () => {
  expect(severities(await check(bytesFolder(GOOD)))).toEqual(['warning unusual-size', 'note chat-template-separate']);
  expect(severities(await check(bytesFolder(tinyModel('mxfp4'))))).toEqual([
    'warning mxfp4-unconfirmed',
    'warning unusual-size',
    'note chat-template-separate',
  ]);
});

test('one shard of two is never called the whole model', async () => {
  const findings = await check(bytesFolder(without(GOOD, INDEX, SHARDS[1])));
  expect(findings.map(({ code }) => code)).not.toContain('single-file-without-index');
  expect(findings.find(({ code }) => code === 'index-missing')?.remedy).toContain('and the other shards');
});

test('a file that the listing knows to be unreadable is one finding, and the others are checked', async () => {
  const why = new Unreadable('LICENSE', 'is a link out of the folder', { remedy: 'put a copy there' });
  const folder = bytesFolder(edited(GOOD, 'config.json', '131072', '131073'));
  const files = [...(await folder.list()), { name: 'LICENSE', size: 0, etag: '', unreadable: why }];
  const findings = await check({ ...folder, list: () => Promise.resolve(files) });
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: 'unreadable-file',
      file: 'LICENSE',
      problem: 'is a link out of the folder',
      remedy: 'put a copy there',
    }),
  );
  expect(findings.map(({ code }) => code)).toContain('context-length');
});

test('the numbers of a model are not told when a shard of it cannot be read', async () => {
  const whole = (await report(bytesFolder(GOOD))).summary;
  const numbers = tinyTensors('bf16').map(({ shape }) => shape.reduce((product, size) => product * size, 1));
  expect(whole.parameters).toBe(numbers.reduce((sum, number) => sum + number, 0));
  const unread = { ...GOOD, [SHARDS[0]]: new Unreadable(SHARDS[0], 'is a folder') };
  expect((await report(bytesFolder(unread))).summary).toMatchObject({ parameters: 0, layers: 2 });
});

test('a file that stays behind may be unreadable', async () => {
  const why = new Unreadable('notes.txt', 'is a link out of the folder');
  const folder = bytesFolder(GOOD);
  const files = [...(await folder.list()), { name: 'notes.txt', size: 0, etag: '', unreadable: why }];
  const findings = await check({ ...folder, list: () => Promise.resolve(files) });
  expect(findings.map(({ code }) => code)).not.toContain('unreadable-file');
});

test("fails when the folder fails: that is the caller's to understand", async () => {
  const cut = new Error('connection was cut');
  const folder = bytesFolder(GOOD);
  await expect(check({ ...folder, list: () => Promise.reject(cut) })).rejects.toBe(cut);
  await expect(check({ ...folder, readText: () => Promise.reject(cut) })).rejects.toBe(cut);
  await expect(check({ ...folder, readBytes: () => Promise.reject(cut) })).rejects.toBe(cut);
});

test('fails when all that it reads has ended: whoever closes the folder then closes nothing in use', async () => {
  const folder = bytesFolder(GOOD);
  const cut = new Error('connection was cut');
  let reading = 0;
  const readBytes = async (name: string, offset: number, length: number) => {
    reading++;
    await new Promise((resolve) => setTimeout(resolve, 20));
    reading--;
    return folder.readBytes(name, offset, length);
  };
  await expect(check({ ...folder, readBytes, readText: () => Promise.reject(cut) })).rejects.toBe(cut);
  expect(reading).toBe(0);
});
