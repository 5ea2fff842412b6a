import { renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLock } from '../../../weights/lock';
import { s3Folder } from '../../../weights/s3';
import { S3Client } from '@aws-sdk/client-s3';
import { FileChangedError } from '../../../weights/transfer/digest';
import { localSource } from '../../../weights/transfer/local-folder';
import { PrefixTakenError } from '../../../weights/transfer/claim';
import { patched, type Source } from '../../../weights/transfer/source';
import type { Store } from '../../../weights/transfer/store';
import { upload, type UploadOptions } from '../../../weights/transfer/upload';
import { LOCK } from '../../../weights/file-names';
import { uploadState } from '../../../weights/upload-state';
import { clientOf, INDEX, MODEL, noise, SHARDS, transferGround, type TransferGround } from './ground';

const RECEIPT = 'gpt-oss.receipt.json';
const NAMES = Object.keys(MODEL).sort();

let ground: TransferGround;

beforeEach(async () => {
  ground = await transferGround();
  ground.write(MODEL);
});

afterEach(() => ground.end());

const run = (options: Partial<UploadOptions> = {}) =>
  upload({
    source: localSource(ground.folder),
    files: NAMES,
    store: ground.store,
    prefix: 'v1/',
    ...ground.common,
    ...options,
  });

const stored = (key: string) => ground.s3.objects('weights').get(key)?.bytes;
const text = (key: string) => stored(key)?.toString() ?? '';
const requests = (operation: string) => ground.s3.asked.filter((asked) => asked.operation === operation);
const written = () =>
  ground.s3.asked
    .filter(({ operation }) => ['PutObject', 'CompleteMultipartUpload'].includes(operation))
    .map(({ key }) => key.slice('v1/'.length));

/** Names that the prefix has otherwise than these files are, or that its lock file doesn't list: none when it is whole. */
function wrong(files: Readonly<Record<string, Buffer>> = MODEL): string[] {
  const locked = parseLock(text(`v1/${LOCK}`)).files.map(({ name }) => name);
  const names = new Set([...Object.keys(files), ...locked]);
  return [...names].filter(
    (name) => !files[name] || !stored(`v1/${name}`)?.equals(files[name]) || !locked.includes(name),
  );
}

async function prefixState() {
  const client = new S3Client(clientOf(ground.s3.url));
  return (await uploadState(s3Folder(client, 'weights', 'v1/'))).state;
}

describe('an upload', () => {
  test('sends every file, and locks what it sent', async () => {
    const result = await run({
      origin: { repository: 'openai/gpt-oss-20b', revision: '6cee5e8' },
      account: '111122223333',
    });
    expect(wrong()).toEqual([]);
    expect(result).toMatchObject({ bucket: 'weights', prefix: 'v1/', moved: NAMES, skipped: [], stale: [] });
    expect(parseLock(text(`v1/${LOCK}`))).toEqual(result.lock);
    expect(result.lock.source).toEqual({ repository: 'openai/gpt-oss-20b', revision: '6cee5e8' });
    expect(JSON.parse(text(`v1/${RECEIPT}`))).toMatchObject({
      bucket: 'weights',
      prefix: 'v1/',
      account: '111122223333',
    });
    expect(await prefixState()).toBe('whole');
    expect(ground.s3.unfinished()).toBe(0);
  });

  test('sends config.json and the index after all that they speak of, then the receipt, then the lock', async () => {
    await run();
    expect(written().slice(-4)).toEqual(['config.json', INDEX, RECEIPT, LOCK]);
  });

  test('gives the same lock in every bucket and under every prefix', async () => {
    const here = await run();
    const there = await run({ store: ground.storeOf('prod'), prefix: 'other/' });
    expect(there.lock).toEqual(here.lock);
    expect(ground.s3.objects('prod').get(`other/${LOCK}`)?.bytes.toString()).toBe(text(`v1/${LOCK}`));
  });

  test('without a prefix goes to the one that its content gives', async () => {
    const { prefix, lock } = await run({ prefix: undefined });
    expect(prefix).toBe(`gpt-oss-${lock.hash.slice(0, 16)}/`);
    expect(stored(`${prefix}${LOCK}`)).toBeDefined();
    expect((await run({ prefix: undefined })).skipped).toEqual(NAMES);
  });

  test('of the same files again sends nothing and changes nothing', async () => {
    const first = await run();
    const before = ground.s3.asked.length;
    const again = await run();
    expect(again).toMatchObject({ lock: first.lock, moved: [], skipped: NAMES });
    const kinds = new Set(ground.s3.asked.slice(before).map(({ operation }) => operation));
    expect([...kinds].sort()).toEqual(['GetObject', 'HeadObject', 'ListMultipartUploads', 'ListObjectsV2']);
  });

  test('sends a view of the folder as the view has it', async () => {
    const config = Buffer.from('{"model_type": "gpt_oss", "swiglu_limit": 7.0}');
    const head = noise('a new header', 700);
    const patches = new Map([
      ['config.json', { content: config }],
      [SHARDS[0], { head, from: 500 }],
    ]);
    await run({ source: patched(localSource(ground.folder), patches) });
    const shard = Buffer.concat([head, MODEL[SHARDS[0]]?.subarray(500) ?? Buffer.alloc(0)]);
    expect(wrong({ ...MODEL, 'config.json': config, [SHARDS[0]]: shard })).toEqual([]);
  });

  test('sends empty files and names of any language', async () => {
    const files = { ...MODEL, NOTICE: Buffer.alloc(0), 'Übersicht & 模型 +1.md': Buffer.from('x') };
    ground.write(files);
    await run({ files: Object.keys(files) });
    expect(wrong(files)).toEqual([]);
  });

  test('tells what it does', async () => {
    await run();
    const bytes = NAMES.reduce((sum, name) => sum + (MODEL[name]?.length ?? 0), 0);
    expect(ground.events[0]).toEqual({ type: 'plan', files: NAMES.length, bytes });
    expect(ground.events.at(-1)).toEqual({ type: 'total', files: NAMES.length, bytes, moved: bytes });
    const parts = ground.events.filter((event) => event.type === 'part');
    expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes);
    expect(ground.events.filter(({ type }) => type === 'done')).toHaveLength(NAMES.length);
  });
});

describe('an upload after one that was stopped', () => {
  /** Stops after so many parts. */
  async function stopped(afterParts: number): Promise<void> {
    const stop = new AbortController();
    let parts = 0;
    const onEvent = (event: { readonly type: string }) => {
      if (event.type === 'part' && ++parts === afterParts) stop.abort(new Error('stopped'));
    };
    ground.s3.mischief = ({ operation, partNumber }) =>
      operation === 'UploadPart' && partNumber > 1 ? 'slow' : undefined;
    await expect(run({ signal: stop.signal, onEvent })).rejects.toThrow('stopped');
    ground.s3.mischief = undefined;
    expect(await prefixState()).not.toBe('whole');
    expect(stored(`v1/${LOCK}`)).toBeUndefined();
  }

  test('goes on with the parts that arrived', async () => {
    await stopped(4);
    const before = new Set(requests('UploadPart').map(({ key, partNumber }) => `${key} ${partNumber}`));
    ground.s3.asked.length = 0;
    ground.events.length = 0;
    await run();
    expect(wrong()).toEqual([]);
    expect(ground.s3.unfinished()).toBe(0);
    const there = ground.events.filter((event) => event.type === 'part' && !event.moved);
    expect(there.length).toBeGreaterThan(0);
    expect(there.length).toBeLessThanOrEqual(before.size + 2);
    expect(requests('UploadPart')).toHaveLength(
      8 -
        there.filter((event) => event.type === 'part' && event.bytes >= 500 && event.file.startsWith('model-')).length,
    );
  });

  test('sends the parts again that have changed since', async () => {
    await stopped(4);
    const changed = { ...MODEL, [SHARDS[0]]: noise('another', 4500), [SHARDS[1]]: noise('others', 3000) };
    ground.write(changed);
    await run();
    expect(wrong(changed)).toEqual([]);
  });

  test('gives up what was begun for a file of another size, or twice', async () => {
    await stopped(4);
    await ground.store.begin(`v1/${SHARDS[1]}`, new AbortController().signal);
    const changed = { ...MODEL, [SHARDS[0]]: noise('one', 5700) };
    ground.write(changed);
    await run();
    expect(wrong(changed)).toEqual([]);
    expect(ground.s3.unfinished()).toBe(0);
  });

  test('leaves alone what others began below the prefix', async () => {
    await ground.store.begin('v1/theirs.bin', new AbortController().signal);
    await ground.store.begin(`v1/${SHARDS[1]}.other`, new AbortController().signal);
    await run();
    expect(ground.s3.unfinished()).toBe(2);
  });
});

describe('a prefix with a finished upload', () => {
  const changed = {
    ...MODEL,
    'config.json': Buffer.from('{"model_type": "gpt_oss", "x": 1}'),
    [SHARDS[0]]: noise('other', 4500),
  };

  beforeEach(async () => {
    await run();
    ground.s3.asked.length = 0;
  });

  test('fails to take other content, and keeps what it has', async () => {
    ground.write(changed);
    await expect(run()).rejects.toThrow(PrefixTakenError);
    expect(wrong()).toEqual([]);
    expect(ground.s3.asked.filter(({ operation }) => !/^(List|Head|Get|Abort)/.test(operation))).toEqual([]);
  });

  test('fails to take fewer files of the same content', async () => {
    const why = 'holds a finished upload of other content (its lock file says';
    await expect(run({ files: NAMES.filter((name) => name !== 'tokenizer.json') })).rejects.toThrow(why);
    expect(wrong()).toEqual([]);
  });

  test('takes other content when it may be replaced, and never looks whole in between', async () => {
    ground.write(changed);
    const states: Promise<string>[] = [];
    ground.s3.mischief = ({ operation, key }) => {
      if (operation === 'UploadPart' || (operation === 'PutObject' && key.endsWith('config.json')))
        states.push(prefixState());
      return undefined;
    };
    await run({ replace: true });
    expect(wrong(changed)).toEqual([]);
    expect(states.length).toBeGreaterThan(5);
    expect(new Set(await Promise.all(states))).toEqual(new Set(['partial']));
  });

  test('gets a lost file back without being replaced', async () => {
    ground.s3.objects('weights').delete(`v1/${SHARDS[1]}`);
    expect((await run()).moved).toEqual(['config.json', SHARDS[1], INDEX]);
    expect(wrong()).toEqual([]);
  });

  test('that has a file of the right size and other bytes gets it right', async () => {
    const key = `v1/${SHARDS[1]}`;
    const objects = ground.s3.objects('weights');
    const [here, other] = [objects.get(key), objects.get(`v1/tokenizer.json`)];
    if (here && other) objects.set(key, { ...here, bytes: noise('foreign', 3000), crc32: other.crc32 });
    await run();
    expect(wrong()).toEqual([]);
  });
});

describe('what is no part of the model', () => {
  beforeEach(async () => {
    await ground.store
      .put('v1/old.safetensors', Buffer.from('old'), 'hwOm6A==', new AbortController().signal)
      .catch(() => undefined);
    ground.s3
      .objects('weights')
      .set('v1/original/model.bin', { bytes: Buffer.from('x'), etag: '"e"', crc32: '', versionId: '' });
  });

  test('is named and stays', async () => {
    const { stale } = await run();
    expect(stale).toContain('v1/original/model.bin');
    expect(stored('v1/original/model.bin')).toBeDefined();
    expect(ground.events).toContainEqual({ type: 'stale', files: stale, removed: false });
  });

  test('is removed by a pruning upload, before the lock', async () => {
    await run({ prune: true });
    expect(stored('v1/original/model.bin')).toBeUndefined();
    const kinds = ground.s3.asked.map(({ operation, key }) => `${operation} ${key}`);
    expect(kinds.indexOf('DeleteObjects ')).toBeLessThan(kinds.indexOf(`PutObject v1/${LOCK}`));
    expect(wrong()).toEqual([]);
  });
});

describe('what somebody else changes', () => {
  const onPut = (name: string, change: () => void) => {
    ground.s3.mischief = ({ operation, key }) => {
      if (operation === 'PutObject' && key.endsWith(name)) change();
      return undefined;
    };
  };

  test('before the lock is there is sent again', async () => {
    let times = 0;
    onPut(INDEX, () => {
      if (times++ === 0) ground.s3.objects('weights').delete('v1/config.json');
    });
    await run();
    expect(wrong()).toEqual([]);
    expect(ground.events).toContainEqual(expect.objectContaining({ type: 'restarted', file: 'config.json' }));
  });

  test('fails when it is changed again and again', async () => {
    onPut(INDEX, () => ground.s3.objects('weights').delete('v1/config.json'));
    const store = {
      ...ground.store,
      list: async (prefix: string, signal: AbortSignal) =>
        (await ground.store.list(prefix, signal)).filter(({ key }) => key !== 'v1/config.json'),
    };
    await expect(run({ store })).rejects.toThrow(
      'v1/config.json was changed by somebody else after it was sent; run again',
    );
    expect(stored(`v1/${LOCK}`)).toBeUndefined();
  });
});

describe('another upload to the same prefix', () => {
  const signal = new AbortController().signal;

  test('is spoken of where files were begun before', async () => {
    await ground.store.begin(`v1/${SHARDS[1]}`, signal);
    await run();
    expect(ground.events[1]).toEqual({ type: 'unfinished', files: [SHARDS[1]] });
    ground.events.length = 0;
    await run();
    expect(ground.events.map(({ type }) => type)).not.toContain('unfinished');
  });

  test('fails this one when it gives up its parts again and again, which is said, and nothing looks whole', async () => {
    ground.s3.mischief = ({ operation, key }) =>
      operation === 'UploadPart' && key.endsWith(SHARDS[1]) ? 'NoSuchUpload' : undefined;
    await expect(run()).rejects.toThrow(
      '(perhaps another upload to the same place is under way: let one of the two end, then run again)',
    );
    expect(stored(`v1/${LOCK}`)).toBeUndefined();
    expect(await prefixState()).not.toBe('whole');
  });

  /** What uploads that run at once failed with. */
  async function reasons(...uploads: readonly Promise<unknown>[]): Promise<string[]> {
    const results = await Promise.allSettled(uploads);
    await ground.s3.idle();
    return results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  }

  test('of the same files at once does no harm', async () => {
    const said = await reasons(run(), run());
    expect(said.filter((reason) => !reason.includes('another upload to the same place'))).toEqual([]);
    await run();
    expect(wrong()).toEqual([]);
  });

  test('of other content, finished meanwhile, is replaced, which is said', async () => {
    const other = patched(localSource(ground.folder), new Map([['config.json', { content: Buffer.from('{}') }]]));
    let theirs = '';
    let begun = false;
    const store: Store = {
      ...ground.store,
      async put(key, ...rest) {
        if (!begun) {
          begun = true;
          theirs = (await run({ source: other, onEvent: undefined })).lock.hash;
        }
        return ground.store.put(key, ...rest);
      },
    };
    await run({ store });
    expect(wrong()).toEqual([]);
    expect(ground.events).toContainEqual({ type: 'replaced', hash: theirs });
  });

  test('of other files at once ends, and what fails says what it may be', async () => {
    const other = { ...MODEL, [SHARDS[0]]: noise('other', 4500), 'tokenizer.json': noise('other', 900) };
    const patches = new Map(Object.entries(other).map(([name, content]) => [name, { content }]));
    const said = await reasons(run(), run({ source: patched(localSource(ground.folder), patches) }));
    expect(said.filter((reason) => !/other upload|not as it was sent|holds a finished upload/.test(reason))).toEqual(
      [],
    );
    await run({ replace: true });
    expect(wrong()).toEqual([]);
  });
});

describe('a local file', () => {
  /** Does something to the folder once, while the first shard is being sent. */
  function during(change: () => void): Partial<UploadOptions> {
    let done = false;
    const onEvent = (event: { readonly type: string; readonly file?: string }) => {
      if (event.type !== 'part' || event.file !== SHARDS[0] || done) return;
      done = true;
      change();
    };
    return { onEvent };
  }
  const path = () => join(ground.folder, SHARDS[0]);

  test('that is written to while it is sent is sent anew', async () => {
    const content = noise('new', 4500);
    await run(
      during(() => {
        writeFileSync(path(), content);
      }),
    );
    expect(wrong({ ...MODEL, [SHARDS[0]]: content })).toEqual([]);
  });

  test('that is replaced while it is sent is sent anew', async () => {
    const content = noise('new', 4500);
    writeFileSync(`${path()}.tmp`, content);
    await run(
      during(() => {
        renameSync(`${path()}.tmp`, path());
      }),
    );
    expect(wrong({ ...MODEL, [SHARDS[0]]: content })).toEqual([]);
  });

  test('fails that shrinks and grows for ever', async () => {
    const source = localSource(ground.folder);
    let stamps = 0;
    const restless: Source = {
      ...source,
      open: async (name) => ({ ...(await source.open(name)), currentStamp: () => Promise.resolve(`${stamps++}`) }),
    };
    await expect(run({ source: restless })).rejects.toThrow(FileChangedError);
    expect(stored(`v1/${LOCK}`)).toBeUndefined();
  });

  test('fails that cannot be read, with nothing that looks whole', async () => {
    const source = localSource(ground.folder);
    const broken: Source = {
      ...source,
      async open(name) {
        const file = await source.open(name);
        if (name !== SHARDS[1]) return file;
        const read = (position: number, buffer: Uint8Array) =>
          position >= 2000 ? Promise.reject(new Error('EIO: i/o error, read')) : file.read(position, buffer);
        return { ...file, read };
      },
    };
    await expect(run({ source: broken })).rejects.toThrow('EIO: i/o error, read');
    expect(await prefixState()).not.toBe('whole');
  });

  test('fails that changed after it was sent and before the lock', async () => {
    ground.s3.mischief = ({ operation, key }) => {
      if (operation === 'PutObject' && key.endsWith(INDEX)) writeFileSync(path(), noise('late', 4500));
      return undefined;
    };
    await expect(run()).rejects.toThrow(FileChangedError);
    expect(stored(`v1/${LOCK}`)).toBeUndefined();
  });

  test('is followed within the folder, and fails as a link out of it', async () => {
    symlinkSync(SHARDS[0], join(ground.folder, 'model-00003-of-00003.safetensors'));
    await run({ files: [...NAMES, 'model-00003-of-00003.safetensors'] });
    expect(stored('v1/model-00003-of-00003.safetensors')?.length).toBe(4500);
    symlinkSync('/etc/hostname', join(ground.folder, 'README.md'));
    await expect(run({ files: ['README.md'], prefix: 'v2/' })).rejects.toThrow('README.md is a link out of the folder');
  });

  test("is followed from a snapshot of Hugging Face's cache into its blobs", async () => {
    const snapshot = 'models--openai--gpt-oss-20b/snapshots/6cee5e8/';
    ground.write({ 'models--openai--gpt-oss-20b/blobs/abc': 'blob', [`${snapshot}README.md`]: 'x' });
    symlinkSync('../../blobs/abc', join(ground.folder, `${snapshot}config.json`));
    await run({ source: localSource(join(ground.folder, snapshot)), files: ['config.json'], prefix: 'v3/' });
    expect(text('v3/config.json')).toBe('blob');
  });

  test.each(['../secret', '/etc/passwd', 'a//b', 'a\0b', '', 'x'.repeat(1025), LOCK, RECEIPT])(
    'fails under the name %j',
    async (name) => {
      await expect(run({ files: [name] })).rejects.toThrow('cannot be uploaded');
    },
  );
});

test("fails with a prefix that isn't a folder", async () => {
  await expect(run({ prefix: 'v1' })).rejects.toThrow("'prefix' must end in '/', got 'v1'; did you mean 'v1/'?");
});
