import type { Fault, Operation } from '../../../local/misbehaving-s3';
import { LOCK } from '../../../weights/file-names';
import { saying } from '../fixtures';
import { BUCKET, copyGround, type CopyGround, type CopyGroundOptions, PREFIX } from './ground';
import { Killed } from './killing';
import { copyItem, execute, plannedItems } from './state-machine';
import { SECOND, tinyModel } from './tiny-model';

let ground: CopyGround;
const start = async (options: Partial<CopyGroundOptions> = {}) => {
  ground = await copyGround({ files: tinyModel(), ...options });
};
afterEach(() => ground.end());

const item = async (name: string) => {
  const found = (await plannedItems(ground)).find(({ file }) => file.name === name);
  if (!found) throw new Error(`${name} is not planned`);
  return found;
};
const next = (fault: Fault, operation: Operation, times = 1) => {
  let left = times;
  ground.s3.mischief = (asked) => (asked.operation === operation && left-- > 0 ? fault : undefined);
};
const requireRight = (name: string) => {
  expect(
    ground
      .objects()
      .get(name)
      ?.equals(tinyModel()[name] ?? Buffer.alloc(0)),
  ).toBe(true);
  expect(ground.s3.unfinished()).toBe(0);
};

test.each([
  ['a part is refused', 'SlowDown', 'UploadPart', 1],
  ['a part is damaged on its way', 'damage-request', 'UploadPart', 1],
  ['a part is damaged behind the check', 'damage-store', 'UploadPart', 1],
  ['a part is lost', 'lose-part', 'UploadPart', 1],
  ['an upload is gone', 'NoSuchUpload', 'UploadPart', 1],
  ['completing says success and means failure', 'error-in-success', 'CompleteMultipartUpload', 1],
  ['the answer to completing is cut off', 'cut-answer', 'CompleteMultipartUpload', 1],
] satisfies [string, Fault, Operation, number][])('copies a file although %s', async (_, fault, operation, times) => {
  await start();
  const planned = await item(SECOND);
  next(fault, operation, times);
  expect(await copyItem(ground, planned)).toMatchObject({ state: 'done' });
  requireRight(SECOND);
});

test.each(['full', 'composite', 'none'] as const)(
  'never leaves an object of parts that were damaged behind the check (checksums: %s)',
  async (checksums) => {
    await start({ s3: { checksums } });
    const planned = await item(SECOND);
    next('damage-store', 'UploadPart', Infinity);
    expect(await copyItem(ground, planned)).toMatchObject({ state: 'failed', name: SECOND });
    expect(ground.objects().has(SECOND)).toBe(false);
    expect(ground.s3.unfinished()).toBe(0);
  },
);

test('takes a small object away that is not what was sent, and sends it again', async () => {
  await start();
  const planned = await item('tokenizer.json');
  next('damage-store', 'PutObject');
  expect(await copyItem(ground, planned)).toMatchObject({ state: 'done' });
  requireRight('tokenizer.json');
});

test('does not take a damaged object for a copy whose writer was killed before it looked', async () => {
  await start();
  const planned = await item('tokenizer.json');
  next('damage-store', 'PutObject');
  const killed = ground.invoke(
    { step: 'copy', copy: ground.copy, item: planned },
    { kill: (call) => (call === 'put' ? 'after' : undefined) },
  );
  await expect(killed).rejects.toThrow(Killed);
  expect(ground.objects().has('tokenizer.json')).toBe(true);
  expect(await copyItem(ground, planned)).toMatchObject({ state: 'done' });
  requireRight('tokenizer.json');
});

test.each(['begin', 'sendPart', 'parts', 'complete'])(
  'goes on after it was killed at %s, before and after the call',
  async (at) => {
    await start();
    for (const how of ['before', 'after'] as const) {
      const planned = await item(SECOND);
      const killed = ground.invoke(
        { step: 'copy', copy: ground.copy, item: planned },
        { kill: (call) => (call === at ? how : undefined) },
      );
      await expect(killed).rejects.toThrow(Killed);
      await ground.s3.idle();
      expect(await execute(ground)).toMatchObject({ state: 'done' });
      requireRight(SECOND);
      ground.s3.objects(BUCKET).clear();
    }
  },
);

test('answers as before when it is invoked again after its answer was lost', async () => {
  await start();
  const planned = await item(SECOND);
  const task = { step: 'copy', copy: ground.copy, item: planned } as const;
  const answer = await ground.invoke(task);
  ground.s3.asked.splice(0);
  expect(await ground.invoke(task)).toEqual(answer);
  expect(ground.s3.asked.map(({ operation }) => operation)).toEqual(['HeadObject']);
});

test('fails when it may not write, and leaves nothing', async () => {
  await start();
  const planned = await item(SECOND);
  next('AccessDenied', 'UploadPart', Infinity);
  expect(await copyItem(ground, planned)).toMatchObject({
    state: 'failed',
    why: saying('the caller may not do that'),
  });
  expect(ground.objects().has(SECOND)).toBe(false);
  expect(ground.s3.unfinished()).toBe(0);
});

test('fails with the first cause when S3 refuses even to give up, which is told and done in the end', async () => {
  await start();
  const planned = await item(SECOND);
  let sent = false;
  ground.s3.mischief = ({ operation }) => {
    sent ||= operation === 'UploadPart';
    return sent ? 'AccessDenied' : undefined;
  };
  const copied = [await copyItem(ground, planned)];
  expect(copied).toMatchObject([{ state: 'failed', name: SECOND, why: saying('could not send part') }]);
  const finish = { step: 'finish', copy: ground.copy, copied } as const;
  const told = saying('could not send part', 'What was begun is still there: could not');
  expect(await ground.invoke(finish)).toMatchObject({ state: 'failed', why: told });
  ground.s3.mischief = undefined;
  expect(await ground.invoke(finish)).toMatchObject({
    state: 'failed',
    why: saying('Next: mend the cause and deploy again; what is copied stays, unless'),
  });
  expect(ground.s3.unfinished()).toBe(0);
});

test('gives up what an earlier run began and did not end', async () => {
  await start();
  const planned = await item(SECOND);
  let clock = 0;
  ground.s3.mischief = ({ operation }) => {
    if (operation === 'UploadPart') ground.clock.now += clock += 400_000;
    return undefined;
  };
  expect(await ground.invoke({ step: 'copy', copy: ground.copy, item: planned })).toMatchObject({ state: 'more' });
  expect(ground.s3.unfinished()).toBe(1);
  ground.s3.mischief = undefined;
  expect(await execute(ground)).toMatchObject({ state: 'done' });
  requireRight(SECOND);
});

test('gives up an upload that was begun twice, because the answer to the first was cut off', async () => {
  await start();
  let left = 1;
  ground.s3.mischief = ({ operation }) =>
    operation === 'CreateMultipartUpload' && left-- > 0 ? 'cut-answer' : undefined;
  expect(await execute(ground)).toMatchObject({ state: 'done' });
  requireRight(SECOND);
});

test('fails, and writes no lock, when a copy is changed by somebody else before the end', async () => {
  await start();
  const execution = await execute(ground, async (task, options) => {
    const other = ground.s3.objects(BUCKET).get(`${PREFIX}config.json`);
    if (task.step === 'finish' && other) ground.s3.objects(BUCKET).set(`${PREFIX}${SECOND}`, { ...other });
    return ground.invoke(task, options);
  });
  expect(execution).toMatchObject({ state: 'failed', why: saying('was changed by somebody else') });
  expect(ground.objects().has(LOCK)).toBe(false);
});

test('two deploys of the same model to the same place both end right', async () => {
  await start();
  const both = await Promise.all([execute(ground), execute(ground)]);
  expect(both.map(({ why }) => why)).toEqual(['', '']);
  requireRight(SECOND);
});

test.each([1, 2, 3, 4, 5])('ends right when an item is invoked twice at once (%i)', async (round) => {
  await start();
  const planned = await item(SECOND);
  // as when the state machine heard nothing of the first one: only the second one's answers count
  const first = ground.invoke({ step: 'copy', copy: ground.copy, item: planned });
  await new Promise((begun) => setTimeout(begun, 5 * round));
  expect(await copyItem(ground, planned)).toMatchObject({ state: 'done' });
  await first;
  expect(
    ground
      .objects()
      .get(SECOND)
      ?.equals(tinyModel()[SECOND] ?? Buffer.alloc(0)),
  ).toBe(true);
  expect(await execute(ground)).toMatchObject({ state: 'done' });
  requireRight(SECOND);
});
