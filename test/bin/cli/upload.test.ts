import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMPORTED_MODEL_TYPE } from '../../../lib/contract';
import { parseLock } from '../../../weights/lock';
import { fakeStacks, ran, remove, s3Ground, type S3Ground, writtenFolder } from './ground';

let ground: S3Ground;
let folder: string;
let work: string;
let lockFile: string;

beforeEach(async () => {
  ground = await s3Ground();
  folder = writtenFolder('sharded-5.23');
  work = mkdtempSync(join(tmpdir(), 'cli-work-'));
  lockFile = join(work, 'gpt-oss.lock.json');
});

afterEach(async () => {
  await ground.stop();
  remove(folder);
  remove(work);
});

const upload = (...flags: string[]) => ran(['upload', folder, ...flags, '--lock', lockFile], ground);
const keys = (bucket = 'weights') => [...ground.s3.objects(bucket).keys()].sort();
const lock = () => parseLock(readFileSync(lockFile, 'utf8'));

describe('upload', () => {
  test('sends nothing while there are errors, and says what would mend them', async () => {
    const lockFile = join(work, 'locks', 'gpt-oss.lock.json');
    const { code, stdout, stderr } = await ran(['upload', folder, 's3://weights/v1/', '--lock', lockFile], ground);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('[index-extra-metadata, repair mends it]');
    expect(stderr).toContain('nothing was sent: 2 errors; --repair mends that on the way\n');
    expect(ground.s3.asked).toEqual([]);
    expect(readdirSync(work)).toEqual([]); // not even a folder for the lock file
  });

  test('sends nothing while there are errors that no repair mends', async () => {
    writeFileSync(join(folder, 'config.json'), '{');
    const { code, stderr } = await upload('s3://weights/v1/', '--repair');
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing was sent: \d errors?\n$/);
    expect(ground.s3.asked).toEqual([]);
  });

  test.each([
    [`hf://openai/gpt-oss-20b@${'A1'.repeat(20)}`, { revision: 'a1'.repeat(20) }],
    ['openai/gpt-oss-20b', {}],
  ])('notes where the weights come from as it is read elsewhere: %s', async (source, revision) => {
    expect((await upload('s3://weights/v1/', '--repair', '--source', source)).code).toBe(0);
    expect(lock().source).toEqual({ repository: 'openai/gpt-oss-20b', ...revision });
  });

  test('mends on the way, and leaves the folder as it is', async () => {
    const index = join(folder, 'model.safetensors.index.json');
    const before = readFileSync(index, 'utf8');
    const { code, stdout, stderr } = await upload('s3://weights/v1/', '--repair', '--source', 'openai/gpt-oss-20b@v1');
    expect(code).toBe(0);
    expect(stderr).toContain('on the way, model.safetensors.index.json: remove total_parameters\n');
    expect(stdout).toMatch(/^sent 11 files to s3:\/\/weights\/v1\/: \d+\.\d kB in all, verified, in 0:0\d\n/);
    expect(stdout).toContain(`lock file: ${lockFile}, to be committed`);
    expect(readFileSync(index, 'utf8')).toBe(before);
    expect(ground.s3.objects('weights').get('v1/model.safetensors.index.json')?.bytes.toString()).not.toContain(
      'total_parameters',
    );
    expect(lock().source).toEqual({ repository: 'openai/gpt-oss-20b', revision: 'v1' });
    expect(
      keys()
        .map((key) => key.slice('v1/'.length))
        .filter((name) => !name.startsWith('gpt-oss.')),
    ).toEqual(lock().files.map(({ name }) => name));
  });

  test('finds everything there the second time, and writes the same lock', async () => {
    await upload('s3://weights/v1/', '--repair');
    const first = readFileSync(lockFile, 'utf8');
    const { code, stdout } = await upload('s3://weights/v1/', '--repair');
    expect(code).toBe(0);
    expect(stdout).toContain('sent 0 files to s3://weights/v1/ (already there: 11 files)');
    expect(readFileSync(lockFile, 'utf8')).toBe(first);
  });

  test('makes a prefix of the content where none is given', async () => {
    await upload('s3://weights', '--repair');
    const { hash } = lock();
    expect(keys().every((key) => key.startsWith(`gpt-oss-${hash.slice(0, 16)}/`))).toBe(true);
  });

  test('names what is no part of the model, and removes it only when told to', async () => {
    await upload('s3://weights/v1/', '--repair');
    const index = ground.s3.objects('weights').get('v1/model.safetensors.index.json');
    if (!index) throw new Error('no index was sent');
    ground.s3.objects('weights').set('v1/old.bin', index);
    expect((await upload('s3://weights/v1/', '--repair')).stdout).toContain('(--prune removes them): v1/old.bin');
    expect(keys()).toContain('v1/old.bin');
    expect((await upload('s3://weights/v1/', '--repair', '--prune')).stdout).toContain(
      'removed, as no part of the model: v1/old.bin',
    );
    expect(keys()).not.toContain('v1/old.bin');
  });

  test('leaves a finished upload of other content alone, unless told to replace it', async () => {
    await upload('s3://weights/v1/', '--repair');
    writeFileSync(join(folder, 'README.md'), 'another');
    const { code, stderr } = await upload('s3://weights/v1/', '--repair');
    expect(code).toBe(1);
    expect(stderr).toContain('error: s3://weights/v1/ holds a finished upload of other content');
    expect(stderr).toContain('(to replace it, give --replace)\n');
    expect((await upload('s3://weights/v1/', '--repair', '--replace')).code).toBe(0);
  });

  test('stopped half-way, says how to go on, and goes on from there', async () => {
    const stop = new AbortController();
    ground.s3.mischief = ({ operation, count }) => {
      if (operation === 'PutObject' && count > 12) stop.abort();
      return undefined;
    };
    const argv = ['upload', folder, 's3://weights/v1/', '--repair', '--lock', lockFile];
    const { code, stderr } = await ran(argv, { ...ground, signal: stop.signal });
    expect(code).toBe(1);
    expect(stderr).toContain(
      `stopped; what is there stays, and the same command goes on from there:\n  bedrock-gpt-oss ${argv.join(' ')}\n`,
    );
    expect(existsSync(lockFile)).toBe(false);
    expect(keys()).not.toContain('v1/gpt-oss.lock.json');
    ground.s3.mischief = undefined;
    const again = await ran(argv, ground);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/\(already there: \d+ files?\)/);
  });

  test('says in one line why it failed for good', async () => {
    const { code, stderr } = await upload('s3://nowhere/v1/', '--repair', '--quiet');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: could not list s3:\/\/nowhere\/v1\/: NoSuchBucket: .*\n$/);
  });

  test('asks for the bucket of the account that was named, and notes it in the receipt', async () => {
    const store = jest.fn(ground.outside.store);
    const flags = [
      '--repair',
      '--lock',
      lockFile,
      '--bucket-owner',
      '111122223333',
      '--kms-key',
      'alias/weights',
      '--region',
      'us-east-1',
    ];
    const { code } = await ran(['upload', folder, 's3://weights/v1/', ...flags], {
      outside: { ...ground.outside, store },
    });
    expect(code).toBe(0);
    expect(store).toHaveBeenCalledWith('weights', {
      region: 'us-east-1',
      kmsKey: 'alias/weights',
      owner: '111122223333',
    });
    const receipt = ground.s3.objects('weights').get('v1/gpt-oss.receipt.json')?.bytes.toString() ?? '{}';
    expect(JSON.parse(receipt)).toMatchObject({ account: '111122223333' });
  });

  test('says nothing with --quiet', async () => {
    expect(await upload('s3://weights/v1/', '--repair', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('tells every event with --json, the result as the last', async () => {
    const { stdout } = await upload('s3://weights/v1/', '--repair', '--json');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'plan', files: 11 });
    expect(events.at(-2)).toMatchObject({ type: 'total', files: 11 });
    expect(events.at(-1)).toMatchObject({
      type: 'result',
      address: 's3://weights/v1/',
      hash: lock().hash,
      lockFile,
      skipped: [],
    });
  });
});

describe('the lock file of another model', () => {
  const here = process.cwd();
  const uploadHere = (...flags: string[]) => ran(['upload', folder, 's3://weights/', '--repair', ...flags], ground);

  beforeEach(async () => {
    process.chdir(work);
    await uploadHere('--source', 'openai/gpt-oss-20b@1');
  });

  afterEach(() => {
    process.chdir(here);
  });

  test('is not overwritten by an upload that does not name it, and nothing is sent', async () => {
    const before = readFileSync(lockFile, 'utf8');
    const sent = keys();
    writeFileSync(join(folder, 'README.md'), 'another');
    for (const flags of [[], ['--source', 'me/mine']]) {
      const { code, stdout, stderr } = await uploadHere(...flags);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(
        "'gpt-oss.lock.json' is the lock file of another model (openai/gpt-oss-20b); name one with --lock, this one to replace it",
      );
    }
    expect(readFileSync(lockFile, 'utf8')).toBe(before);
    expect(keys()).toEqual(sent);
    expect((await uploadHere('--lock', 'gpt-oss.lock.json')).code).toBe(0);
    expect(readFileSync(lockFile, 'utf8')).not.toBe(before);
  });

  test('is known by its hash, too, which is known when all is sent', async () => {
    const before = readFileSync(lockFile, 'utf8');
    const readme = join(folder, 'LICENSE');
    writeFileSync(readme, 'one');
    await uploadHere('--lock', 'gpt-oss.lock.json');
    const locked = readFileSync(lockFile, 'utf8');
    expect(locked).not.toBe(before);
    writeFileSync(readme, 'two');
    const { code, stderr } = await uploadHere();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /everything is in s3:\/\/weights\/gpt-oss-\w{16}\/, and verified; only the lock file is not/,
    );
    expect(readFileSync(lockFile, 'utf8')).toBe(locked);
    expect((await uploadHere('--lock', 'gpt-oss.lock.json')).stdout).toContain('sent 0 files');
  });

  test('is none where the source is the same, or the content', async () => {
    expect((await uploadHere()).code).toBe(0);
    await uploadHere('--source', 'openai/gpt-oss-20b@1');
    writeFileSync(join(folder, 'README.md'), 'another');
    expect((await uploadHere('--source', 'openai/gpt-oss-20b@2')).code).toBe(0);
    expect(lock().source?.revision).toBe('2');
  });
});

test.each([
  [
    'a conflict of two branches',
    '{\n<<<<<<< HEAD\n  "version": 1,\n=======\n  "version": 1,\n>>>>>>> other\n}\n',
    /git's marks/,
  ],
  ['eight megabytes and more', ' '.repeat(8 * 1024 * 1024 + 1), /it has more than 8388608 bytes/],
])('a lock file with %s is refused before anything is sent', async (_, text, why) => {
  writeFileSync(lockFile, text);
  const { code, stderr } = await upload('s3://weights/v1/', '--repair');
  expect(code).toBe(2);
  expect(stderr).toMatch(why);
  expect(ground.s3.asked).toEqual([]);
});

test('a lock file that cannot be written is told before anything is sent, not after hours', async () => {
  const name = `${'x'.repeat(246)}.json`; // what is written first has five letters more, and 255 are the most
  const { code, stderr } = await ran(
    ['upload', folder, 's3://weights/v1/', '--repair', '--lock', join(work, name)],
    ground,
  );
  expect(code).toBe(2);
  expect(stderr).toContain('cannot be written: ENAMETOOLONG; name another by --lock');
  expect(ground.s3.asked).toEqual([]);
  expect(readdirSync(work)).toEqual([]);
});

describe('a lock file that is damaged', () => {
  const damage = (change: (text: string) => string) => {
    writeFileSync(lockFile, change(readFileSync(lockFile, 'utf8')));
  };

  beforeEach(async () => {
    await upload('s3://weights/v1/', '--repair');
  });

  test.each([
    ['hash', (text: string) => text.replace(/"hash": "./, '"hash": "x')],
    ['list', (text: string) => text.replace(/"size":\d/, '"size":9')],
    ['version', (text: string) => text.replace('"version": 1', '"version": 0')],
    ['end', (text: string) => text.slice(0, -20)],
    ['whole', () => ''],
  ])('in its %s is written again by an upload that names it, and by no other', async (_, change) => {
    const whole = readFileSync(lockFile, 'utf8');
    damage(change);
    const here = process.cwd();
    process.chdir(work);
    const unnamed = await ran(['upload', folder, 's3://weights/v1/', '--repair'], ground);
    process.chdir(here);
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toContain("'bedrock-gpt-oss upload' writes it again when --lock names it");
    expect((await upload('s3://weights/v1/', '--repair')).code).toBe(0);
    expect(readFileSync(lockFile, 'utf8')).toBe(whole);
  });

  test.each([
    ['of a later release', (text: string) => text.replace('"version": 1', '"version": 2'), 'so update this package'],
    ['half merged', (text: string) => `<<<<<<< HEAD\n${text}`, 'take one side as it is'],
    ['no lock file', () => '{"version": "1.0.0", "files": []}', 'remove it, or name another file by --lock'],
  ])('stays where it is %s, named or not', async (_, change, words) => {
    damage(change);
    const before = readFileSync(lockFile, 'utf8');
    const { code, stderr } = await upload('s3://weights/v1/', '--repair');
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(readFileSync(lockFile, 'utf8')).toBe(before);
  });
});

test('upload --json tells why nothing was sent', async () => {
  const { code, stdout, stderr } = await upload('s3://weights/v1/', '--json');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'refused',
    findings: [{ code: 'index-extra-metadata' }, {}, {}, {}, {}],
  });
});

describe('upload --stack', () => {
  const model = (prefix: string) => ({
    Type: IMPORTED_MODEL_TYPE,
    Properties: { Bucket: { Ref: 'ModelWeights' }, Prefix: prefix },
    Metadata: { 'aws:cdk:path': 'App/Model/Resource/Default' },
  });
  const waiting = {
    status: 'CREATE_IN_PROGRESS',
    resources: new Map([['ModelWeights', 'weights']]),
    template: { Resources: { ModelWeights: { Type: 'AWS::S3::Bucket' }, ModelImport: model('v7/') } },
  };

  test('sends to where the stack waits', async () => {
    const stacks = () => Promise.resolve(fakeStacks({ App: waiting }));
    const { code } = await ran(['upload', folder, '--stack', 'App', '--repair', '--lock', lockFile], {
      outside: { ...ground.outside, stacks },
    });
    expect(code).toBe(0);
    expect(keys()).toContain('v7/config.json');
  });

  test('stops while it waits for the bucket', async () => {
    const stacks = () => Promise.resolve(fakeStacks({ App: { ...waiting, resources: new Map() } }));
    const { code, stderr } = await ran(
      ['upload', folder, '--stack', 'App', '--repair', '--lock', lockFile, '--quiet'],
      {
        outside: { ...ground.outside, stacks },
        signal: AbortSignal.timeout(200),
      },
    );
    expect(code).toBe(1);
    expect(stderr).toBe('stack App is CREATE_IN_PROGRESS; waiting for its bucket\nstopped\n');
  });

  test('fails by name where there is no such stack', async () => {
    const stacks = () => Promise.resolve(fakeStacks({}));
    const { code, stderr } = await ran(['upload', folder, '--stack', 'App', '--repair', '--lock', lockFile], {
      outside: { ...ground.outside, stacks },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('there is no stack App in this account and Region');
  });
});
