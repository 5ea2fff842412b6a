import type { Outcome } from './custom-resource';
import type { StackResource } from './operation';
import type { Stack } from './stack';
import type { VirtualTime } from './virtual-time';

export type Change = 'Create' | 'Update' | 'Delete';

/** A resource that takes `Seconds` and fails when `FailsOn` says so: what stands beside ours in a stack. */
export const OTHER_RESOURCE = 'Test::Other';

/** Everything that is not a custom resource is there at once, with a name and an ARN that look right. */
export async function changeOf(
  kind: Change,
  resource: StackResource,
  stack: Stack,
  time: VirtualTime,
  cancelled: Promise<void> | undefined,
): Promise<Outcome> {
  const { Seconds = '0', FailsOn = '' } = resource.properties;
  if (resource.template.Type === OTHER_RESOURCE) {
    const done = time.sleep(Number(Seconds) * 1000).then(() => 'done' as const);
    const stopped = cancelled?.then(() => 'stopped' as const) ?? done;
    if ((await Promise.race([done, stopped])) === 'stopped') return { kind: 'cancelled' };
    if (FailsOn === kind && !stack.status.includes('ROLLBACK'))
      return { kind: 'failed', reason: `${kind} of another resource failed` };
  }
  const physicalId = `${stack.name}-${resource.logicalId}`.toLowerCase();
  return { kind: 'success', physicalId, data: { Arn: arn(resource, physicalId, stack) } };
}

function arn({ template }: StackResource, physicalId: string, stack: Stack): string {
  const [, , , region = '', account = ''] = stack.id.split(':');
  switch (template.Type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${physicalId}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${account}:role/${physicalId}`;
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${region}:${account}:function:${physicalId}`;
    default:
      return `arn:aws:other:${region}:${account}:${physicalId}`;
  }
}
