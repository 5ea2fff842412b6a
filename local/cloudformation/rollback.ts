import type { Operation, StackResource, Touched } from './operation';
import { inOrder, templatesOf } from './order';
import { changeResource } from './resource-change';
import type { Stack } from './stack';

/**
 * Undoes what an update did, and notes what is then surplus: "UPDATE_ROLLBACK_IN_PROGRESS will do updates,
 * UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS will do deletes" (aws-cdk's docs/CLOUDFORMATION.md).
 *
 * @returns false when something could not be undone, and must be tried again
 */
export async function rollBack(stack: Stack, operation: Operation): Promise<boolean> {
  const { before, touched, undone } = operation;
  const pending = [...touched.keys()].filter((id) => !undone.has(id));
  await inOrder(templatesOf(before.values()), pending, async (id) => {
    const change = touched.get(id);
    if (change && (await undo(stack, change, operation))) undone.add(id);
  });
  if (undone.size < touched.size) return false;
  for (const id of stack.resources.keys()) if (!before.has(id)) stack.resources.delete(id);
  for (const [id, old] of before) if (!touched.has(id)) stack.resources.set(id, old);
  return true;
}

async function undo(stack: Stack, { how, now }: Touched, operation: Operation): Promise<boolean> {
  const { failedUpdate, replacedRollback } = stack.cloudFormation.switches;
  const { surplus } = operation;
  const old = operation.before.get(now.logicalId);
  if (!old) {
    surplus.push(now);
    return true;
  }
  if (how === 'replaced' && replacedRollback === 'delete') {
    stack.resources.set(old.logicalId, old);
    surplus.push(now);
    return true;
  }
  const keepsNew = how === 'updated' || how === 'replaced' || (how === 'failed' && failedUpdate === 'keeps-new');
  const current = keepsNew ? now.physicalId : old.physicalId;
  if (!(await updateBack(stack, old, { ...now, physicalId: current }, operation))) return false;
  const isNew = now.physicalId !== old.physicalId;
  if (how === 'failed' && isNew && failedUpdate === 'keeps-old-deletes-new') surplus.push(now);
  return true;
}

/** "The rollback update will have ResourceProperties=OLD and OldResourceProperties=NEW": aws-cdk's docs/CLOUDFORMATION.md */
async function updateBack(
  stack: Stack,
  old: StackResource,
  now: StackResource,
  operation: Operation,
): Promise<boolean> {
  const asked = { ...old, physicalId: now.physicalId };
  const outcome = await changeResource(stack, 'Update', asked, { oldProperties: now.properties });
  if (outcome.kind !== 'success') {
    operation.fail(`${old.logicalId}: ${'reason' in outcome ? outcome.reason : outcome.kind}`);
    return false;
  }
  stack.resources.set(old.logicalId, { ...old, physicalId: outcome.physicalId, attributes: outcome.data });
  if (outcome.physicalId !== now.physicalId) operation.surplus.push(now);
  return true;
}
