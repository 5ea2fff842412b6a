import { OWNER_TAGS } from '../../lib/contract';
import { glance } from './glance';
import { ownerTags } from './ownership';
import { CallFailed, type Model, type NamedModel, type Outside } from './port';
import type { Request } from './request';
import type { Seen, Step } from './step';

/** Takes one step and returns what is seen after it; a call that fails is something seen, too. */
export async function act(outside: Outside, request: Request, seen: Seen, step: Step, until: number): Promise<Seen> {
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
        return {
          ...seen,
          model: retagged(seen.model, step),
          replaced: retagged(seen.replaced, step),
          // what is owned stays as it was seen when the wanted model alone is marked as kept: the answer comes next
          owned: OWNER_TAGS.stack in step.set || !isWanted(seen.model, step.arn) ? undefined : seen.owned,
        };
      case 'delete':
        await imports.deleteModel(step.model.arn);
        return after(seen, step.model);
      case 'pause':
        await outside.sleep(step.milliseconds);
        return { ...seen, paused: true, unsettled: undefined };
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

function isWanted(model: Seen['model'], arn: string): boolean {
  return model !== undefined && model !== 'none' && model.arn === arn;
}

function retagged(model: Seen['model'], step: Step & { do: 'mark' }): Seen['model'] {
  if (model === undefined || model === 'none' || model.arn !== step.arn) return model;
  const kept = Object.entries(model.tags).filter(([key]) => !step.drop.includes(key));
  return { ...model, tags: { ...Object.fromEntries(kept), ...step.set } } satisfies Model;
}

/** What a deletion makes doubtful: the model may be there for a while, and the stack may have gone on. */
function after(seen: Seen, { arn }: NamedModel): Seen {
  const doubtful = { model: undefined, owned: undefined, stack: undefined, resource: undefined };
  return { ...seen, ...doubtful, deleted: [...(seen.deleted ?? []), arn] };
}
