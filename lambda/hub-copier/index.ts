import { setTimeout } from 'node:timers/promises';
import { hub } from '../../weights/hub/hugging-face';
import { s3Store } from '../../weights/transfer/s3';
import { carryOut } from './carry-out';
import { readToken } from './secrets-manager';
import type { Task } from './task';

interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The function of the copying state machine; also invoked by itself, to resolve a revision. */
export async function handler(task: Task, context: LambdaContext): Promise<unknown> {
  const { endpoint, tokenSecretArn } = task.copy;
  const token = tokenSecretArn === '' ? undefined : await readToken(tokenSecretArn);
  return carryOut(task, {
    hub: hub({ token, ...(endpoint !== '' && { endpoint }) }),
    store: (bucket, owner) => s3Store({ bucket, owner }),
    timeLeft: () => context.getRemainingTimeInMillis(),
    sleep: (milliseconds) => setTimeout(milliseconds),
    log: (line) => {
      console.log(JSON.stringify(line));
    },
  });
}
