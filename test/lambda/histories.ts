import type { FrameworkEvent } from '../../lambda/imported-model/request';
import { FakeOutside } from './fake-outside';
import { type Answer, event, handle, QUERY_INTERVAL, Waiter } from './framework';

/** An id as CloudFormation invents it for a create that it gives up. */
export const INVENTED = 'Shop-Model-1ABCDEFGHIJKL';
export const V1 = { Prefix: 'v1/' };
export const V2 = { Prefix: 'v2/' };
export const V3 = { Prefix: 'v3/' };

/** Three folders of weights, and nothing else. */
export function world(): FakeOutside {
  const outside = new FakeOutside();
  outside.upload('s3://weights/v1/');
  outside.upload('s3://weights/v2/');
  outside.upload('s3://weights/v3/');
  return outside;
}

let stackChanges = 0;

/** Moves the stack on, as CloudFormation does before it sends requests. */
export function stackIs(outside: FakeOutside, status: string): void {
  stackChanges += 1;
  outside.stack = { status, since: `2026-11-21T12:00:00.${String(stackChanges).padStart(3, '0')}Z` };
}

export async function created(outside: FakeOutside, properties: Record<string, unknown> = V1): Promise<Answer> {
  stackIs(outside, 'CREATE_IN_PROGRESS');
  const answer = await handle(outside, event('Create', properties));
  stackIs(outside, 'CREATE_COMPLETE');
  return answer;
}

export const update = (from: Record<string, unknown>, to: Record<string, unknown>, physicalId: string) =>
  event('Update', to, {
    PhysicalResourceId: physicalId,
    OldResourceProperties: event('Update', from).ResourceProperties,
  });

export const remove = (properties: Record<string, unknown>, physicalId: string, more: Partial<FrameworkEvent> = {}) =>
  event('Delete', properties, { PhysicalResourceId: physicalId, ...more });

export async function polls(waiter: Waiter, outside: FakeOutside, times: number): Promise<void> {
  for (let poll = 0; poll < times; poll += 1) {
    expect(await waiter.poll()).toBeUndefined();
    outside.pass(QUERY_INTERVAL);
  }
}
