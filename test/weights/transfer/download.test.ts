import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidLockError, lockOf, lockText } from '../../../weights/lock';
import { download, type DownloadOptions, WholeBucketError } from '../../../weights/transfer/download';
import { localSource, localTarget } from '../../../weights/transfer/local-folder';
import { upload } from '../../../weights/transfer/upload';
import { LOCK } from '../../../weights/file-names';
import { MODEL, noise, SHARDS, transferGround, type TransferGround } from './ground';

const FILES: Readonly<Record<string, Buffer>> = {
  ...MODEL,
  NOTICE: Buffer.alloc(0),
  'assets/logo.svg': noise('logo', 2500),
};
const NAMES = Object.keys(FILES).sort();

let ground: TransferGround;
let folder: string;

beforeEach(async () => {
  ground = await transferGround();
  folder = mkdtempSync(join(tmpdir(), 'download-'));
  ground.write(FILES);
  const source = localSource(ground.folder);
  const { common, store } = ground;
  await upload({ ...common, source, files: NAMES, store, prefix: 'v1/' });
  ground.s3.asked.length = 0;
  ground.events.length = 0;
});

afterEach(async () => {
  await ground.end();
  rmSync(folder, { recursive: true });
});

const run = (options: Partial<DownloadOptions> = {}) =>
  download({ store: ground.store, prefix: 'v1/', target: localTarget(folder), ...ground.common, ...options });

/** Names that the folder has otherwise, or not at all. */
function wrong(): string[] {
  return Object.entries(FILES).flatMap(([name, content]) => {
    const path = join(folder, name);
    return existsSync(path) && readFileSync(path).equals(content) ? [] : [name];
  });
}
const parts = () => readdirSync(folder).filter((name) => name.endsWith('.part'));

test('a download is the folder that was uploaded', async () => {
  const result = await run();
  expect(wrong()).toEqual([]);
  expect(result).toMatchObject({ moved: NAMES, skipped: [], unproven: [] });
  expect(readdirSync(folder).sort()).toEqual([...NAMES.filter((name) => !name.includes('/')), 'assets'].sort());
  const bytes = Object.values(FILES).reduce((sum, { length }) => sum + length, 0);
  expect(ground.events.at(-1)).toEqual({ type: 'total', files: NAMES.length, bytes, moved: bytes });
});

test('files that are there already are not moved again, and others are replaced when that is wanted', async () => {
  await run();
  writeFileSync(join(folder, SHARDS[1]), noise('changed', 3000));
  expect(await run({ replace: true })).toMatchObject({
    moved: [SHARDS[1]],
    skipped: NAMES.filter((name) => name !== SHARDS[1]),
  });
  expect(wrong()).toEqual([]);
});

test('fails before another file of the same name, and leaves it', async () => {
  const own = noise('mine', 3000);
  writeFileSync(join(folder, SHARDS[1]), own);
  await expect(run()).rejects.toThrow(`${SHARDS[1]} lies in the folder already and has other content`);
  expect(readFileSync(join(folder, SHARDS[1]))).toEqual(own);
});

test('a download that was stopped goes on with what it has of a file', async () => {
  let asked = 0;
  ground.s3.mischief = ({ operation, key }) =>
    operation === 'GetObject' && key.endsWith(SHARDS[0]) && ++asked > 3 ? 'AccessDenied' : undefined;
  await expect(run()).rejects.toThrow('AccessDenied');
  await ground.s3.idle();
  ground.s3.mischief = undefined;
  expect(existsSync(join(folder, SHARDS[0]))).toBe(false);
  writeFileSync(join(folder, `${SHARDS[0]}.part`), FILES[SHARDS[0]]?.subarray(0, 3100) ?? '');
  ground.events.length = 0;
  await run();
  expect(wrong()).toEqual([]);
  const kept = ground.events.filter((event) => event.type === 'part' && event.file === SHARDS[0] && !event.moved);
  expect(kept).toHaveLength(3);
  expect(parts()).toEqual([]);
});

test('a wrong beginning that an earlier run left is noticed, and the file begun anew', async () => {
  writeFileSync(join(folder, `${SHARDS[0]}.part`), noise('wrong', 2000));
  writeFileSync(join(folder, `${SHARDS[1]}.part`), noise('too long', 20_000));
  await run();
  expect(wrong()).toEqual([]);
  expect(ground.events).toContainEqual(expect.objectContaining({ type: 'restarted', file: SHARDS[0] }));
});

test('faults on the way are repeated or noticed', async () => {
  const faults = ['damage-answer', 'cut-answer', 'SlowDown', 'hang', 'InternalError'] as const;
  let next = 0;
  ground.s3.mischief = ({ operation, key, count }) =>
    operation === 'GetObject' && !key.endsWith(LOCK) && count % 3 === 0 ? faults[next++] : undefined;
  await run();
  expect(wrong()).toEqual([]);
  expect(next).toBeGreaterThan(faults.length);
});

test('fails when every answer is damaged, and gives no file its name', async () => {
  ground.s3.mischief = ({ operation, key }) =>
    operation === 'GetObject' && key.endsWith(SHARDS[0]) ? 'damage-answer' : undefined;
  await expect(run()).rejects.toThrow(`s3://weights/v1/${SHARDS[0]} did not come as it should be`);
  expect(existsSync(join(folder, SHARDS[0]))).toBe(false);
});

test('fails when an object is another than the lock says, before a byte of it has come', async () => {
  const objects = ground.s3.objects('weights');
  const [one, other] = [objects.get(`v1/${SHARDS[0]}`), objects.get('v1/tokenizer.json')];
  if (one && other) objects.set(`v1/${SHARDS[0]}`, { ...one, bytes: noise('x', 4500), crc32: other.crc32 });
  await expect(run()).rejects.toThrow(`s3://weights/v1/${SHARDS[0]} is not what the lock file says; verify shows all`);
  const got = ground.s3.asked.filter(({ operation, key }) => operation === 'GetObject' && key.endsWith(SHARDS[0]));
  expect(got).toEqual([]);
});

test('fails when an object comes twice alike and is not what the lock says: a third time would not help', async () => {
  const objects = ground.s3.objects('weights');
  const one = objects.get(`v1/${SHARDS[0]}`);
  if (one) objects.set(`v1/${SHARDS[0]}`, { ...one, bytes: noise('rotten', 4500) });
  await expect(run()).rejects.toThrow('did not come as it should be, twice alike: the object itself is damaged');
  expect(ground.events.filter((event) => event.type === 'restarted' && event.file === SHARDS[0])).toHaveLength(1);
  // others that were under way may have left theirs, too
  expect(parts()).toContain(`${SHARDS[0]}.part`);
});

test('fails when an object is not what the lock says', async () => {
  ground.s3.objects('weights').delete(`v1/${SHARDS[0]}`);
  await expect(run()).rejects.toThrow(`there is no s3://weights/v1/${SHARDS[0]}`);
});

describe('without a lock', () => {
  beforeEach(() => {
    ground.s3.objects('weights').delete(`v1/${LOCK}`);
  });

  test('everything below the prefix is got, and proven by its checksum', async () => {
    expect(await run()).toMatchObject({ lock: undefined, moved: NAMES, unproven: [] });
    expect(wrong()).toEqual([]);
    expect(await run()).toMatchObject({ moved: [], skipped: NAMES });
  });

  test('fails with a key that would leave the folder', async () => {
    const objects = ground.s3.objects('weights');
    const [config] = [objects.get('v1/config.json')];
    if (config) objects.set('v1/../outside', config);
    await expect(run()).rejects.toThrow(InvalidLockError);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('fails to get a whole bucket, unless a lock lies at its root or is given', async () => {
  await expect(run({ prefix: '' })).rejects.toThrow(WholeBucketError);
  expect(readdirSync(folder)).toEqual([]);
  const objects = ground.s3.objects('weights');
  for (const [key, object] of [...objects]) objects.set(key.slice('v1/'.length), object);
  expect((await run({ prefix: '' })).moved).toEqual(NAMES);
});

test('fails with a lock below the prefix that would leave the folder', async () => {
  const hostile = lockOf([{ name: '../outside', size: 1, sha256: '0'.repeat(64), crc32: 'AAAAAA==' }]);
  const bytes = Buffer.from(lockText(hostile));
  ground.s3.objects('weights').set(`v1/${LOCK}`, { bytes, etag: '"lock"', crc32: '', versionId: '' });
  await expect(run()).rejects.toThrow('the name ../outside cannot be used');
});

describe('a folder with links', () => {
  let outside: string;

  beforeEach(() => {
    outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(outside, 'mine'), 'mine');
  });

  afterEach(() => {
    rmSync(outside, { recursive: true });
  });

  test.each(['mine', 'not there yet'])(
    'fails to write through a link in the place of an unfinished file (%s)',
    async (name) => {
      symlinkSync(join(outside, name), join(folder, `${SHARDS[0]}.part`));
      await expect(run()).rejects.toMatchObject({ code: 'ELOOP' });
      expect(readdirSync(outside)).toEqual(['mine']);
      expect(readFileSync(join(outside, 'mine'), 'utf8')).toBe('mine');
    },
  );

  test('fails to write through a folder that is a link out', async () => {
    symlinkSync(outside, join(folder, 'assets'));
    await expect(run()).rejects.toThrow('is a link out of the folder');
    expect(readdirSync(outside)).toEqual(['mine']);
  });

  test('fails before a pipe, for which it would wait for ever', async () => {
    execFileSync('mkfifo', [join(folder, 'config.json')]);
    await expect(run()).rejects.toThrow('config.json is no file');
    rmSync(join(folder, 'config.json'));
    execFileSync('mkfifo', [join(folder, 'config.json.part')]);
    await expect(run()).rejects.toThrow('config.json.part is no file');
  });

  test('goes into folders of its own that are links, and puts a file in the place of a link only when told to', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'assets'));
    writeFileSync(join(folder, 'real', 'other.json'), 'other');
    symlinkSync('real/other.json', join(folder, 'config.json'));
    await expect(run()).rejects.toThrow('config.json lies in the folder already');
    await run({ replace: true });
    expect(wrong()).toEqual([]);
    expect(readFileSync(join(folder, 'real', 'other.json'), 'utf8')).toBe('other');
  });
});

test("fails with a file that is called like another one's unfinished file", async () => {
  const file = (name: string) => ({ name, size: 0, sha256: '0'.repeat(64), crc32: 'AAAAAA==' });
  const lock = lockOf([file('a'), file('a.part')]);
  await expect(run({ lock })).rejects.toThrow('a.part cannot be got beside a, which has that name until it is whole');
  expect(readdirSync(folder)).toEqual([]);
});
