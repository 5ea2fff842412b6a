import { VISIBLE_PATIENCE } from '../../lambda/imported-model/patience';
import { parseRequest } from '../../lambda/imported-model/request';
import type { ImportedModel, ImportJob } from '../../local/bedrock/account';
import { GOOD_PREFIXES } from './history';
import type { Play, Played } from './play';

/** CloudFormation's hour, in milliseconds. */
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** 1 and 6: every request is answered within its hour; what is said fits, names the model and what to do next. */
export function answersWrong({ world }: Play): string[] {
  return world.cloudFormation.requests.flatMap(({ request, outcome, at, until }) => {
    const who = `${request.RequestType} ${request.RequestId.slice(0, 8)}`;
    if (!outcome) return [`${who} was never settled`];
    if (outcome.kind === 'no-answer') return [`${who} got no answer`];
    if ((until ?? at) - at > HOUR) return [`${who} took longer than an hour`];
    if (outcome.kind !== 'failed') return [];
    const { reason } = outcome;
    if (Buffer.byteLength(reason) > 4000 || reason.startsWith('Response object is too long'))
      return [`${who} has too long a reason`];
    if (/Runtime exited|Task timed out|StartExecution|DescribeStacks/.test(reason)) return [];
    if (!reason.includes(parseRequest(request).name)) return [`${who} does not name the model: ${reason}`];
    // nobody is to do anything about a request that was given up
    return /Next: |has given this request up/.test(reason) ? [] : [`${who} does not say what to do next: ${reason}`];
  });
}

/** 5: a rollback with nothing in its way is answered within one poll. */
export function slowRollbacks({ world, operations }: Play, jobs: readonly ImportJob[]): string[] {
  if (world.faults.total > 0 || operations.some(({ disturbed }) => disturbed)) return [];
  // what was deleted must be gone before a request is done
  const { deleteSeconds } = world.bedrock.switches;
  const given = deleteSeconds > 0 ? deleteSeconds * 1000 + MINUTE : 5_000;
  return world.cloudFormation.requests.flatMap(({ request, at, until = at, stackStatus }) => {
    if (stackStatus !== 'UPDATE_ROLLBACK_IN_PROGRESS' || request.RequestType !== 'Update' || until - at < given)
      return [];
    const { name } = parseRequest(request);
    const busy = jobs.some(({ createdAt, endsAt }) => createdAt <= at && endsAt > at);
    return busy ? [] : [`the rollback to ${name} took ${(until - at) / 1000} s`];
  });
}

/** Milliseconds between reads that are under way together. */
const BESIDE = 1000;

/** What no waiting mends is said at once. A job that was refused is looked for first: a twin may have made it. */
export function ignoredRefusals({ world }: Play): string[] {
  return world.refusals.flatMap(({ request: { RequestId }, at, operation }) => {
    const sent = world.cloudFormation.requests.find(({ request }) => request.RequestId === RequestId);
    const { outcome, until = Infinity } = sent ?? {};
    if (operation === 'CreateModelImportJob' || until < at) return [];
    // files are read side by side, and the first of two troubles is the one that counts
    const isBeside = world.disturbed.some(
      (other) =>
        other.request.RequestId === RequestId && other.operation === operation && Math.abs(other.at - at) < BESIDE,
    );
    if (operation === 'GetObject' && isBeside) return [];
    const isSaid = until < at + MINUTE && outcome?.kind !== 'success';
    return isSaid ? [] : [`${operation} was refused for good, and ${RequestId.slice(0, 8)} went on`];
  });
}

/** A name that is taken by the request's own job means that the call took effect. */
export function failedForOwnJob({ world }: Play): string[] {
  return world.cloudFormation.requests.flatMap(({ request, outcome }) => {
    if (outcome?.kind !== 'failed' || !outcome.reason.includes('ConflictException')) return [];
    const own = world.writes.some(
      (write) => write.operation === 'CreateModelImportJob' && write.request.RequestId === request.RequestId,
    );
    return own ? [`${request.RequestType} ${request.RequestId.slice(0, 8)} gave up for its own job`] : [];
  });
}

/** With nothing going wrong, nobody waits long while no import runs in the account. */
export function idled({ world, operations, deletedByHand }: Play, jobs: readonly ImportJob[]): string[] {
  if (world.faults.total > 0) return [];
  const { roleDelaySeconds, modelVisibleDelaySeconds, deleteSeconds, inUseSeconds } = world.bedrock.switches;
  const settling = (modelVisibleDelaySeconds + deleteSeconds) * 1000;
  const inUse = operations.some(({ disturbed }) => disturbed) ? inUseSeconds * 1000 : 0;
  // a job says Completed whose model somebody deleted at once: the handler waits for it to become visible
  const search = deletedByHand.size > 0 ? VISIBLE_PATIENCE : 0;
  const patience = roleDelaySeconds * 1000 + settling + inUse + search + 2 * MINUTE;
  return world.cloudFormation.requests.flatMap(({ request, at, until = at }) => {
    if (request.ResourceProperties['WaitForUpload'] === 'true') return [];
    const busy = jobs.reduce(
      (sum, { createdAt, endsAt }) => sum + Math.max(0, Math.min(until, endsAt) - Math.max(at, createdAt)),
      0,
    );
    const idle = until - at - busy;
    return idle <= patience
      ? []
      : [
          `${request.RequestType} ${request.RequestId.slice(0, 8)} waited ${(idle / MINUTE).toFixed(0)} minutes in vain`,
        ];
  });
}

/** A deploy of good weights that nothing and nobody disturbs, with room and time enough, succeeds. */
export function failedForNothing(play: Play, models: readonly ImportedModel[], jobs: readonly ImportJob[]): string[] {
  return play.operations
    .filter((operation) => !/^(CREATE|UPDATE)_COMPLETE$/.test(operation.status))
    .filter((operation) => mustSucceed(operation, play, models, jobs))
    .map(({ stack, status, reasons }) => `nothing was wrong, and ${stack} is ${status}: ${reasons.join(' | ')}`);
}

function mustSucceed(
  { stack, plan, began, ended, disturbed, faultsAfter }: Played,
  { world, operations, weightsChanged }: Play,
  models: readonly ImportedModel[],
  jobs: readonly ImportJob[],
): boolean {
  if (!plan || disturbed || faultsAfter > 0 || weightsChanged.some((at) => at <= ended)) return false;
  if (plan.models.some(({ prefix, upload }) => upload || !GOOD_PREFIXES.includes(prefix))) return false;
  if (plan.other && plan.other.failsOn !== '') return false;
  if (operations.some((other) => other.stack !== stack && other.began < ended && other.ended > began)) return false;
  const { importSeconds, roleDelaySeconds, maxModels } = world.bedrock.switches;
  const running = jobs.filter(({ createdAt, endsAt }) => createdAt <= began && endsAt > began);
  const present = models.filter(({ createdAt, goneAt = Infinity }) => createdAt <= began && goneAt > began);
  const before = running.reduce((sum, { endsAt }) => sum + endsAt - began, 0);
  const needed = before + (plan.models.length * importSeconds + roleDelaySeconds) * 1000 + 5 * MINUTE;
  const given = Math.min(...plan.models.map(({ links }) => links)) * 50 * MINUTE;
  return needed <= given && present.length + running.length + plan.models.length <= maxModels;
}
