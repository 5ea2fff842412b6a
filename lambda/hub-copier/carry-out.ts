import type { Hub } from '../../weights/hub/hub';
import { HubError } from '../../weights/hub/hub-error';
import { hubRetry } from '../../weights/hub/retry';
import { type Store, StoreError } from '../../weights/transfer/store';
import { copyFile } from './copy-file';
import { finish } from './finish';
import type { Outside } from './outside';
import { plan } from './plan';
import type { FinishAnswer, ItemAnswer, PlanAnswer, ResolveAnswer, Task, Unpinned } from './task';

/** The outside before it is known which Hub and which bucket a task is for. */
export interface Surroundings extends Omit<Outside, 'hub' | 'store'> {
  /** @throws HubError when the token cannot be had, or the address is none */
  readonly hub: (of: Unpinned) => Promise<Hub>;
  readonly store: (bucket: string, owner: string) => Store;
}

type Answer = ResolveAnswer | PlanAnswer | ItemAnswer | FinishAnswer;

/**
 * One task of the state machine. What cannot be done is an answer, so that a Choice decides and nothing depends on the
 * names of errors; a bug is thrown.
 */
export async function carryOut(task: Task, surroundings: Surroundings): Promise<Answer> {
  try {
    return await answer(task, surroundings, await surroundings.hub(task.copy));
  } catch (error) {
    if (!(error instanceof HubError || error instanceof StoreError)) throw error;
    const name = task.step === 'copy' ? { name: task.item.file.name } : {};
    return { state: 'failed', ...name, why: error.message };
  }
}

async function answer(task: Task, { store, ...others }: Surroundings, hub: Hub): Promise<Answer> {
  if (task.step === 'resolve') {
    const { repository, revision } = task.copy;
    const { signal } = new AbortController();
    const { commit } = await hubRetry(others.backoff)(signal, () => hub.resolve(repository, revision, signal));
    return { state: 'resolved', commit };
  }
  const { copy } = task;
  const outside: Outside = { ...others, hub, store: store(copy.bucket, copy.account) };
  switch (task.step) {
    case 'plan':
      return plan(copy, outside);
    case 'copy':
      return copyFile(copy, task.item, outside);
    case 'finish':
      return finish(copy, task.copied, outside);
  }
}
