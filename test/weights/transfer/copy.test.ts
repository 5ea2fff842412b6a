import type { Fault } from '../../../local/misbehaving-s3';
import type { Lock } from '../../../weights/lock';
import { copy, type CopyOptions } from '../../../weights/transfer/copy';
import { localSource } from '../../../weights/transfer/local-folder';
import { PrefixTakenError } from '../../../weights/transfer/claim';
import { upload } from '../../../weights/transfer/upload';
import { LOCK } from '../../../weights/file-names';
import { MODEL, noise, SHARDS, transferGround, type TransferGround } from './ground';

const FILES = { ...MODEL, NOTICE: Buffer.alloc(0) };

let ground: TransferGround;
let lock: Lock;

async function begin(checksums: 'full' | 'composite' | 'none'): Promise<void> {
  ground = await transferGround({ checksums });
  ground.write(FILES);
  const source = localSource(ground.folder);
  const { common, store } = ground;
  ({ lock } = await upload({ ...common, source, files: Object.keys(FILES), store, prefix: 'dev/' }));
  ground.s3.asked.length = 0;
  ground.events.length = 0;
}

afterEach(() => ground.end());

const run = (options: Partial<CopyOptions> = {}) =>
  copy({
    lock,
    from: { store: ground.store, prefix: 'dev/' },
    to: { store: ground.storeOf('prod'), prefix: 'v1/' },
    ...ground.common,
    ...options,
  });

/** Names of which prod has another content than the model, or none. */
function wrong(): string[] {
  const objects = ground.s3.objects('prod');
  return Object.entries(FILES).flatMap(([name, content]) =>
    objects.get(`v1/${name}`)?.bytes.equals(content) ? [] : [name],
  );
}
const copied = () => ground.s3.asked.filter(({ operation }) => operation === 'UploadPartCopy').length;

describe.each(['full', 'composite', 'none'] as const)('on a server with checksums of kind %s', (checksums) => {
  beforeEach(() => begin(checksums));

  test('a copy is the same in another bucket, and has the same lock', async () => {
    const result = await run();
    expect(wrong()).toEqual([]);
    expect(result.moved).toEqual(Object.keys(FILES).sort());
    const texts = [ground.s3.objects('weights').get(`dev/${LOCK}`), ground.s3.objects('prod').get(`v1/${LOCK}`)];
    expect(texts[1]?.bytes.toString()).toBe(texts[0]?.bytes.toString());
    expect(ground.s3.unfinished()).toBe(0);
  });

  test('a copy that is there is not made again', async () => {
    await run();
    const before = copied();
    expect((await run()).skipped).toEqual(Object.keys(FILES).sort());
    expect(copied()).toBe(before);
  });

  test('fails to copy what the lock does not say, with no lock in the new place', async () => {
    const objects = ground.s3.objects('weights');
    const shard = objects.get(`dev/${SHARDS[0]}`);
    const tokenizer = noise('another', 4500);
    if (shard) objects.set(`dev/${SHARDS[0]}`, { ...shard, bytes: tokenizer, crc32: 'AAAAAA==' });
    await expect(run()).rejects.toThrow('is not what the lock file says');
    expect(ground.s3.objects('prod').has(`v1/${LOCK}`)).toBe(false);
  });
});

describe('a copy', () => {
  beforeEach(() => begin('full'));

  test('moves no weights through this machine', async () => {
    await run();
    const bodies = ground.s3.asked.filter(({ operation }) => ['GetObject', 'UploadPart'].includes(operation));
    expect(bodies).toEqual([]);
  });

  test('that was stopped goes on with the parts that arrived', async () => {
    ground.s3.mischief = ({ operation, partNumber }) =>
      operation === 'UploadPartCopy' && partNumber === 5 ? 'AccessDenied' : undefined;
    await expect(run()).rejects.toThrow('AccessDenied');
    await ground.s3.idle();
    ground.s3.mischief = undefined;
    expect(ground.s3.objects('prod').has(`v1/${LOCK}`)).toBe(false);
    const before = copied();
    await run();
    expect(wrong()).toEqual([]);
    expect(copied() - before).toBeLessThan(5 + 3 + 4);
  });

  test('begins again when a part is lost or damaged on the way', async () => {
    const faults = new Map<string, Fault>([
      [SHARDS[0], 'lose-part'],
      [SHARDS[1], 'damage-store'],
    ]);
    ground.s3.mischief = ({ operation, key }) => {
      const name = key.slice('v1/'.length);
      const fault = operation === 'UploadPartCopy' ? faults.get(name) : undefined;
      if (fault) faults.delete(name);
      return fault;
    };
    await run();
    expect(wrong()).toEqual([]);
    expect(ground.events.filter(({ type }) => type === 'restarted').length).toBeGreaterThanOrEqual(2);
    expect(ground.s3.unfinished()).toBe(0);
  });

  test('goes on after a half-made copy of other content, and notices that its parts are others', async () => {
    const to = ground.storeOf('prod');
    const signal = new AbortController().signal;
    const id = await to.begin(`v1/${SHARDS[0]}`, signal);
    const [key, etag] = ['dev/tokenizer.json', ground.s3.objects('weights').get('dev/tokenizer.json')?.etag ?? ''];
    const range = { bucket: 'weights', key, etag, position: 0, size: 900, whole: true };
    await to.copyPart({ key: `v1/${SHARDS[0]}`, id }, 5, range, signal);
    await run();
    expect(wrong()).toEqual([]);
  });

  test('fails onto a finished upload of other content, unless that may be replaced', async () => {
    await run();
    ground.write({ 'config.json': '{}' });
    const source = localSource(ground.folder);
    const other = await upload({
      ...ground.common,
      source,
      files: Object.keys(FILES),
      store: ground.store,
      prefix: 'new/',
    });
    const options = { lock: other.lock, from: { store: ground.store, prefix: 'new/' } };
    await expect(run(options)).rejects.toThrow(PrefixTakenError);
    expect((await run({ ...options, replace: true })).moved).toEqual(['config.json', 'model.safetensors.index.json']);
  });

  test('fails when the original is gone', async () => {
    ground.s3.objects('weights').delete(`dev/${SHARDS[1]}`);
    await expect(run()).rejects.toThrow(`there is no s3://weights/dev/${SHARDS[1]}, which the lock file lists`);
  });
});
