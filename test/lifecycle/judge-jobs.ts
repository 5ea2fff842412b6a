import { parseRequest } from '../../lambda/imported-model/request';
import { OWNER_TAGS } from '../../lib/contract';
import type { ImportJob } from '../../local/bedrock/account';
import type { SentRequest } from '../../local/cloudformation/cloudformation';
import type { Play } from './play';
import type { CallFor } from './world';

/** Milliseconds: a call that passed the fence takes effect within the SDK's time-out and a second. */
const WINDOW = 6_000;
/** Milliseconds: a poll goes on for 20 s after it looked at the stack, and its last call as long as any. */
const POLL = 20_000;

/** 3: never two jobs for one content in one attempt. */
export function doubleJobs({ operations }: Play, jobs: readonly ImportJob[]): string[] {
  return operations.flatMap(({ stack, began, ended, status }) => {
    const names = jobs
      .filter(
        ({ createdAt, tags }) =>
          createdAt >= began && createdAt <= ended && tags.get(OWNER_TAGS.stack)?.split('/')[1] === stack,
      )
      .map(({ request }) => request.importedModelName);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    return twice === undefined ? [] : [`two jobs for ${twice} in one operation on ${stack} (${status})`];
  });
}

/** 8: a request that was superseded before its fence makes no job. */
export function deadJobs({ world }: Play): string[] {
  const { requests } = world.cloudFormation;
  return jobsMade(world).flatMap(({ request, at, input }) => {
    const sent = requests.find((one) => one.request.RequestId === request.RequestId);
    // a repeat of a request may make what a further wait of the chain waits for
    const isAwaited = requests.some(
      (one) =>
        one.request.RequestType !== 'Delete' &&
        one.at <= at &&
        at <= (one.until ?? Infinity) + WINDOW &&
        parseRequest(one.request).name === input.importedModelName,
    );
    return isAwaited || (sent && cancelledAtOnce(sent))
      ? []
      : [`job ${String(input.jobName)} was made at ${at} for nobody`];
  });
}

/** 2: no job is made when nobody is left to wait for it. */
export function lateJobs({ world }: Play): string[] {
  return jobsMade(world).flatMap(({ request, at, input }) => {
    const parsed = parseRequest(request);
    const deadline = (request.Started ?? at) + parsed.timeoutSeconds * 1000;
    return at <= deadline + WINDOW ? [] : [`job ${String(input.jobName)} was made after the deadline`];
  });
}

/** 8, for what is not a job: when the stack has gone on, a request neither tags nor deletes any more. */
export function givenUpYetActing({ world }: Play): string[] {
  const { requests } = world.cloudFormation;
  return world.writes.flatMap(({ request, at, operation }) => {
    if (request.RequestType === 'Delete' || operation === 'CreateModelImportJob') return [];
    const index = requests.findIndex((sent) => sent.request.RequestId === request.RequestId);
    const sent = requests[index];
    if (sent && cancelledAtOnce(sent)) return [];
    const { stackStatus, until = Infinity } = sent ?? {};
    const next = requests
      .slice(index + 1)
      .find((later) => later.request.StackId === request.StackId && later.stackStatus !== stackStatus);
    return next && at > Math.max(next.at, until) + POLL + WINDOW
      ? [`${operation} for ${request.RequestType} ${request.RequestId.slice(0, 8)}, which was given up`]
      : [];
  });
}

/**
 * True for an Update that was cancelled before the handler had it. What it sees of the stack is the rollback, and while
 * the rollback's own Update of that resource is in progress, nothing that can be asked tells the two apart.
 */
export function cancelledAtOnce({ request, outcome, at, until = at }: SentRequest): boolean {
  return request.RequestType === 'Update' && outcome?.kind === 'cancelled' && until - at < WINDOW;
}

function jobsMade({
  writes,
}: Play['world']): (CallFor & { input: { readonly jobName?: unknown; readonly importedModelName?: unknown } })[] {
  return writes
    .filter(({ operation }) => operation === 'CreateModelImportJob')
    .map((write) => ({ ...write, input: Object(write.input) as object }));
}
