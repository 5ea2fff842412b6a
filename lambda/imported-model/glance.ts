import { uploadState } from '../../weights/upload';
import { isKept, isOurs } from './ownership';
import { BEFORE_VISIBLE } from './patience';
import { CallFailed, type NamedModel, type Outside, type UnsettledJob } from './port';
import type { Request } from './request';
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
