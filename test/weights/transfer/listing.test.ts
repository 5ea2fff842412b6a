import { transferGround, type TransferGround } from './ground';

let ground: TransferGround;

beforeEach(async () => {
  ground = await transferGround();
});

afterEach(() => ground.end());

const list = () => ground.store.list('v1/', new AbortController().signal);

test('a listing is of all pages, and fails where there is more than any model has: a part of it would tell wrong things', async () => {
  const object = { bytes: Buffer.alloc(0), etag: '"x"', crc32: 'AAAAAA==', versionId: '' };
  const objects = ground.s3.objects('weights');
  for (let number = 0; number < 10_000; number++) objects.set(`v1/${number}`, object);
  expect(await list()).toHaveLength(10_000);
  objects.set('v1/one-more', object);
  await expect(list()).rejects.toMatchObject({
    failure: 'refused',
    message: "could not list s3://weights/v1/: TooManyObjects: more than 10000 objects are no model's folder",
  });
});
