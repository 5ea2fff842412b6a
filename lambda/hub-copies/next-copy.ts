import { MINUTES_PER_LINK } from '../../lib/contract';
import { isAlive, ROLLING_BACK } from '../imported-model/alive';
import { BEFORE_CREATE, POLICY_PATIENCE } from '../imported-model/patience';
import type { CallFailed, StackMoment } from '../imported-model/port';
import { idOf, type WantedCopy } from './request';
import { fail, look, type Seen, type Step, wait } from './seen';

/** The next thing to do for a Create or an Update, from what this poll has seen so far. Pure, and safe to ask at any point. */
export function nextCopy(seen: Seen, wanted: WantedCopy): Step {
  const step = towardsCopy(seen, wanted);
  const isLate = seen.now >= seen.started + wanted.timeoutSeconds * 1000;
  if (!isLate || (step.do !== 'wait' && step.do !== 'start')) return step;
  const last = step.do === 'wait' ? step.why : 'no execution was started, the time was up';
  if (wanted.link === wanted.links) return fail(timedOut(wanted, last));
  const why = `handing on to wait ${wanted.link + 1}: ${last}`;
  return { do: 'finish', why, attributes: { ...named(wanted), Hash: '', Files: '0', Bytes: '0' } };
}

function towardsCopy(seen: Seen, wanted: WantedCopy): Step {
  if (seen.trouble) return troubled(seen, seen.trouble, `${idOf(wanted.place)} was not copied`);
  if (seen.running === undefined) return look('running');
  const [running] = seen.running;
  if (running) return wait(`execution ${running.name} copies ${address(wanted)} to ${idOf(wanted.place)}`);
  // before the copy, which it may finish meanwhile: executions are listed late
  if (seen.own === undefined) return look('own');
  if (seen.asked || (seen.own !== 'none' && seen.own.status === 'running'))
    return wait(`execution ${wanted.execution} begins`);
  if (seen.copy === undefined) return look('copy');
  if (seen.copy !== 'none') {
    return { do: 'finish', why: 'the copy is there', attributes: { ...named(wanted), ...seen.copy } };
  }
  if (seen.own !== 'none') return fail(seen.own.status === 'failed' ? failed(wanted, seen.own.cause) : changed(wanted));
  return fence(seen, wanted) ?? { do: 'start' };
}

/** A request that CloudFormation gave up starts nothing. */
function fence(seen: Seen, wanted: WantedCopy): Step | undefined {
  if (seen.stack === undefined) return look('stack');
  if (!isAlive(wanted, seen.stack, seen.noted)) return fail(superseded(seen.stack));
  if (seen.stack.status !== ROLLING_BACK) return undefined;
  // an update that was cancelled before it came here has seen nothing but the rollback
  if (seen.now < seen.started + BEFORE_CREATE) return wait('giving a cancelled request time to show');
  if (seen.resource === undefined) return look('resource');
  return /_(COMPLETE|FAILED)$/.test(seen.resource) ? fail(superseded(seen.stack)) : undefined;
}

/** What a failed call means, for copies wanted and unwanted. */
export function troubled(seen: Seen, trouble: CallFailed, consequence: string): Step {
  const { kind, call, message } = trouble;
  const maySpread = kind === 'denied' && seen.now < seen.started + POLICY_PATIENCE;
  if (kind === 'passing' || kind === 'conflict' || maySpread) return wait(`${call} did not succeed: ${message}`);
  return fail(refused(trouble, consequence));
}

export function refused({ kind, call, message }: CallFailed, consequence: string): string {
  const remedy =
    kind === 'denied'
      ? "check the handler's role, permissions boundaries and service control policies for this action"
      : kind === 'passing'
        ? 'deploy again; throttling and failures of the service pass'
        : 'correct the cause and deploy again';
  return `${call} failed, so ${consequence}: ${message}. Next: ${remedy}.`;
}

function superseded({ status }: StackMoment): string {
  return `CloudFormation has given this request up (the stack is ${status}), so nothing was copied.`;
}

function named({ place, commit, execution }: WantedCopy) {
  return { Prefix: place.prefix, Commit: commit, Execution: execution };
}

function address({ repository, commit }: WantedCopy): string {
  return `hf://${repository}@${commit}`;
}

function failed(wanted: WantedCopy, cause: string): string {
  const why = cause || 'the state machine gave no reason';
  const remedy = why.includes('Next: ') ? '' : '. Next: mend the cause and deploy again.';
  return `${address(wanted)} could not be copied: ${why} (execution ${wanted.execution})${remedy}`;
}

function changed(wanted: WantedCopy): string {
  return (
    `${address(wanted)} was copied to ${idOf(wanted.place)}, and what lies there now is not that copy (execution ${wanted.execution}): ` +
    'somebody else has changed it. Next: remove what does not belong there, or the whole folder, and deploy again, which copies what is missing.'
  );
}

function timedOut(wanted: WantedCopy, last: string): string {
  const minutes = (wanted.link - 1) * MINUTES_PER_LINK + Math.round(wanted.timeoutSeconds / 60);
  return `Gave up ${address(wanted)} after ${minutes} minutes. Last: ${last}. Next: set a longer 'copyTimeout' on the source and deploy again; what is copied stays, unless this was the stack's first deployment.`;
}
