import { isDeepStrictEqual } from 'node:util';
import type { Outcome, Properties } from './custom-resource';
import type { Operation, StackResource } from './operation';
import { inOrder } from './order';
import { publish } from './outputs';
import { changeResource } from './resource-change';
import type { Stack } from './stack';
import { resolve, type Template, type TemplateResource } from './template';
import { valuesOf } from './values';

/** Creates and updates what a template asks for, side by side in dependency order, until something fails. */
export async function rollForward(stack: Stack, template: Template, operation: Operation): Promise<void> {
  await inOrder(template.Resources, Object.keys(template.Resources), async (id) => {
    const resource = template.Resources[id];
    if (!resource || !operation.goesOn) return;
    try {
      await applyOne(stack, id, resource, operation);
    } catch (error) {
      operation.fail(`${id}: ${messageOf(error)}`);
    }
  });
  if (!operation.goesOn) return;
  try {
    publish(stack, template, valuesOf(stack, operation));
  } catch (error) {
    operation.fail(messageOf(error));
  }
}

async function applyOne(stack: Stack, id: string, template: TemplateResource, operation: Operation): Promise<void> {
  const properties = resolve(template.Properties ?? {}, valuesOf(stack, operation)) as Properties;
  const old = operation.before.get(id);
  if (!old) {
    await createOne(stack, { logicalId: id, template, properties }, operation);
  } else if (isDeepStrictEqual(old.properties, properties)) {
    stack.resources.set(id, { ...old, template });
  } else if (old.properties['ServiceToken'] !== properties['ServiceToken']) {
    // serverless#9240, cloudformation-coverage-roadmap#802
    throw new Error('Modifying service token is not allowed.');
  } else {
    await updateOne(stack, old, { ...old, template, properties }, operation);
  }
}

type Wanted = Pick<StackResource, 'logicalId' | 'template' | 'properties'>;

async function createOne(stack: Stack, wanted: Wanted, operation: Operation): Promise<void> {
  const fresh: StackResource = { ...wanted, physicalId: '', attributes: {}, isCreated: false };
  const outcome = await changeResource(stack, 'Create', fresh, { cancelled: operation.cancelled });
  // it "doesn't know about the resource's physical ID, and will invent one": aws-cdk's custom-resources/README.md
  const given = 'physicalId' in outcome ? outcome.physicalId : undefined;
  const now: StackResource = {
    ...fresh,
    physicalId: given ?? stack.inventId(wanted.logicalId),
    ...(outcome.kind === 'success' && { attributes: outcome.data, isCreated: true }),
  };
  stack.resources.set(wanted.logicalId, now);
  operation.touched.set(wanted.logicalId, { how: 'created', now });
  failIf(outcome, wanted.logicalId, operation);
}

async function updateOne(stack: Stack, old: StackResource, wanted: StackResource, operation: Operation): Promise<void> {
  const { logicalId, properties: oldProperties } = old;
  const outcome = await changeResource(stack, 'Update', wanted, { oldProperties, cancelled: operation.cancelled });
  if (outcome.kind === 'success') {
    // "If the value returned is different, CloudFormation recognizes the update as a replacement": crpg-ref-responses.html
    const now = { ...wanted, physicalId: outcome.physicalId, attributes: outcome.data };
    operation.touched.set(logicalId, { how: now.physicalId === old.physicalId ? 'updated' : 'replaced', now });
    stack.resources.set(logicalId, now);
  } else if (outcome.kind === 'failed') {
    const now = { ...wanted, physicalId: outcome.physicalId ?? old.physicalId };
    operation.touched.set(logicalId, { how: 'failed', now });
  } else {
    operation.touched.set(logicalId, { how: 'cancelled', now: wanted });
  }
  failIf(outcome, logicalId, operation);
}

function failIf(outcome: Outcome, id: string, operation: Operation): void {
  if (outcome.kind === 'failed' || outcome.kind === 'no-answer') operation.fail(`${id}: ${outcome.reason}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
