import { parseRequest } from '../../lambda/imported-model/request';
import { IMPORTED_MODEL_TYPE, type ImportProperties, OWNER_TAGS } from '../../lib/contract';
import type { ImportedModel, ImportJob } from '../../local/bedrock/account';
import { cancelledAtOnce } from './judge-jobs';
import { isStrangers, type Play } from './play';

/** 2, when all stacks are gone: no model and no running job with our marks, but what was retained or abandoned. */
export function leaked(play: Play, models: readonly ImportedModel[], jobs: readonly ImportJob[]): string[] {
  const { world } = play;
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
      .filter((model) => !neverAskedAgain(world, model) && !keptToTheLast(play, model))
      .map(({ name, job }) => `leaks model ${name} of job ${job.request.jobName}`),
    ...jobs
      .filter(({ status, tags }) => status === 'InProgress' && tags.has(OWNER_TAGS.stack))
      .map(({ request }) => `leaks running job ${request.jobName}`),
  ];
}

/**
 * True for a model that a failed rollback left in a stack which then went with its resource retained: CloudFormation
 * sends nothing for such a resource any more, so nobody is asked to sweep.
 */
function neverAskedAgain({ cloudFormation }: Play['world'], { tags, createdAt }: ImportedModel): boolean {
  const stack = cloudFormation.byId(tags.get(OWNER_TAGS.stack) ?? '');
  const resource = tags.get(OWNER_TAGS.resource);
  const last = cloudFormation.requests.findLast(
    ({ request: { StackId, LogicalResourceId } }) => StackId === stack?.id && LogicalResourceId === resource,
  );
  const isRetained = stack?.retained.some(({ logicalId }) => logicalId === resource) ?? false;
  return isRetained && !(last?.outcome?.kind === 'success' && last.at >= createdAt);
}

/**
 * True for a model that the last template to be deployed whole retains, in a stack whose next update failed, and its
 * rollback too, and which then went: the Delete names another model, and ours is kept, as the template says.
 */
function keptToTheLast({ operations }: Play, { name, tags }: ImportedModel): boolean {
  const stack = tags.get(OWNER_TAGS.stack)?.split('/')[1];
  const ofStack = operations.filter((operation) => operation.stack === stack);
  const last = ofStack.findLastIndex(({ owns }) => owns.length > 0);
  const wasKept = tags.has(OWNER_TAGS.kept) && (ofStack[last]?.owns.some((owned) => owned.name === name) ?? false);
  return wasKept && ofStack.slice(last).some(({ status }) => status === 'UPDATE_ROLLBACK_FAILED');
}

/** The model that a Delete was about, which CloudFormation may have sent under an id of its own. */
function nameOfDeleted({ cloudFormation }: Play['world'], physicalId: string): string {
  const sent = cloudFormation.requests.findLast(
    ({ request }) => request.RequestType === 'Delete' && request.PhysicalResourceId === physicalId,
  );
  return sent ? parseRequest(sent.request).name : physicalId;
}

/** 2 and 5: what a stack owns or has retained is there, until CloudFormation sends a Delete for it. */
export function lost(play: Play, models: readonly ImportedModel[]): string[] {
  const { world, operations, deletedByHand } = play;
  // three Deletes that died after Bedrock had begun: whoever wants the model at once sees one that still looks whole
  const abandoned = new Set(
    world.cloudFormation.stacks.flatMap((stack) => stack.abandoned.map(({ physicalId }) => physicalId)),
  );
  const owned = operations.flatMap(({ stack, ended, owns }) =>
    owns.flatMap(({ name }) => {
      if (deletedByHand.has(name) || abandoned.has(name)) return [];
      const model = ours(models).findLast((one) => one.name === name && one.createdAt <= ended);
      if (!model || (model.goneAt ?? Infinity) <= ended)
        return [`${stack} owns model ${name} at ${ended}, and there is none`];
      const deletion = world.cloudFormation.requests.find(
        ({ request, at }) => request.RequestType === 'Delete' && request.PhysicalResourceId === name && at >= ended,
      );
      // any Delete sweeps as soon as the stack is being deleted; a destroy meanwhile is a second old at its first request
      const destroy = world.cloudFormation.requests.find(
        ({ request, at, stackStatus }) =>
          request.StackId.split('/')[1] === stack && stackStatus === 'DELETE_IN_PROGRESS' && at >= ended,
      );
      const next = operations.find(
        (later) => later.stack === stack && later.began >= ended && later.status.startsWith('DELETE'),
      );
      const until = Math.min(deletion?.at ?? Infinity, (destroy?.at ?? Infinity) - 1000, next?.began ?? Infinity);
      return (model.goneAt ?? Infinity) < until
        ? [`${stack} owned model ${name} until ${until}, and it went at ${model.goneAt}`]
        : [];
    }),
  );
  return [...owned, ...retainedLost(play, models)];
}

function retainedLost({ world, deletedByHand }: Play, models: readonly ImportedModel[]): string[] {
  const deleted = world.cloudFormation.requests.flatMap(({ request }) =>
    request.RequestType === 'Delete' ? [parseRequest(request).name] : [],
  );
  return retained(world).flatMap(({ physicalId: name }) => {
    const isExplained = deletedByHand.has(name) || deleted.includes(name);
    const isThere = ours(models).some((model) => model.name === name && model.goneAt === undefined);
    const wasThere = ours(models).some((model) => model.name === name);
    return isExplained || isThere || !wasThere ? [] : [`${name} was retained, and is gone`];
  });
}

function ours(models: readonly ImportedModel[]): ImportedModel[] {
  return models.filter(({ job }) => !isStrangers(job.request.jobName));
}

/** 2: an update that is answered has swept what updates before it left. */
export function unswept({ world }: Play, models: readonly ImportedModel[], jobs: readonly ImportJob[]): string[] {
  return world.cloudFormation.requests.flatMap(({ request, at, until = at, outcome }) => {
    const parsed = parseRequest(request);
    if (parsed.type !== 'Update' || parsed.link > 1 || outcome?.kind !== 'success') return [];
    // what is still there at its deadline is left to the next event
    if (until - at >= parsed.timeoutSeconds * 1000) return [];
    const { StackId, LogicalResourceId, PhysicalResourceId } = request;
    const isOrphan = (name: string, tags: ReadonlyMap<string, string>) =>
      tags.get(OWNER_TAGS.stack) === StackId &&
      tags.get(OWNER_TAGS.resource) === LogicalResourceId &&
      !tags.has(OWNER_TAGS.kept) &&
      ![outcome.physicalId, PhysicalResourceId].includes(name);
    const left = [
      ...models.filter(
        ({ name, tags, visibleAt, goneAt = Infinity }) =>
          visibleAt <= at && goneAt > until + HOUR && isOrphan(name, tags),
      ),
      ...jobs
        .filter(({ createdAt, endsAt }) => createdAt <= at - SETTLED && endsAt > until)
        .flatMap(({ request: { importedModelName: name }, tags }) => (isOrphan(name, tags) ? [{ name }] : [])),
    ];
    return left.map(({ name }) => `${request.RequestId.slice(0, 8)} was answered, and ${name} is still there`);
  });
}

/** Milliseconds after which a job that was made is listed. */
const SETTLED = 60_000;
const HOUR = 3_600_000;

/** What a template says of tags is what a model has. */
export function mistagged({ world, operations }: Play): string[] {
  const cancelled = world.cloudFormation.requests
    .filter(cancelledAtOnce)
    .map(({ request }) => request.LogicalResourceId);
  // one that is taken over again keeps the tags that it came with
  const takenOver = new Set(retained(world).map(({ physicalId }) => physicalId));
  return operations.flatMap(({ stack, status, owns }) =>
    owns.flatMap(({ name, resource, tags, tagsLater }) => {
      const has = tagsLater?.get('team');
      const wants = tags.get('team');
      return !tagsLater || has === wants || (wants === undefined && takenOver.has(name)) || cancelled.includes(resource)
        ? []
        : [`${name} of ${stack} (${status}) has the tag '${has}' where the template says '${wants}'`];
    }),
  );
}

/** A stack that is made anew takes over what its forerunner retained of the same content. */
export function importedAgain({ world }: Play, models: readonly ImportedModel[]): string[] {
  const identity = ['Bucket', 'Prefix', 'Version', 'ModelName', 'ModelKeyArn'] satisfies (keyof ImportProperties)[];
  const identityOf = (stack: string | undefined, resource: string, properties: Readonly<Record<string, unknown>>) =>
    JSON.stringify([stack, resource, ...identity.map((name) => properties[name])]);
  const kept = retained(world).map(({ stack, logicalId, properties, physicalId }) => ({
    stack,
    name: physicalId,
    identity: identityOf(stack.name, logicalId, properties),
  }));
  return world.cloudFormation.requests.flatMap(({ request, at, outcome }) => {
    const { StackId, LogicalResourceId, ResourceProperties, ResourceType, RequestType } = request;
    if (ResourceType !== IMPORTED_MODEL_TYPE || outcome?.kind !== 'success' || RequestType === 'Delete') return [];
    const identity = identityOf(StackId.split('/')[1], LogicalResourceId, ResourceProperties);
    const forerunners = kept.filter((one) => one.identity === identity && one.stack.id !== StackId);
    const isThere = models.some(
      ({ name, createdAt, goneAt }) =>
        forerunners.some((one) => one.name === name) && createdAt < at && goneAt === undefined,
    );
    return isThere && forerunners.every(({ name }) => name !== outcome.physicalId)
      ? [`${outcome.physicalId} was imported although ${forerunners[0]?.name} was retained`]
      : [];
  });
}

/** A model that an earlier stack left is taken over only if its prefix has not changed since. */
export function adoptedOtherBytes({ world, weightsChanged }: Play, models: readonly ImportedModel[]): string[] {
  return world.writes.flatMap(({ request, operation, input }) => {
    const { resourceARN, tags = [] } = input as {
      resourceARN?: string;
      tags?: readonly { key: string; value: string }[];
    };
    const model = models.find(({ arn }) => arn === resourceARN);
    const stack = tags.find(({ key }) => key === OWNER_TAGS.stack)?.value;
    if (operation !== 'TagResource' || !model || stack === undefined) return [];
    const madeFor = model.job.tags.get(OWNER_TAGS.stack);
    const sent = world.cloudFormation.requests.find((one) => one.request.RequestId === request.RequestId);
    const changed = weightsChanged.some((at) => at > model.job.createdAt && sent && at <= sent.at);
    return madeFor !== stack && changed ? [`${model.name} was taken over although its weights have changed`] : [];
  });
}

/** 4: no stranger's job or model is tagged or deleted. */
export function strangersTouched(
  { world }: Play,
  models: readonly ImportedModel[],
  jobs: readonly ImportJob[],
): string[] {
  const strangers = new Set(
    [
      ...jobs.filter(({ request }) => isStrangers(request.jobName)),
      ...models.filter(({ job }) => isStrangers(job.request.jobName)),
    ].map(({ arn }) => arn),
  );
  return world.writes.flatMap(({ operation, input }) => {
    const arn = [...strangers].find((one) => JSON.stringify(input).includes(one));
    return arn === undefined ? [] : [`${operation} on a stranger's ${arn}`];
  });
}

function retained({ cloudFormation: { stacks } }: Play['world']) {
  return stacks.flatMap((stack) =>
    stack.retained
      .filter(({ template }) => template.Type === IMPORTED_MODEL_TYPE)
      .map((resource) => ({ ...resource, stack })),
  );
}
