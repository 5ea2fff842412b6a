import type { Task } from '../../../lambda/hub-copier/task';
import type { CopyGround, Invocation } from './ground';
import { Killed } from './killing';
import { below, type Random } from './random';
import type { Invoke } from './state-machine';

/** The execution was stopped, or a state's retries were used up. */
export class Stopped extends Error {}

/** As the state machine has it for a function that ends without an answer. */
const RETRIES = 6;

/**
 * Invocations as Lambda and Step Functions disturb them: killed and made again from the last state, made again although the
 * first one is still at work, and stopped for good.
 *
 * @param faults of one invocation
 */
export function disturbed(ground: CopyGround, random: Random, faults: () => Required<Invocation>) {
  const atWork: Promise<unknown>[] = [];
  const stopAt = random() < 0.15 ? below(30, random) : Infinity;
  let invocations = 0;
  let step: Task['step'] = 'resolve';

  const once = async (task: Task): Promise<unknown> => {
    if (invocations++ >= stopAt) throw new Stopped();
    const answer = ground.invoke(task, faults());
    atWork.push(answer.catch(() => undefined));
    if (task.step === 'copy' && random() < 0.02) throw new Killed(); // its answer is heard by nobody
    return answer;
  };
  const invoke: Invoke = async (task) => {
    if (task.step === 'finish') await Promise.all(atWork); // none lives for longer than a quarter of an hour
    step = task.step;
    for (let attempt = 0; attempt <= RETRIES; attempt++) {
      try {
        return await once(task);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
    if (task.step !== 'copy') throw new Stopped();
    return { state: 'failed', name: task.item.file.name, why: 'the function ended without an answer' };
  };
  return { invoke, isCopying: () => step === 'copy', ended: () => Promise.all(atWork) };
}
