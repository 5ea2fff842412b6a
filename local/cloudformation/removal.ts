import type { Operation, StackResource } from './operation';
import { inReverse, templatesOf } from './order';
import { changeResource } from './resource-change';
import type { Stack } from './stack';
import { dependencies } from './template';

type Kept = (resource: StackResource) => boolean;

/**
 * "CloudFormation tries to delete a resource three times before CloudFormation skips the resource and continues the
 * cleanup process": repost.aws/knowledge-center/cloudformation-stack-cleanup-stuck
 */
const CLEAN_UP_ATTEMPTS = 3;

/**
 * Deletes what is left over after an update or its rollback. What does not go is abandoned: "this will not fail the
 * stack update operation" (aws-cdk's docs/CLOUDFORMATION.md, "Failing Resource Deletions").
 */
export async function cleanUp(stack: Stack, surplus: readonly StackResource[], isKept: Kept): Promise<void> {
  const ids = surplus.map(({ logicalId }) => logicalId);
  await inReverse(templatesOf(surplus), ids, async (id) => {
    for (const resource of surplus.filter(({ logicalId }) => logicalId === id)) {
      if (isKept(resource)) stack.retained.push(resource);
      else if (!(await goes(stack, resource))) stack.abandoned.push(resource);
    }
  });
}

async function goes(stack: Stack, resource: StackResource): Promise<boolean> {
  for (let attempt = 1; attempt <= CLEAN_UP_ATTEMPTS; attempt++) {
    const { kind } = await changeResource(stack, 'Delete', resource);
    if (kind === 'success') return true;
  }
  return false;
}

/**
 * Deletes all resources of the stack, each after what depends on it. What does not go stays in the stack with what it
 * depends on: elsewhere than in clean-up "a failing resource deletion will fail and block the operation" (same place).
 */
export async function removeAll(stack: Stack, operation: Operation, isKept: Kept): Promise<void> {
  const templates = templatesOf(stack.resources.values());
  await inReverse(templates, Object.keys(templates), async (id) => {
    const resource = stack.resources.get(id);
    const needed = [...stack.resources.values()].some(({ template }) => dependencies(template, templates).includes(id));
    if (!resource || needed) return;
    if (isKept(resource)) {
      stack.retained.push(resource);
    } else {
      const outcome = await changeResource(stack, 'Delete', resource);
      if (outcome.kind !== 'success') {
        operation.fail(`${id}: ${'reason' in outcome ? outcome.reason : outcome.kind}`);
        return;
      }
    }
    stack.resources.delete(id);
  });
}

/** When the stack goes, or the resource leaves its template: aws-attribute-deletionpolicy.html */
export function isKeptForGood({ template: { DeletionPolicy }, isCreated }: StackResource): boolean {
  return DeletionPolicy === 'Retain' || (DeletionPolicy === 'RetainExceptOnCreate' && isCreated);
}

/**
 * When the operation that made the resource is rolled back: "newly created resources are deleted […] This includes newly
 * created resources marked with a deletion policy of Retain" is what the option RetainExceptOnCreate of a deploy adds,
 * and it is off by default (API_CreateStack.html); as a policy it does the same for one resource.
 */
export function isKeptOnRollback({ template: { DeletionPolicy } }: StackResource): boolean {
  return DeletionPolicy === 'Retain';
}

/** When an update made another one in its place: aws-attribute-updatereplacepolicy.html */
export function isKeptWhenReplaced({ template: { UpdateReplacePolicy } }: StackResource): boolean {
  return UpdateReplacePolicy === 'Retain';
}
