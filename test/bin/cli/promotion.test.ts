import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLock } from '../../../weights/lock';
import { ran, remove, s3Ground, type S3Ground, writtenFolder } from './ground';

let ground: S3Ground;
let folder: string;
let work: string;
let lockFile: string;

beforeEach(async () => {
  ground = await s3Ground();
  folder = writtenFolder('sharded-5.23');
  work = mkdtempSync(join(tmpdir(), 'cli-work-'));
  lockFile = join(work, 'gpt-oss.lock.json');
  await ran(['upload', folder, 's3://weights/', '--repair', '--lock', lockFile], ground);
});

afterEach(async () => {
  await ground.stop();
  remove(folder);
  remove(work);
});

const prefix = () => `gpt-oss-${parseLock(readFileSync(lockFile, 'utf8')).hash.slice(0, 16)}/`;
const verify = (...argv: string[]) => ran(['verify', ...argv, '--lock', lockFile], ground);

describe('copy', () => {
  const copy = () => ran(['copy', 's3://weights/', 's3://prod/', '--lock', lockFile], ground);

  test('brings what the lock lists to the other bucket, to the prefix of the content', async () => {
    const { code, stdout } = await copy();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^copied 11 files to s3:\/\/prod\/gpt-oss-\w{16}\/: /);
    expect((await verify('s3://prod/')).code).toBe(0);
    expect((await copy()).stdout).toContain('(already there: 11 files)');
  });

  test('fails where the original is not what the lock says', async () => {
    ground.s3.objects('weights').delete(`${prefix()}config.json`);
    const { code, stderr } = await copy();
    expect(code).toBe(1);
    expect(stderr).toContain('config.json');
    expect([...ground.s3.objects('prod').keys()]).not.toContain(`${prefix()}gpt-oss.lock.json`);
  });
});

describe('verify', () => {
  test('says yes by checksums, and by reading', async () => {
    for (const flags of [[], ['--deep']]) {
      const { code, stdout } = await verify('s3://weights/', ...flags);
      expect(code).toBe(0);
      expect(stdout).toBe(`verified: 11 files below s3://weights/${prefix()}\n`);
    }
  });

  test('names what is missing, different or surplus', async () => {
    const objects = ground.s3.objects('weights');
    const config = objects.get(`${prefix()}config.json`);
    if (!config) throw new Error('nothing was sent');
    objects.delete(`${prefix()}tokenizer.json`);
    objects.set(`${prefix()}generation_config.json`, config);
    objects.set(`${prefix()}more.json`, config);
    const { code, stdout } = await verify('s3://weights/');
    expect(code).toBe(1);
    expect(stdout).toBe(
      `different generation_config.json\nmissing   tokenizer.json\nsurplus   ${prefix()}more.json\nnot verified: s3://weights/${prefix()}\n`,
    );
    expect((await verify('s3://weights/', '--quiet')).stdout).toContain('missing   tokenizer.json');
  });

  test('says when it was stopped that it begins anew', async () => {
    const stop = new AbortController();
    ground.s3.mischief = () => {
      stop.abort();
      return undefined;
    };
    const argv = ['verify', 's3://weights/', '--lock', lockFile];
    const { code, stderr } = await ran(argv, { ...ground, signal: stop.signal });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `stopped; nothing was compared to the end, and the same command begins anew:\n  bedrock-gpt-oss ${argv.join(' ')}\n`,
    );
  });

  test('prints the same as JSON', async () => {
    const { stdout } = await verify('s3://weights/', '--json');
    const result: unknown = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(result).toMatchObject({ type: 'result', verified: true, surplus: [] });
  });
});

describe('download', () => {
  const target = () => join(work, 'model');
  const download = (...flags: string[]) => ran(['download', `s3://weights/${prefix()}`, target(), ...flags], ground);

  test('gets what was sent, and nothing twice', async () => {
    const { code, stdout } = await download();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^got 11 files into .*model: \d+\.\d kB in all, verified, in 0:0\d\n$/);
    expect(readdirSync(target()).sort()).toEqual(
      parseLock(readFileSync(lockFile, 'utf8')).files.map(({ name }) => name),
    );
    expect((await ran(['check', target()])).code).toBe(0);
    expect((await download()).stdout).toContain('got 0 files into');
  });

  test('replaces a file that was changed here only when told to', async () => {
    await download();
    const config = join(target(), 'config.json');
    const before = readFileSync(config, 'utf8');
    writeFileSync(config, before.replace('{', '{ '));
    expect((await download('--lock', lockFile)).stderr).toContain('config.json lies in the folder already');
    expect((await download('--lock', lockFile, '--replace')).stdout).toContain('got 1 file into');
    expect(readFileSync(config, 'utf8')).toBe(before);
  });

  test('says what else lies in the folder before it begins, and nothing where it may not see what will come', async () => {
    await download();
    writeFileSync(join(target(), 'notes.txt'), '');
    const line = `'${target()}' holds other things, too, which stay as they are: notes.txt\n`;
    expect((await download()).stderr).toBe(line);
    expect((await download('--lock', lockFile)).stderr).toBe(line);
    ground.s3.mischief = ({ operation }) => (operation === 'ListObjectsV2' ? 'AccessDenied' : undefined);
    expect(await download()).toMatchObject({ code: 0, stderr: '' });
  });

  test('fails where the listing of what will come fails otherwise, and asks again where that may help', async () => {
    await download();
    const listing = (fault: 'SlowDown' | 'NoSuchBucket') => {
      let asked = 0;
      ground.s3.mischief = ({ operation }) => (operation === 'ListObjectsV2' && asked++ === 0 ? fault : undefined);
    };
    listing('SlowDown');
    writeFileSync(join(target(), 'notes.txt'), '');
    expect(await download()).toMatchObject({ code: 0, stderr: expect.stringContaining('notes.txt') as string });
    listing('NoSuchBucket');
    expect(await download()).toMatchObject({ code: 1, stderr: expect.stringContaining('could not list') as string });
  });

  test('does not say verified of what nothing proves', async () => {
    const objects = ground.s3.objects('weights');
    objects.delete(`${prefix()}gpt-oss.lock.json`);
    for (const [key, object] of objects) objects.set(key, { ...object, crc32: '' });
    const { stdout } = await download();
    expect(stdout).toMatch(/^got 11 files into .*model: \d+\.\d kB in all, in 0:0\d\nnot verified, for want of a lock/);
  });

  test('refuses a bucket without a prefix and without a lock', async () => {
    const { code, stderr } = await ran(['download', 's3://weights/', target()], ground);
    expect(code).toBe(1);
    expect(stderr).toContain('s3://weights/ has no gpt-oss.lock.json at its root; say which prefix, or give the lock');
    expect((await ran(['download', 's3://weights/', target(), '--lock', lockFile], ground)).code).toBe(0);
  });

  test('fails where there is nothing to get', async () => {
    const { code, stderr } = await ran(['download', 's3://weights/v9/', target()], ground);
    expect(code).toBe(1);
    expect(stderr).toBe('error: there is nothing below s3://weights/v9/\n');
  });
});
