import { RESERVE } from '../../../lambda/hub-copier/outside';
import { saying } from '../fixtures';
import { copyGround, type CopyGround, PART_BYTES, soon } from './ground';
import { copyItem, execute, plannedItems } from './state-machine';
import { FIRST, SECOND, tinyModel } from './tiny-model';

let ground: CopyGround;
beforeEach(async () => {
  ground = await copyGround({ files: tinyModel() });
});
afterEach(() => ground.end());

/** Where each request for a shard's bytes began; the plan's looks at its header are not among them. */
const begunAt = (path: string) =>
  ground.hub.requests
    .filter((request) => request.kind === 'cdn' && request.path === path)
    .filter(({ range }) => !/-\d/.test(range ?? ''))
    .map(({ range }) => Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')?.[1]));

const item = async (name: string) => {
  const found = (await plannedItems(ground)).find(({ file }) => file.name === name);
  if (!found) throw new Error(`${name} is not planned`);
  return found;
};

test('goes on at the byte in the next invocation when its time ends in the middle of a file', async () => {
  const shard = await item(SECOND);
  ground.s3.mischief = ({ operation }) => {
    if (operation === 'UploadPart') ground.clock.now += 300_000;
    return undefined;
  };
  expect(await copyItem(ground, shard)).toMatchObject({ state: 'done' });
  const begun = begunAt(SECOND);
  expect(begun.length).toBeGreaterThan(1);
  expect(begun.every((from) => from % PART_BYTES === 0)).toBe(true);
  expect(begun).toEqual([...new Set(begun)].sort((one, other) => one - other));
  const numbers = ground.s3.asked.filter(({ operation }) => operation === 'UploadPart').map((one) => one.partNumber);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(
    ground
      .objects()
      .get(SECOND)
      ?.equals(tinyModel()[SECOND] ?? Buffer.alloc(0)),
  ).toBe(true);
});

test('leaves a part that does not fill in time to the next invocation', async () => {
  const shard = await item(SECOND);
  ground.hub.mischief = soon({ kind: 'slow', bytesPerSecond: 100_000 }, { kind: 'cdn' });
  const ends = { milliseconds: 1000 };
  const answer = await ground.invoke({ step: 'copy', copy: ground.copy, item: shard }, ends);
  expect(answer).toMatchObject({ state: 'more', wait: 0, item: { fruitless: 1, position: { offset: 0 } } });
});

test('fails a file of which no part comes in many invocations, and says where', async () => {
  const shard = await item(SECOND);
  const slow = await copyItem(ground, shard, (task) => ground.invoke(task, { milliseconds: 1000 }));
  // a part comes in each of these, however short they are
  expect(slow).toMatchObject({ state: 'done' });
  const other = await item(FIRST);
  ground.hub.mischief = soon({ kind: 'slow', bytesPerSecond: 100_000 }, { kind: 'cdn' }, Infinity);
  expect(await copyItem(ground, other, (task) => ground.invoke(task, { milliseconds: 1000 }))).toMatchObject({
    state: 'failed',
    why: saying('at byte 0 of ', ': it comes too slowly'),
  });
  expect(ground.s3.unfinished()).toBe(0);
});

test('waits as long as the Hub asks to', async () => {
  const shard = await item(FIRST);
  ground.hub.mischief = soon({ kind: 'rate-limited', seconds: 7 }, { kind: 'resolve' });
  expect(await copyItem(ground, shard)).toMatchObject({ state: 'done' });
  expect(ground.waits).toEqual([7000]);
});

test('leaves a long wait to the state machine, however much time it has', async () => {
  const shard = await item(FIRST);
  ground.hub.mischief = soon({ kind: 'rate-limited', seconds: 11 }, { kind: 'resolve' });
  const answer = await ground.invoke({ step: 'copy', copy: ground.copy, item: shard });
  expect(answer).toMatchObject({ state: 'more', wait: 11, item: { file: shard.file, fruitless: 1 } });
  expect(ground.waits).toEqual([]);
});

test('fails when the Hub asks to wait for longer than anybody would', async () => {
  const shard = await item(FIRST);
  ground.hub.mischief = soon({ kind: 'rate-limited', seconds: 7200 }, { kind: 'resolve' });
  expect(await copyItem(ground, shard)).toMatchObject({ state: 'failed', why: saying('7200 s') });
});

test('fails when the Hub asks to wait without an end, also when every wait is a new invocation', async () => {
  const shard = await item(FIRST);
  ground.hub.mischief = soon({ kind: 'rate-limited', seconds: 3000 }, { kind: 'resolve' }, Infinity);
  expect(await copyItem(ground, shard)).toMatchObject({
    ...{ state: 'failed', name: FIRST, why: saying('at byte 0 of ', 'asks to wait 3000 s') },
  });
  expect(ground.clock.now).toBeLessThan(11 * 3_000_000);
});

test('copies a model whose every invocation has time for one part', async () => {
  const execution = await execute(ground, (task) => ground.invoke(task, { milliseconds: RESERVE }));
  expect(execution).toMatchObject({ state: 'done' });
});
