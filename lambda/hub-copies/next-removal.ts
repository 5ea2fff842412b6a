import { SENDING } from '../imported-model/patience';
import { troubled } from './next-copy';
import { executionFamily, idOf, placeOfId, type UnwantedCopy } from './request';
import { fail, look, type Seen, type Step, wait } from './seen';

/**
 * A Delete outlasts what a request before it had under way: a start that passed its fence just before the stack changed
 * is tried for 20 s, and a function whose upload is taken away ends within seconds. Milliseconds.
 */
const BEFORE_GONE = 25_000;

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
  if (seen.stack === undefined) return look('stack');
  // one that was repeated, or sent late, would stop and remove what the stack wants now
  if (unwanted.sentAt !== undefined && unwanted.sentAt + SENDING < Date.parse(seen.stack.since)) {
    return done('the stack has been changed again since');
  }
  if (seen.declared === undefined) return look('declared');
  if (goesWhole(seen.stack.status, seen.declared, unwanted)) return remove(seen, unwanted, { stops: () => true });
  if (seen.current === undefined) return look('current');
  const current = placeOfId(seen.current);
  if (current && unwanted.place && idOf(current) === idOf(unwanted.place)) return done('the copy is in use');
  const isThis = (name: string) => unwanted.place !== undefined && name.startsWith(executionFamily(unwanted.place));
  if (!current) return remove(seen, unwanted, { stops: isThis, leaves: 'nobody knows which copy is in use' });
  // a bucket that only the failed update had goes with it
  const isInUse = current.bucket === unwanted.bucket;
  if (isInUse && seen.stack.status.startsWith('UPDATE_ROLLBACK')) {
    return remove(seen, unwanted, { stops: isThis, leaves: 'what is copied stays for the next attempt' });
  }
  const family = executionFamily(current);
  return remove(seen, unwanted, {
    stops: (name) => !name.startsWith(family),
    ...(isInUse && { kept: current.prefix }),
  });
}

/** Nothing of the resource is wanted any more, nor of its attempts that failed. */
function goesWhole(status: string, isDeclared: boolean, { place }: UnwantedCopy): boolean {
  // CloudFormation gave its Create up, so there never was anything that could be in use
  const neverWas = place === undefined;
  return status === 'DELETE_IN_PROGRESS' || status.startsWith('ROLLBACK') || !isDeclared || neverWas;
}

interface Extent {
  /** Which executions, by name. */
  readonly stops: (name: string) => boolean;
  /** Why the bucket is left as it is. @default - it isn't */
  readonly leaves?: string;
  /** Folder that stays. */
  readonly kept?: string;
}

function remove(seen: Seen, unwanted: UnwantedCopy, { stops, leaves, kept }: Extent): Step {
  if (seen.running === undefined) return look('running');
  const running = seen.running.filter(({ name }) => stops(name));
  if (running.length > 0) {
    const [{ name } = { name: '' }] = running;
    return seen.stopped
      ? wait(`execution ${name} is being stopped`)
      : { do: 'stop', arns: running.map(({ arn }) => arn) };
  }
  const stays = leaves ?? (unwanted.removes ? undefined : 'copies in a bucket that was given stay');
  if (stays === undefined && seen.removed === undefined) return { do: 'remove', ...(kept !== undefined && { kept }) };
  // parts that a stopped function left are billed for ever in a bucket that has no rule for them
  if (stays !== undefined && unwanted.place && seen.givenUp === undefined) {
    return { do: 'give-up', prefix: unwanted.place.prefix };
  }
  if ((seen.removed ?? seen.givenUp ?? 0) > 0 || seen.now < seen.started + BEFORE_GONE)
    return wait('making sure that nothing still appears');
  return done(stays ?? 'the copies are gone');
}

function done(why: string): Step {
  return { do: 'finish', why };
}
