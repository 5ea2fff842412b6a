import { OWNER_TAGS } from '../../lib/contract';
import type { Model, TagMap } from './port';
import { type Owner, stackName } from './request';
import type { Seen } from './step';

/**
 * Whose a model is.
 * - `ours`: this stack and this resource made it.
 * - `former`: a stack of the same name made it for the same resource, and left it behind.
 * - `unclear`: it has no marks, so ask the job that made it (tags may become visible late).
 * - `stranger`: somebody else's; it is never touched.
 */
export type Ownership = 'ours' | 'former' | 'unclear' | 'stranger';

export function ownership(model: Model, owner: Owner, maker: Seen['maker']): Ownership {
  const byModel = marks(model.tags, owner);
  if (byModel !== 'unclear') return byModel;
  if (model.jobArn === '') return 'stranger';
  if (maker === undefined) return 'unclear';
  return marks(maker, owner) === 'ours' ? 'ours' : 'stranger';
}

export function isOurs(tags: TagMap, owner: Owner): boolean {
  return marks(tags, owner) === 'ours';
}

/** True for a model that the template retained: it is ours, and nobody takes it for an orphan. */
export function isKept(tags: TagMap): boolean {
  return tags[OWNER_TAGS.kept] === 'true';
}

/** The marks that make a model or a job ours. */
export function ownerTags(owner: Owner): TagMap {
  return { [OWNER_TAGS.stack]: owner.stackId, [OWNER_TAGS.resource]: owner.resource };
}

function marks(tags: TagMap, owner: Owner): Ownership {
  const stack = tags[OWNER_TAGS.stack];
  const resource = tags[OWNER_TAGS.resource];
  if (stack === undefined && resource === undefined) return 'unclear';
  if (stack === undefined || resource !== owner.resource) return 'stranger';
  if (stack === owner.stackId) return 'ours';
  return stackName(stack) === stackName(owner.stackId) ? 'former' : 'stranger';
}
