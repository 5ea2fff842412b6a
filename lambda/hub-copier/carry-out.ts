import { HubError } from '../../weights/hub/hub-error';
import { hubRetry } from '../../weights/hub/retry';
import type { Store } from '../../weights/transfer/store';
import { StoreError } from '../../weights/transfer/store';
import { copyFile } from './copy-file';
import { finish } from './finish';
import type { Outside } from './outside';
import { plan } from './plan';
import type { FinishAnswer, ItemAnswer, PlanAnswer, ResolveAnswer, Task } from './task';

/** The outside before it is known which bucket a task is for. */
export type Surroundings = Omit<Outside, 'store'> & { readonly store: (bucket: string, owner: string) => Store };

/**
 * One task of the state machine. What cannot be done is an answer, so that a Choice decides and nothing depends on the
 * names of errors; a bug is thrown.
 */
export async function carryOut(
  task: Task,
  { store, ...outside }: Surroundings,
): Promise<ResolveAnswer | PlanAnswer | ItemAnswer | FinishAnswer> {
  const bucketOf = ({ bucket, account }: { bucket: string; account: string }) => ({
    ...outside,
    store: store(bucket, account),
  });
  try {
    switch (task.step) {
      case 'resolve': {
        const { repository, revision } = task.copy;
        const { signal } = new AbortController();
        const { commit } = await hubRetry(outside.backoff)(signal, () =>
          outside.hub.resolve(repository, revision, signal),
        );
        return { state: 'resolved', commit };
      }
      case 'plan':
        return await plan(task.copy, bucketOf(task.copy));
      case 'copy':
        return await copyFile(task.copy, task.item, bucketOf(task.copy));
      case 'finish':
        return await finish(task.copy, task.copied, bucketOf(task.copy));
    }
  } catch (error) {
    if (error instanceof HubError || error instanceof StoreError) return { state: 'failed', why: error.message };
    throw error;
  }
}
