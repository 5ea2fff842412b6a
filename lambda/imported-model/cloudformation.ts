import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { awsCall, CALL_TIMEOUTS } from './aws-call';
import type { Ids } from '../hub-copies/port';
import type { Stacks } from './port';

export function cloudFormationStacks(
  client = new CloudFormationClient({ maxAttempts: 4, requestHandler: CALL_TIMEOUTS }),
): Stacks & Ids {
  const described = async (stackId: string, logicalId: string) => {
    const one = { StackName: stackId, LogicalResourceId: logicalId };
    return (await client.send(new DescribeStackResourcesCommand(one))).StackResources?.[0];
  };
  return {
    moment: (stackId) =>
      awsCall('DescribeStacks', async () => {
        const answer = await client.send(new DescribeStacksCommand({ StackName: stackId }));
        const stack = answer.Stacks?.[0];
        return {
          status: stack?.StackStatus ?? '',
          since: (stack?.LastUpdatedTime ?? stack?.CreationTime)?.toISOString() ?? '',
        };
      }),

    resourceStatus: (stackId, logicalId) =>
      awsCall('DescribeStackResources', async () => (await described(stackId, logicalId))?.ResourceStatus ?? ''),

    physicalId: (stackId, logicalId) =>
      awsCall('DescribeStackResources', async () => (await described(stackId, logicalId))?.PhysicalResourceId ?? ''),

    declares: (stackId, logicalId) =>
      awsCall('GetTemplate', async () => {
        const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: stackId }));
        return declares(TemplateBody, logicalId);
      }),
  };
}

/** The CDK deploys JSON; of anything else nobody is to conclude that the resource is gone. */
function declares(template: string, logicalId: string): boolean {
  try {
    const { Resources } = Object(JSON.parse(template)) as { Resources?: unknown };
    return typeof Resources !== 'object' || Resources === null || Object.hasOwn(Resources, logicalId);
  } catch {
    return true;
  }
}
