import type { Tags } from './account';
import { BedrockError } from './errors';
import type { InputOf } from './operations';
import { progress } from './progress';
import type { Service } from './service';

/** From TooManyTagsException's documentation, although a request may carry 200. */
const maxTags = 50;

interface Tag {
  readonly key: string;
  readonly value: string;
}

export async function tagResource(service: Service, { resourceARN, tags }: InputOf<'TagResource'>): Promise<object> {
  const present = await findTags(service, resourceARN);
  for (const [key, value] of addTags(present, tags)) present.set(key, value);
  return {};
}

export async function untagResource(service: Service, request: InputOf<'UntagResource'>): Promise<object> {
  const present = await findTags(service, request.resourceARN);
  for (const key of request.tagKeys) present.delete(key);
  return {};
}

export async function listTagsForResource(
  service: Service,
  { resourceARN }: InputOf<'ListTagsForResource'>,
): Promise<{ tags: Tag[] }> {
  const present = await findTags(service, resourceARN);
  return { tags: [...present].map(([key, value]) => ({ key, value })) };
}

/** Both together, as a new map; throws when the result would break a rule. */
export function addTags(present: Tags, added: readonly Tag[]): Tags {
  const keys = added.map(({ key }) => key);
  if (new Set(keys).size < keys.length) throw new BedrockError('ValidationException', 'Tag keys must be unique');
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw new BedrockError('ValidationException', `Tag keys must not start with 'aws:'`);
  }
  const together = new Map([...present, ...added.map(({ key, value }) => [key, value] as const)]);
  if (together.size > maxTags) {
    throw new BedrockError('TooManyTagsException', `A resource must not have more than ${maxTags} tags`);
  }
  return together;
}

async function findTags(service: Service, arn: string): Promise<Tags> {
  await progress(service);
  const { account, clock } = service;
  const found = [...account.jobs, ...account.visibleModels(clock.now())].find((resource) => resource.arn === arn);
  if (found) return found.tags;
  throw new BedrockError('ResourceNotFoundException', `The specified resource ${arn} was not found`);
}
