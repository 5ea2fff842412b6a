import { OWNER_TAGS } from '../../lib/contract';
import { parseRequest } from '../../lambda/imported-model/request';
import type { ImportedModel, ImportJob } from '../../local/bedrock/account';
import type { Play } from './play';

export interface Verdict {
  /** What is wrong, in sentences; none is right. */
  readonly wrongs: readonly string[];
  readonly leaks: number;
  readonly hangs: number;
  readonly events: number;
  readonly faults: ReadonlyMap<string, number>;
  /** Milliseconds of virtual time that the slowest answer took. */
  readonly slowest: number;
  readonly mostCallsAPoll: number;
  readonly play: Play;
}

/** CloudFormation's hour, in milliseconds. */
const HOUR = 3_600_000;
/** A call that passed the fence takes effect within the SDK's time-out and a second. */
const WINDOW = 6_000;
/** Most calls to Bedrock of one poll: a look at everything, with the tags of each model and job. */
const MOST_CALLS = 40;

/** Holds a play against what must be true after every history. */
export async function judge(play: Play): Promise<Verdict> {
  const { world } = play;
  const { jobs, models } = await world.bedrock.look();
  const leaks = leaked(play, models, jobs);
  const hung = play.hung ? ['hangs: an operation never ended'] : [];
  const answers = answersWrong(play);
  const mostCallsAPoll = Math.max(0, ...world.callsPerPoll);
  return {
    wrongs: [
      ...hung,
      ...answers,
      ...leaks,
      ...lost(play, models),
      ...doubleJobs(play, jobs),
      ...strangersTouched(play, models, jobs),
      ...deadJobs(play, jobs),
      ...slowRollbacks(play, jobs),
      ...(mostCallsAPoll > MOST_CALLS ? [`one poll made ${mostCallsAPoll} calls`] : []),
    ],
    leaks: leaks.length,
    hangs: hung.length,
    events: world.cloudFormation.requests.length,
    faults: world.faults.struck,
    slowest: Math.max(0, ...world.cloudFormation.requests.map(({ at, until }) => (until ?? at) - at)),
    mostCallsAPoll,
    play,
  };
}

/** 1 and 6: every request is answered within its hour, and what is said fits and names the model. */
function answersWrong({ world }: Play): string[] {
  return world.cloudFormation.requests.flatMap(({ request, outcome, at, until }) => {
    const who = `${request.RequestType} ${request.RequestId.slice(0, 8)}`;
    if (!outcome) return [`${who} was never settled`];
    if (outcome.kind === 'no-answer') return [`${who} got no answer`];
    if ((until ?? at) - at > HOUR) return [`${who} took longer than an hour`];
    if (outcome.kind !== 'failed') return [];
    if (Buffer.byteLength(outcome.reason) > 4000) return [`${who} has too long a reason`];
    const isOurs = !/Runtime exited|Task timed out|StartExecution|DescribeStacks/.test(outcome.reason);
    return isOurs && !outcome.reason.includes(parseRequest(request).name)
      ? [`${who} does not name the model: ${outcome.reason}`]
      : [];
  });
}

/** 2, when all stacks are gone: no model and no running job with our marks, but what was retained or abandoned. */
function leaked({ world }: Play, models: readonly ImportedModel[], jobs: readonly ImportJob[]): string[] {
  const now = world.time.now();
  const { stacks } = world.cloudFormation;
  const kept = new Set([
    ...stacks.flatMap(({ retained }) => retained.map(({ physicalId }) => physicalId)),
    ...stacks.flatMap(({ abandoned }) => abandoned.map(({ physicalId }) => nameOfDeleted(world, physicalId))),
  ]);
  const left = stacks
    .filter(({ status }) => !/^(DELETE_COMPLETE)$/.test(status))
    .map(({ name, status }) => `stack ${name} is left ${status}`);
  return [
    ...left,
    ...models
      .filter(
        ({ goneAt, tags, name }) =>
          (goneAt === undefined || goneAt > now) && tags.has(OWNER_TAGS.stack) && !kept.has(name),
      )
      .map(({ name, job }) => `leaks model ${name} of job ${job.request.jobName}`),
    ...jobs
      .filter(({ status, tags }) => status === 'InProgress' && tags.has(OWNER_TAGS.stack))
      .map(({ request }) => `leaks running job ${request.jobName}`),
  ];
}

/** The model that a Delete was about, which CloudFormation may have sent under an id of its own. */
function nameOfDeleted({ cloudFormation }: Play['world'], physicalId: string): string {
  const sent = cloudFormation.requests.findLast(
    ({ request }) => request.RequestType === 'Delete' && request.PhysicalResourceId === physicalId,
  );
  return sent ? parseRequest(sent.request).name : physicalId;
}

/** 2 and 5: what a stack owns is there when its operation ends, and until CloudFormation sends a Delete for it. */
function lost({ world, operations, deletedByHand }: Play, models: readonly ImportedModel[]): string[] {
  return operations.flatMap(({ stack, ended, owns }) =>
    owns.flatMap((name) => {
      if (deletedByHand.has(name)) return [];
      const model = models.findLast((one) => one.name === name && one.createdAt <= ended);
      if (!model || (model.goneAt ?? Infinity) <= ended)
        return [`${stack} owns model ${name} at ${ended}, and there is none`];
      const deletion = world.cloudFormation.requests.find(
        ({ request, at }) => request.RequestType === 'Delete' && request.PhysicalResourceId === name && at >= ended,
      );
      const until = deletion?.at ?? Infinity;
      return (model.goneAt ?? Infinity) < until
        ? [`${stack} owned model ${name} until ${until}, and it went at ${model.goneAt}`]
        : [];
    }),
  );
}

/** 3: never two jobs for one content in one attempt. */
function doubleJobs({ operations }: Play, jobs: readonly ImportJob[]): string[] {
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

/** 4: no stranger's job or model is tagged or deleted. */
function strangersTouched({ world }: Play, models: readonly ImportedModel[], jobs: readonly ImportJob[]): string[] {
  const strangers = new Set(
    [
      ...jobs.filter(({ request }) => isStrangers(request.jobName)),
      ...models.filter(({ job }) => isStrangers(job.request.jobName)),
    ].map(({ arn }) => arn),
  );
  return world.bedrock.calls.flatMap(({ operation, input, outcome }) => {
    if (outcome !== 'ok' || !['DeleteImportedModel', 'TagResource', 'UntagResource'].includes(operation)) return [];
    const arn = [...strangers].find((one) => JSON.stringify(input).includes(one));
    return arn === undefined ? [] : [`${operation} on a stranger's ${arn}`];
  });
}

/** 8: a request that was superseded before its fence makes no job. */
function deadJobs({ world }: Play, jobs: readonly ImportJob[]): string[] {
  const requests = world.cloudFormation.requests.flatMap(({ request, at, until }) => {
    const parsed = parseRequest(request);
    return parsed.type === 'Delete' ? [] : [{ jobName: parsed.jobName, at, until: until ?? Infinity }];
  });
  return jobs
    .filter(({ request }) => !isStrangers(request.jobName))
    .filter(
      (job) =>
        !requests.some(
          ({ jobName, at, until }) =>
            jobName === job.request.jobName && at <= job.createdAt && job.createdAt <= until + WINDOW,
        ),
    )
    .map(({ request, createdAt }) => `job ${request.jobName} was made at ${createdAt} for nobody`);
}

/** 5: a rollback with nothing in its way is answered within one poll. */
function slowRollbacks({ world, operations }: Play, jobs: readonly ImportJob[]): string[] {
  if (world.faults.total > 0 || operations.some(({ disturbed }) => disturbed)) return [];
  return world.cloudFormation.requests.flatMap(({ request, at, until = at, stackStatus }) => {
    if (stackStatus !== 'UPDATE_ROLLBACK_IN_PROGRESS' || request.RequestType !== 'Update' || until - at < 5_000)
      return [];
    const { name } = parseRequest(request);
    const busy = jobs.some(({ createdAt, endsAt }) => createdAt <= at && endsAt > at);
    return busy ? [] : [`the rollback to ${name} took ${(until - at) / 1000} s`];
  });
}

function isStrangers(jobName: string): boolean {
  return jobName.startsWith('stranger-');
}
