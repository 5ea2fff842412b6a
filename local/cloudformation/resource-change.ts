import type { Outcome, Properties } from './custom-resource';
import type { StackResource } from './operation';
import { changeOf, type Change } from './other-resources';
import type { Stack } from './stack';

export interface ChangeOptions {
  /** Of an Update: what the resource had. */
  readonly oldProperties?: Properties;
  /** Settles when nobody listens any more. */
  readonly cancelled?: Promise<void>;
}

/** Creates, updates or deletes one resource, and keeps its status. */
export async function changeResource(
  stack: Stack,
  kind: Change,
  resource: StackResource,
  options: ChangeOptions = {},
): Promise<Outcome> {
  const status = kind.toUpperCase();
  stack.statuses.set(resource.logicalId, `${status}_IN_PROGRESS`);
  const outcome = isCustom(resource)
    ? await ask(stack, kind, resource, options)
    : await changeOf(kind, resource, stack, stack.cloudFormation.time, options.cancelled);
  stack.statuses.set(resource.logicalId, `${status}_${outcome.kind === 'success' ? 'COMPLETE' : 'FAILED'}`);
  return outcome;
}

function isCustom({ template: { Type } }: StackResource): boolean {
  return Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource';
}

/** The fields of crpg-ref-requesttypes-create.html, -update.html and -delete.html. */
async function ask(
  stack: Stack,
  kind: Change,
  resource: StackResource,
  { oldProperties, cancelled }: ChangeOptions,
): Promise<Outcome> {
  return stack.cloudFormation.request(
    {
      RequestType: kind,
      StackId: stack.id,
      ResourceType: resource.template.Type,
      LogicalResourceId: resource.logicalId,
      ...(kind !== 'Create' && { PhysicalResourceId: resource.physicalId }),
      ResourceProperties: resource.properties,
      ...(oldProperties && { OldResourceProperties: oldProperties }),
    },
    cancelled,
  );
}
