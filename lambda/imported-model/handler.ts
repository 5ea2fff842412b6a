import { inspect } from 'node:util';
import { type ImportAttributes, OWNER_TAGS } from '../../lib/contract';
import { uploadState } from '../../weights/upload';
import { Answer, answerable } from './answer';
import * as say from './messages';
import { CallFailed, type Model, type NamedModel, type Outside, type StackMoment, type UnsettledJob } from './port';
import { nextDelete } from './next-delete';
import { nextImport } from './next-import';
import { isKept, isOurs, ownerTags } from './ownership';
import { BEFORE_VISIBLE } from './patience';
import {
  type FrameworkEvent,
  type ImportRequest,
  type Noted,
  parseRequest,
  type Request,
  stackRegion,
} from './request';
import type { Look, Seen, Step } from './step';

export interface OnEventAnswer extends Noted {
  readonly PhysicalResourceId?: string;
}

export interface IsCompleteAnswer {
  readonly IsComplete: boolean;
  readonly Data?: ImportAttributes;
}

interface Handlers {
  readonly onEvent: (event: FrameworkEvent) => Promise<OnEventAnswer>;
  readonly isComplete: (event: FrameworkEvent) => Promise<IsCompleteAnswer>;
}

/** A poll stops looking after this long and says "not yet": a Lambda that times out fails the deployment. */
const POLL_MILLISECONDS = 20_000;

/** `onEvent` asks for this long, at such intervals: with the last call's own retries it still ends before its 60 s. */
const ASKING_MILLISECONDS = 20_000;
const ASKING_PAUSE = 2_000;

/** The two handlers that the Provider framework calls, over any outside. */
export function importedModels(outside: Outside): Handlers {
  return answeringBugs(outside, {
    /** Writes nothing, so that a request which dies here leaves nothing behind. */
    async onEvent(event: FrameworkEvent): Promise<OnEventAnswer> {
      const request = parsed(event);
      const { physicalId } = request;
      if (request.type === 'Delete')
        return { Started: outside.now(), CameWith: physicalId, PhysicalResourceId: physicalId };
      requireRegion(event.StackId, request.regions);
      const stack = await stackMoment(outside, request);
      const suffix = request.link > 1 ? `/${request.link}` : '';
      return {
        Started: outside.now(),
        CameWith: physicalId,
        Stack: stack,
        PhysicalResourceId: `${request.name}${suffix}`,
      };
    },

    /** One poll: looks and acts until the import is done, has failed, or needs time. */
    async isComplete(event: FrameworkEvent): Promise<IsCompleteAnswer> {
      const request = parsed(event);
      const began = outside.now();
      const until = began + POLL_MILLISECONDS;
      let seen: Seen = { now: began, started: event.Started ?? began, noted: event.Stack };
      for (;;) {
        const step = request.type === 'Delete' ? nextDelete(seen, request) : nextImport(seen, request);
        outside.log({ ...whose(event, request.name), ...told(step, seen) });
        switch (step.do) {
          case 'wait':
            return { IsComplete: false };
          case 'finish':
            return step.attributes ? { IsComplete: true, Data: step.attributes } : { IsComplete: true };
          case 'fail':
            throw answerable(step.why);
          case 'look':
          case 'create':
          case 'mark':
          case 'delete':
            if (outside.now() > until) return { IsComplete: false };
            seen = { ...(await act(outside, request, seen, step, until)), now: outside.now() };
        }
      }
    },
  });
}

/** A bug is answered in words and within bounds, too; its stack trace is for the log. */
function answeringBugs(outside: Outside, { onEvent, isComplete }: Handlers): Handlers {
  const answering =
    <T>(handle: (event: FrameworkEvent) => Promise<T>) =>
    async (event: FrameworkEvent): Promise<T> => {
      try {
        return await handle(event);
      } catch (error) {
        if (error instanceof Answer) throw error;
        const { name } = parsed(event);
        outside.log({ ...whose(event, name), bug: inspect(error) });
        throw answerable(say.brokeOff(name, error));
      }
    };
  return { onEvent: answering(onEvent), isComplete: answering(isComplete) };
}

/** Takes one step and returns what is seen after it; a call that fails is something seen, too. */
async function act(outside: Outside, request: Request, seen: Seen, step: Step, until: number): Promise<Seen> {
  const { imports } = outside;
  try {
    switch (step.do) {
      case 'look':
        return { ...seen, ...(await glance(outside, request, seen, step.at, until)) };
      case 'create':
        return await create(outside, request, seen);
      case 'mark':
        if (Object.keys(step.set).length > 0) await imports.setTags(step.arn, step.set);
        if (step.drop.length > 0) await imports.dropTags(step.arn, step.drop);
        return { ...seen, model: retagged(seen.model, step), replaced: retagged(seen.replaced, step) };
      case 'delete':
        await imports.deleteModel(step.model.arn);
        return without(seen, step.model);
      case 'wait':
      case 'finish':
      case 'fail':
        return seen;
    }
  } catch (error) {
    if (error instanceof CallFailed) return { ...seen, trouble: error };
    throw error;
  }
}

async function glance(outside: Outside, request: Request, seen: Seen, at: Look, until: number): Promise<Partial<Seen>> {
  const { imports, stacks } = outside;
  switch (at) {
    case 'job':
      return { job: request.type === 'Delete' ? 'none' : ((await imports.job(request.jobName)) ?? 'none') };
    case 'model':
      return { model: (await imports.model(request.name)) ?? 'none' };
    case 'replaced':
      return { replaced: (await imports.model(request.physicalId)) ?? 'none' };
    case 'maker':
      return { maker: seen.model && seen.model !== 'none' ? await imports.tags(seen.model.jobArn) : {} };
    case 'upload':
      return request.type === 'Delete'
        ? {}
        : { upload: await uploadState(outside.folder(request.bucket, request.prefix)) };
    case 'unsettled':
      return { unsettled: await unsettledJobs() };
    case 'models':
      return { models: await imports.models() };
    case 'owned':
      return { owned: { models: await ours(await imports.models()), jobs: await ours(await unsettledJobs()) } };
    case 'stack':
      return { stack: await stacks.moment(request.owner.stackId) };
    case 'resource':
      return request.type === 'Delete'
        ? {}
        : { resource: await stacks.resourceStatus(request.owner.stackId, request.logicalId) };
  }

  function unsettledJobs(): Promise<UnsettledJob[]> {
    return imports.unsettledJobs(seen.now - BEFORE_VISIBLE);
  }

  async function ours<T extends NamedModel | UnsettledJob>(all: readonly T[]): Promise<T[]> {
    const mine: T[] = [];
    for (const [index, one] of all.entries()) {
      if (outside.now() > until) {
        throw new CallFailed('passing', 'ListTagsForResource', `a poll's time was up after ${index} of ${all.length}`);
      }
      const tags = await imports.tags(one.arn);
      if (isOurs(tags, request.owner) && !isKept(tags)) mine.push(one);
    }
    return mine;
  }
}

async function create(outside: Outside, request: Request, seen: Seen): Promise<Seen> {
  if (request.type === 'Delete' || seen.upload?.state !== 'whole')
    throw new Error('a job is made only for whole weights');
  const order = {
    ...request,
    modelName: request.name,
    roleArn: request.importRoleArn,
    s3Uri: `s3://${request.bucket}/${request.prefix}`,
    tags: { ...request.tags, ...ownerTags(request.owner), [OWNER_TAGS.listing]: seen.upload.listing },
  };
  try {
    await outside.imports.createJob(order);
    return { ...seen, asked: 'accepted' };
  } catch (error) {
    if (error instanceof CallFailed) return { ...seen, ...toLookAtAgain(seen, error), asked: error };
    throw error;
  }
}

/** What a refused job makes doubtful: a twin of this poll may have been faster, or a job elsewhere just begun. */
function toLookAtAgain(seen: Seen, refusal: CallFailed): Partial<Seen> {
  if (refusal.kind === 'conflict' || refusal.kind === 'invalid') return { job: undefined, model: undefined };
  return refusal.kind === 'quota' && seen.unsettled?.length === 0 ? { unsettled: undefined } : {};
}

function retagged(model: Seen['model'], step: Step & { do: 'mark' }): Seen['model'] {
  if (model === undefined || model === 'none' || model.arn !== step.arn) return model;
  const kept = Object.entries(model.tags).filter(([key]) => !step.drop.includes(key));
  return { ...model, tags: { ...Object.fromEntries(kept), ...step.set } } satisfies Model;
}

function without(seen: Seen, gone: NamedModel): Seen {
  const model = seen.model !== undefined && seen.model !== 'none' && seen.model.arn === gone.arn ? 'none' : seen.model;
  const owned = seen.owned && { ...seen.owned, models: seen.owned.models.filter(({ arn }) => arn !== gone.arn) };
  // looked at again before the next thing that cannot be undone
  return { ...seen, model, owned, stack: undefined, resource: undefined };
}

function requireRegion(stackId: string, regions: readonly string[]): void {
  const region = stackRegion(stackId);
  if (regions.length === 0 || regions.includes(region)) return;
  throw answerable(
    `GPT-OSS can be imported in ${regions.join(', ')} only, and this stack is in ${region}. ` +
      `Next: deploy it there, or, if AWS has opened ${region}, list it in the context key 'cdk-bedrock-gpt-oss:regions'.`,
  );
}

function parsed(event: FrameworkEvent): Request {
  try {
    return parseRequest(event);
  } catch (error) {
    throw answerable(error instanceof Error ? error.message : String(error));
  }
}

/** A failed `onEvent` fails the deployment, so what may pass is waited out: throttling, a policy that has not spread. */
async function stackMoment(outside: Outside, request: ImportRequest): Promise<StackMoment> {
  const until = outside.now() + ASKING_MILLISECONDS;
  for (;;) {
    try {
      return await outside.stacks.moment(request.owner.stackId);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      const mayPass = error.kind === 'passing' || error.kind === 'denied';
      if (!mayPass || outside.now() > until) throw answerable(say.refused(request, error));
      await outside.sleep(ASKING_PAUSE);
    }
  }
}

/** Whose story a line of the log is. */
function whose(event: FrameworkEvent, model: string): Record<string, unknown> {
  return { request: event.RequestId, type: event.RequestType, resource: event.LogicalResourceId, model };
}

/** What the log says of a step. */
function told(step: Step, seen: Seen): Record<string, unknown> {
  const looked = Object.keys(seen).filter((key) => !['now', 'started', 'noted'].includes(key));
  return {
    next: step.do,
    ...('at' in step && { at: step.at }),
    ...('why' in step && { why: step.why }),
    seen: looked,
  };
}
