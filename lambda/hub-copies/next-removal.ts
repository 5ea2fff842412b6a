import { troubled } from './next-copy';
import { idOf, type UnwantedCopy } from './request';
import { fail, look, type Seen, type Step, wait } from './seen';

/** What the copying function still has under way when its execution is stopped ends within this. Milliseconds. */
const BEFORE_GONE = 20_000;

/** The next thing to do for a Delete. What is gone counts as removed. */
export function nextRemoval(seen: Seen, unwanted: UnwantedCopy): Step {
  const step = towardsNothing(seen, unwanted);
  if (step.do !== 'wait' || seen.now < seen.started + unwanted.timeoutSeconds * 1000) return step;
  return fail(
    `The copies in ${unwanted.bucket} could not be removed in time. Last: ${step.why}. Next: delete the stack again.`,
  );
}

function towardsNothing(seen: Seen, unwanted: UnwantedCopy): Step {
  if (unwanted.link > 1) return done('the first link removes the copy');
  if (seen.trouble) return troubled(seen, seen.trouble, `the copies in ${unwanted.bucket} were not removed`);
  if (unwanted.place) {
    if (seen.running === undefined) return look('running');
    const [running] = seen.running;
    if (running)
      return seen.stopped ? wait(`execution ${running.name} is being stopped`) : { do: 'stop', arn: running.arn };
  }
  if (!unwanted.removes) return done('copies in a bucket that was given stay');
  if (seen.stack === undefined) return look('stack');
  if (seen.stack.status.startsWith('UPDATE_ROLLBACK')) return done('what is copied stays for the next attempt');
  if (seen.declared === undefined) return look('declared');
  const goes = seen.stack.status === 'DELETE_IN_PROGRESS' || seen.stack.status.startsWith('ROLLBACK') || !seen.declared;
  if (!goes) {
    if (seen.current === undefined) return look('current');
    if (unwanted.place && seen.current.startsWith(idOf(unwanted.place)))
      return done('the copy is the one that is in use');
    if (!seen.current.startsWith('s3://')) return done('nobody knows which copy is in use');
  }
  if (seen.removed === undefined) return { do: 'remove', ...(!goes && { kept: seen.current }) };
  if (seen.removed > 0 || seen.now < seen.started + BEFORE_GONE) return wait('making sure that nothing still appears');
  return done('the copies are gone');
}

function done(why: string): Step {
  return { do: 'finish', why };
}
