import type { Hub } from '../../weights/hub/hub';
import { HubError } from '../../weights/hub/hub-error';
import { hubRetry } from '../../weights/hub/retry';
import { type Store, StoreError } from '../../weights/transfer/store';
import { copyFile } from './copy-file';
import { failedFile } from './failures';
import { finish } from './finish';
import { giveUpBelow } from './give-up-below';
import { Forbidden, type Outside } from './outside';
import { plan } from './plan';
import type { GiveUpAnswer, FinishAnswer, ItemAnswer, PlanAnswer, ResolveAnswer, Task, Unpinned } from './task';
import { FEW_ATTEMPTS, impatient, LONGEST_WAIT, mostOfTheTime, within } from './time-limit';

/** The outside before it is known which Hub and which bucket a task is for. */
export interface Surroundings extends Omit<Outside, 'hub' | 'store'> {
  /** @throws HubError or Forbidden when the token cannot be had, or the address is none */
  readonly hub: (of: Unpinned, signal?: AbortSignal) => Promise<Hub>;
  readonly store: (bucket: string, owner: string) => Store;
}

/** Whoever asks what a revision is waits for half a minute, in which the function may have to start. Milliseconds. */
const RESOLVED_IN = 20_000;

type Answer = ResolveAnswer | PlanAnswer | ItemAnswer | FinishAnswer | GiveUpAnswer;

/**
 * One task of the state machine. What cannot be done is an answer, so that a Choice decides and nothing depends on the
 * names of errors; a bug is thrown, and what passes by itself before a plan is there.
 */
export async function carryOut(task: Task, surroundings: Surroundings): Promise<Answer> {
  try {
    return await answer(task, surroundings);
  } catch (error) {
    if (!(error instanceof HubError || error instanceof StoreError || error instanceof Forbidden)) throw error;
    const early = mayBeEarly(error);
    if (task.step === 'plan' && early) throw error;
    surroundings.log({ step: task.step, failed: error.message });
    if (task.step === 'resolve') return { state: 'failed', why: error.message, ...(early && { early }) };
    if (task.step !== 'copy') return { state: 'failed', why: error.message };
    return failedFile(task.item, task.item.position?.offset ?? 0, error.message);
  }
}

/**
 * A stack's first deployment resolves and plans seconds after its roles were made: the state machine asks again for a
 * minute, and whoever resolves for twenty seconds.
 */
function mayBeEarly(error: Error): boolean {
  return error instanceof Forbidden || (error instanceof StoreError && error.failure === 'forbidden');
}

async function answer(task: Task, surroundings: Surroundings): Promise<Answer> {
  if (task.step === 'resolve') return resolve(task.copy, surroundings);
  const { log, ...others } = surroundings;
  const store = surroundings.store(task.copy.bucket, task.copy.account);
  const inS3 = { ...others, log, store, backoff: { longestMs: LONGEST_WAIT, ...surroundings.backoff } };
  if (task.step === 'giveUp') {
    // needs no Hub, and works without a token that was taken away
    await giveUpBelow(task.copy, inS3);
    return { state: 'done' };
  }
  const { copy } = task;
  const outside: Outside = { ...inS3, hub: await surroundings.hub(copy) };
  switch (task.step) {
    case 'plan':
      return within(mostOfTheTime(outside), log, (limits) => plan(copy, outside, limits));
    case 'copy':
      return copyFile(copy, task.item, outside);
    case 'finish':
      return finish(copy, task.copied, outside);
  }
}

async function resolve(unpinned: Unpinned, surroundings: Surroundings): Promise<ResolveAnswer> {
  const { repository, revision } = unpinned;
  const { log, backoff } = surroundings;
  return within(Math.min(RESOLVED_IN, mostOfTheTime(surroundings)), log, async ({ signal, onEvent }) => {
    const hub = impatient(await surroundings.hub(unpinned, signal));
    const retry = hubRetry({ ...FEW_ATTEMPTS, ...backoff }, onEvent);
    const { commit } = await retry(signal, () => hub.resolve(repository, revision, signal));
    return { state: 'resolved', commit };
  });
}
