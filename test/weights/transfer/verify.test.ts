import { RECEIPT } from '../../../weights/file-names';
import type { Lock } from '../../../weights/lock';
import { localSource } from '../../../weights/transfer/local-folder';
import { upload } from '../../../weights/transfer/upload';
import { verify, type VerifyOptions } from '../../../weights/transfer/verify';
import { MODEL, noise, SHARDS, transferGround, type TransferGround } from './ground';

let ground: TransferGround;
let lock: Lock;

async function begin(checksums: 'full' | 'composite' | 'none'): Promise<void> {
  ground = await transferGround({ checksums });
  ground.write(MODEL);
  const source = localSource(ground.folder);
  const { common, store } = ground;
  ({ lock } = await upload({ ...common, source, files: Object.keys(MODEL), store, prefix: 'v1/' }));
  ground.s3.asked.length = 0;
}

afterEach(() => ground.end());

const run = (options: Partial<VerifyOptions> = {}) =>
  verify({ lock, store: ground.store, prefix: 'v1/', ...ground.common, ...options });
const states = async (options?: Partial<VerifyOptions>) =>
  Object.fromEntries((await run(options)).files.map(({ name, state }) => [name, state]));
const reads = () => ground.s3.asked.filter(({ operation }) => operation === 'GetObject').length;

describe('a prefix', () => {
  beforeEach(() => begin('full'));

  test('is verified without reading it', async () => {
    expect(await run()).toMatchObject({ verified: true, surplus: [] });
    expect(reads()).toBe(0);
  });

  test('is verified by reading it', async () => {
    expect(await run({ deep: true })).toMatchObject({ verified: true });
    expect(reads()).toBe(5 + 3 + 4);
  });

  test('is not when a file is missing, another, or of another size, and what it has besides is named', async () => {
    const objects = ground.s3.objects('weights');
    const [one, two] = [objects.get(`v1/${SHARDS[0]}`), objects.get('v1/tokenizer.json')];
    objects.delete(`v1/${SHARDS[1]}`);
    if (one) objects.set(`v1/${SHARDS[0]}`, { ...one, bytes: noise('x', 4500), crc32: 'AAAAAA==' });
    if (two) objects.set('v1/tokenizer.json', { ...two, bytes: two.bytes.subarray(1) });
    if (two) objects.set('v1/old.json', two);
    const result = await run();
    expect(result).toMatchObject({ verified: false, surplus: ['v1/old.json'] });
    expect(result.files.filter(({ state }) => state !== 'same')).toEqual([
      { name: SHARDS[0], state: 'different' },
      { name: SHARDS[1], state: 'missing' },
      { name: 'tokenizer.json', state: 'different' },
    ]);
  });

  test('is seen through by a deep look when its checksums still say the old', async () => {
    const objects = ground.s3.objects('weights');
    const one = objects.get(`v1/${SHARDS[0]}`);
    if (one) objects.set(`v1/${SHARDS[0]}`, { ...one, bytes: noise('rotten', 4500) });
    expect((await run()).verified).toBe(true);
    expect(await states({ deep: true })).toMatchObject({ [SHARDS[0]]: 'different', [SHARDS[1]]: 'same' });
  });

  test('fails to be verified when it may not be read', async () => {
    ground.s3.mischief = () => 'AccessDenied';
    await expect(run()).rejects.toThrow('AccessDenied');
  });
});

test.each(['composite', 'none'] as const)(
  'on a server with checksums of kind %s what has none of the whole is proven by the receipt of its upload',
  async (checksums) => {
    await begin(checksums);
    expect(await run()).toMatchObject({ verified: true, surplus: [] });
    expect(reads()).toBe(1);
  },
);

test('what was changed after its upload is proven by no receipt, and a receipt of another lock proves nothing', async () => {
  await begin('composite');
  const objects = ground.s3.objects('weights');
  const one = objects.get(`v1/${SHARDS[0]}`);
  if (one) objects.set(`v1/${SHARDS[0]}`, { ...one, bytes: noise('rotten', 4500), etag: '"another"' });
  expect(await states()).toMatchObject({ [SHARDS[0]]: 'unproven', [SHARDS[1]]: 'same' });
  const receipt = objects.get(`v1/${RECEIPT}`);
  const bytes = Buffer.from(receipt?.bytes.toString().replace(lock.hash, '0'.repeat(64)) ?? '');
  if (receipt) objects.set(`v1/${RECEIPT}`, { ...receipt, bytes });
  expect(await states()).toMatchObject({ [SHARDS[0]]: 'unproven', [SHARDS[1]]: 'unproven' });
});

test.each(['composite', 'none'] as const)(
  'on a server with checksums of kind %s what has none of the whole, and no receipt, is unproven until it is read',
  async (checksums) => {
    await begin(checksums);
    ground.s3.objects('weights').delete(`v1/${RECEIPT}`);
    expect(await states()).toMatchObject({ [SHARDS[0]]: 'unproven' });
    expect((await run()).verified).toBe(false);
    expect((await run({ deep: true })).verified).toBe(true);
  },
);
