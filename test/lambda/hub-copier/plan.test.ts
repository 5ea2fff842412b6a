import { carryOut } from '../../../lambda/hub-copier/carry-out';
import { Forbidden, type Outside } from '../../../lambda/hub-copier/outside';
import { plan } from '../../../lambda/hub-copier/plan';
import type { Copy, Task } from '../../../lambda/hub-copier/task';
import { HubError } from '../../../weights/hub/hub-error';
import { type Store, StoreError } from '../../../weights/transfer/store';
import { COMMIT, fakeHub } from '../../weights/hub/fake-hub';
import { saying } from '../fixtures';
import { type Files, modelOfManyShards, OTHER_FILES } from './tiny-model';

jest.setTimeout(30_000);

const notAsked = () => Promise.reject(new Error('a plan does not ask for that'));
const EMPTY: Store = {
  bucket: 'weights',
  head: () => Promise.resolve(undefined),
  remove: () => Promise.resolve(),
  ...{ list: notAsked, read: notAsked, put: notAsked, begin: notAsked, unfinished: notAsked, parts: notAsked },
  ...{ sendPart: notAsked, copyPart: notAsked, complete: notAsked, giveUp: notAsked },
};
const COPY: Copy = {
  ...{ repository: 'acme/many', revision: COMMIT, commit: COMMIT, endpoint: '', tokenSecretArn: '' },
  ...{ bucket: 'weights', prefix: 'hf/', account: '123456789012', rules: 'r1', acceptedFindings: [] },
};

const NOTHING = {
  timeLeft: () => 900_000,
  sleep: () => Promise.reject(new Error('nothing is waited for')),
  log: () => undefined,
};

const planOf = (files: Files, given: Partial<Outside> = {}) => {
  const outside = { ...NOTHING, hub: fakeHub(files), store: EMPTY, ...given };
  return plan(COPY, outside, { signal: new AbortController().signal, onEvent: () => undefined });
};

/** A model of so many files in all, under the names that transformers gives. */
const ofFiles = (files: number) => {
  const shards = files - OTHER_FILES;
  const five = (number: number) => String(number).padStart(5, '0');
  return modelOfManyShards(shards, (number) => `model-${five(number)}-of-${five(shards)}.safetensors`);
};

test('plans 500 files, whose items fit into a state', async () => {
  const answer = await planOf(ofFiles(500));
  expect(answer).toMatchObject({ state: 'planned' });
  expect(answer.state === 'planned' && answer.items).toHaveLength(500);
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(190 * 1024);
});

test('fails before a byte is copied with more files than one execution has events for', async () => {
  const why = saying('has 501 files of a model; more than 500 are not copied. Next: merge the shards.');
  expect(await planOf(ofFiles(501))).toMatchObject({ state: 'failed', why });
});

test('fails before a byte is copied when the names of files are too long for a state', async () => {
  const answer = await planOf(modelOfManyShards(340, (number) => `${'x'.repeat(700)}-${number}.safetensors`));
  expect(answer).toMatchObject({ state: 'failed', why: saying('too long for one copy. Nothing was copied. Next: ') });
});

test('says how many files and bytes there are, and how many of them are to copy', async () => {
  const files = ofFiles(30);
  const lines: Record<string, unknown>[] = [];
  await planOf(files, { log: (line) => lines.push(line) });
  const bytes = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  expect(lines).toContainEqual({ files: 30, bytes, toCopy: { files: 30, bytes } });
});

test('fails on repairs that it does not know, before anything is asked', async () => {
  const copy: unknown = JSON.parse(JSON.stringify({ ...COPY, rules: 'r2' }));
  const task: Task = Object.assign({ step: 'plan' as const, copy: COPY }, { copy });
  const hub = fakeHub({});
  const answer = await carryOut(task, { ...NOTHING, hub: () => Promise.resolve(hub), store: () => EMPTY });
  expect(answer).toEqual({
    state: 'failed',
    why: `this release knows no repairs "r2", only 'r1' and 'none'. Nothing was copied. Next: deploy with the release that was to make them.`,
  });
  expect(hub.calls).toEqual([]);
});

describe('a permission that is not known everywhere yet', () => {
  const denied = () =>
    Promise.reject(new StoreError('forbidden', 'AccessDenied', 'could not look at it: AccessDenied'));
  const hub = () => Promise.resolve(fakeHub(modelOfManyShards(20, (number) => `model-${number}.safetensors`)));
  const NO_SECRET = new Forbidden('could not read the secret');

  test('is thrown by a plan, which is asked again: of the bucket', async () => {
    const plan = carryOut({ step: 'plan', copy: COPY }, { ...NOTHING, hub, store: () => ({ ...EMPTY, head: denied }) });
    await expect(plan).rejects.toThrow('could not look at it: AccessDenied');
  });

  test('is thrown by a plan, which is asked again: of the secret', async () => {
    const surroundings = { ...NOTHING, hub: () => Promise.reject(NO_SECRET), store: () => EMPTY };
    await expect(carryOut({ step: 'plan', copy: COPY }, surroundings)).rejects.toBe(NO_SECRET);
  });

  test('is an answer that says so where a revision is looked up, which is asked again', async () => {
    const surroundings = { ...NOTHING, hub: () => Promise.reject(NO_SECRET), store: () => EMPTY };
    const answer = await carryOut({ step: 'resolve', copy: COPY }, surroundings);
    expect(answer).toEqual({ state: 'failed', why: 'could not read the secret', early: true });
  });

  test('is an answer where a plan was made before', async () => {
    const surroundings = { ...NOTHING, hub: () => Promise.reject(NO_SECRET), store: () => EMPTY };
    const item = { file: { name: 'config.json', size: 10, blob: 'b' }, restarts: 0 };
    const why = 'at byte 0 of 10: could not read the secret';
    expect(await carryOut({ step: 'copy', copy: COPY, item }, surroundings)).toEqual({
      ...{ state: 'failed', name: 'config.json', why },
    });
  });

  test('is no reason to ask again when it is the Hub that refuses', async () => {
    const refusing = fakeHub({});
    refusing.trouble = () => {
      throw new HubError('denied', 'the token is not valid');
    };
    const surroundings = { ...NOTHING, hub: () => Promise.resolve(refusing), store: () => EMPTY };
    const answer = await carryOut({ step: 'plan', copy: COPY }, surroundings);
    expect(answer).toEqual({ state: 'failed', why: 'the token is not valid' });
  });
});
