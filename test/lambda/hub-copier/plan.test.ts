import { plan } from '../../../lambda/hub-copier/plan';
import type { Copy } from '../../../lambda/hub-copier/task';
import type { Store } from '../../../weights/transfer/store';
import { COMMIT, fakeHub } from '../../weights/hub/fake-hub';
import { saying } from '../fixtures';
import { type Files, modelOfManyShards } from './tiny-model';

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

const planOf = (files: Files) => {
  const notSlept = () => Promise.reject(new Error('nothing is waited for'));
  const outside = { hub: fakeHub(files), store: EMPTY, timeLeft: () => 900_000, sleep: notSlept, log: () => undefined };
  return plan(COPY, outside, { signal: new AbortController().signal, onEvent: () => undefined });
};

test('fits the items of hundreds of files into a state', async () => {
  const answer = await planOf(modelOfManyShards(40, (number) => `model-${number}.safetensors`));
  expect(answer).toMatchObject({ state: 'planned' });
  expect(JSON.stringify(answer).length).toBeLessThan(256 * 1024);
});

test('fails before a byte is copied when the names of files are too long for a state', async () => {
  const answer = await planOf(modelOfManyShards(20, (number) => `${'x'.repeat(700)}-${number}.safetensors`));
  expect(answer).toMatchObject({ state: 'failed', why: saying('too long for one copy. Nothing was copied. Next: ') });
});

test('fails with more files than a model has', async () => {
  const answer = await planOf(modelOfManyShards(60, (number) => `model-${number}.safetensors`));
  expect(answer).toMatchObject({ state: 'failed', why: saying('files of a model; more than 1000 are not copied') });
});
