import { carryOut } from '../../../lambda/hub-copier/carry-out';
import { s3Store } from '../../../weights/transfer/s3';
import { saying } from '../fixtures';
import { BUCKET, copyGround, type CopyGround, PREFIX, soon } from './ground';
import { execute, plannedItems } from './state-machine';
import { SECOND, SHARDS, tinyModel } from './tiny-model';

let ground: CopyGround;
beforeEach(async () => {
  ground = await copyGround({ files: tinyModel() });
});
afterEach(() => ground.end());

/** Both shards as an execution leaves them that is stopped in the middle. */
const leaveShards = async () => {
  const items = (await plannedItems(ground)).filter(({ file }) => SHARDS.some((shard) => shard === file.name));
  for (const item of items) {
    ground.s3.mischief = ({ operation }) => {
      if (operation === 'UploadPart') ground.clock.now += 900_000;
      return undefined;
    };
    expect(await ground.invoke({ step: 'copy', copy: ground.copy, item })).toMatchObject({ state: 'more' });
  }
  ground.s3.mischief = undefined;
  expect(ground.s3.unfinished()).toBe(2);
};
const giveUp = () => ground.invoke({ step: 'giveUp', copy: ground.copy });

test('gives up every upload below the prefix, and asks no Hub', async () => {
  await leaveShards();
  const asked = ground.hub.requests.length;
  expect(await giveUp()).toEqual({ state: 'done' });
  expect(ground.s3.unfinished()).toBe(0);
  expect(ground.hub.requests.length).toBe(asked);
});

test('is done again when nothing is there, and leaves what was copied', async () => {
  expect(await giveUp()).toEqual({ state: 'done' });
  await execute(ground);
  const before = [...ground.objects().keys()];
  expect(await giveUp()).toEqual({ state: 'done' });
  expect([...ground.objects().keys()]).toEqual(before);
});

test('leaves an upload beside the prefix alone', async () => {
  await leaveShards();
  const elsewhere = { ...ground.copy, prefix: 'hf/acme/other/' };
  expect(await ground.invoke({ step: 'giveUp', copy: elsewhere })).toEqual({ state: 'done' });
  expect(ground.s3.unfinished()).toBe(2);
});

test('asks for neither a Hub nor its token', async () => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = { endpoint: ground.s3.url, region: 'us-east-1', forcePathStyle: true, credentials };
  const copy = { bucket: BUCKET, prefix: PREFIX, account: '123456789012' };
  const answer = carryOut(
    { step: 'giveUp', copy },
    {
      hub: () => Promise.reject(new Error('the secret was read')),
      store: (bucket) => s3Store({ bucket, client }),
      timeLeft: () => 900_000,
      sleep: () => Promise.reject(new Error('nothing is waited for')),
      log: () => undefined,
    },
  );
  expect(await answer).toEqual({ state: 'done' });
});

test('fails with the cause when S3 refuses', async () => {
  await leaveShards();
  ground.s3.mischief = ({ operation }) => (operation === 'AbortMultipartUpload' ? 'AccessDenied' : undefined);
  expect(await giveUp()).toMatchObject({ state: 'failed', why: saying('could not give up', 'AccessDenied') });
});

test('a copy that is still at work begins anew in its next invocation', async () => {
  const item = (await plannedItems(ground)).find(({ file }) => file.name === SECOND);
  if (!item) throw new Error(`${SECOND} is not planned`);
  ground.hub.mischief = soon({ kind: 'slow', bytesPerSecond: 100_000 }, { kind: 'cdn' });
  let given: Promise<unknown> | undefined;
  ground.s3.mischief = ({ operation }) => {
    if (operation === 'UploadPart') given ??= giveUp();
    return undefined;
  };
  const answer = await ground.invoke({ step: 'copy', copy: ground.copy, item });
  expect(answer).toMatchObject({ state: 'more', item: { restarts: 1 } });
  await given;
  expect(ground.s3.unfinished()).toBe(0);
});
