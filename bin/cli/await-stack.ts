import { setTimeout as sleep } from 'node:timers/promises';
import type { Out } from './out';
import { stackWeights, type StackWeights } from './stack-weights';
import type { Stacks } from './stacks';
import { UsageError } from './usage-error';

/** Milliseconds between two looks at a stack. */
const PAUSE = 3_000;

export interface StackChoice {
  readonly name: string;
  /** For a stack with several models. */
  readonly model?: string;
}

/**
 * Where a stack's weights go. Waits for the bucket of a stack that is being created.
 *
 * @throws UsageError when there is no such stack, or it has no such place
 */
export async function awaitStackWeights(
  { name, model }: StackChoice,
  stacks: Stacks,
  { stderr, signal }: Pick<Out, 'stderr' | 'signal'>,
  pause = PAUSE,
): Promise<StackWeights> {
  for (let look = 0; ; look++) {
    const stack = await stacks.stack(name);
    if (!stack) throw new UsageError(`there is no stack ${name} in this account and Region`);
    const found = stack.status === 'REVIEW_IN_PROGRESS' ? undefined : await stackWeights(name, stack, stacks, model);
    if (found) return found;
    if (!stack.status.endsWith('_IN_PROGRESS')) {
      throw new UsageError(`stack ${name} is ${stack.status}, and the bucket for its weights is not there`);
    }
    if (look === 0) stderr.write(`stack ${name} is ${stack.status}; waiting for its bucket\n`);
    await sleep(pause, undefined, { signal });
  }
}
