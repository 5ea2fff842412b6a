import { check } from '../../weights/check/check';
import type { Finding } from '../../weights/finding';
import { lockProblems } from '../../weights/lock/locked-folder';
import type { ModelFolder } from '../../weights/model-folder';
import { uploadState } from '../../weights/upload-state';
import { isKept, isOurs } from './ownership';
import { BEFORE_VISIBLE } from './patience';
import { CallFailed, type NamedModel, type Outside, type OwnedModel, type TagMap, type UnsettledJob } from './port';
import type { ImportRequest, Request } from './request';
import type { Look, Seen } from './step';

/** Looks at one thing and returns what is seen of it; gives up in the middle when it is past `until`. */
export async function glance(
  outside: Outside,
  request: Request,
  seen: Seen,
  at: Look,
  until: number,
): Promise<Partial<Seen>> {
  const { imports, stacks } = outside;
  switch (at) {
    case 'job':
      return { job: request.type === 'Delete' ? 'none' : ((await imports.job(request.jobName)) ?? 'none') };
    case 'model':
      return { model: (await imports.model(request.name)) ?? 'none' };
    case 'namesake': {
      const namesake = seen.owned?.models.find(({ name }) => name === request.name);
      return { model: (namesake && (await imports.model(namesake.arn))) ?? 'none', maker: undefined };
    }
    case 'replaced':
      return { replaced: (await imports.model(request.physicalId)) ?? 'none' };
    case 'maker':
      return { maker: seen.model && seen.model !== 'none' ? await imports.tags(seen.model.jobArn) : {} };
    case 'upload':
      return request.type === 'Delete' ? {} : { upload: await uploadState(weightsOf(request)) };
    case 'lock':
      return request.type === 'Delete' ? {} : { lock: await lockProblems(weightsOf(request), request.lockHash) };
    case 'errors':
      return request.type === 'Delete' ? {} : { errors: await unacceptedErrors(weightsOf(request), request) };
    case 'unsettled':
      return { unsettled: await unsettledJobs() };
    case 'models':
      return { models: await imports.models() };
    case 'owned':
      return { owned: { models: await ownedModels(), jobs: await ownedJobs() } };
    case 'stack':
      return { stack: await stacks.moment(request.owner.stackId) };
    case 'resource':
      return request.type === 'Delete'
        ? {}
        : { resource: await stacks.resourceStatus(request.owner.stackId, request.logicalId) };
    case 'declared':
      return { declared: await stacks.declares(request.owner.stackId, request.owner.resource) };
  }

  function weightsOf({ bucket, prefix }: ImportRequest): ModelFolder {
    return outside.folder(bucket, prefix);
  }

  function unsettledJobs(): Promise<UnsettledJob[]> {
    return imports.unsettledJobs(seen.now - BEFORE_VISIBLE);
  }

  async function ownedModels(): Promise<OwnedModel[]> {
    const mine = await ours(await imports.models());
    return mine.map(({ one: { arn, name }, tags }) => ({ arn, name, isKept: isKept(tags) }));
  }

  async function ownedJobs(): Promise<UnsettledJob[]> {
    const mine = await ours(await unsettledJobs());
    return mine.map(({ one }) => one);
  }

  async function ours<T extends NamedModel | UnsettledJob>(all: readonly T[]): Promise<{ one: T; tags: TagMap }[]> {
    const mine: { one: T; tags: TagMap }[] = [];
    for (const [index, one] of all.entries()) {
      if (outside.now() > until) {
        throw new CallFailed('passing', 'ListTagsForResource', `a poll's time was up after ${index} of ${all.length}`);
      }
      const tags = await imports.tags(one.arn);
      if (isOurs(tags, request.owner)) mine.push({ one, tags });
    }
    return mine;
  }
}

async function unacceptedErrors(folder: ModelFolder, request: ImportRequest): Promise<Finding[]> {
  const findings = await check(folder);
  // 'more' counts errors of a kind that is listed, too
  const ignored = new Set<string>([...request.acceptedFindings, 'more']);
  return findings.filter(({ severity, code }) => severity === 'error' && !ignored.has(code));
}
