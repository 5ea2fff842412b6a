import { setTimeout } from 'node:timers/promises';
import { HubError } from '../../weights/hub/hub-error';
import { hub } from '../../weights/hub/hugging-face';
import { s3Store } from '../../weights/transfer/s3';
import { carryOut } from './carry-out';
import { readToken } from './secrets-manager';
import type { Task, Unpinned } from './task';

interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The function of the copying state machine; also invoked by itself, to resolve a revision. */
export async function handler(task: Task, context: LambdaContext): Promise<unknown> {
  return carryOut(task, {
    hub: hubOf,
    store: (bucket, owner) => s3Store({ bucket, owner }),
    timeLeft: () => context.getRemainingTimeInMillis(),
    sleep: (milliseconds) => setTimeout(milliseconds),
    log: (line) => {
      console.log(JSON.stringify(line));
    },
  });
}

async function hubOf({ endpoint, tokenSecretArn }: Unpinned, signal?: AbortSignal) {
  const token = tokenSecretArn === '' ? undefined : await readToken(tokenSecretArn, signal);
  try {
    return hub({ ...(token !== undefined && { token }), ...(endpoint !== '' && { endpoint }) });
  } catch (error) {
    throw new HubError('refused', error instanceof Error ? error.message : String(error));
  }
}
