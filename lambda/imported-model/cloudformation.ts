import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { awsCall, CALL_TIMEOUTS } from './aws-call';
import type { Stacks } from './port';

export function cloudFormationStacks(
  client = new CloudFormationClient({ maxAttempts: 4, requestHandler: CALL_TIMEOUTS }),
): Stacks {
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
      awsCall('DescribeStackResources', async () => {
        const answer = await client.send(
          new DescribeStackResourcesCommand({ StackName: stackId, LogicalResourceId: logicalId }),
        );
        return answer.StackResources?.[0]?.ResourceStatus ?? '';
      }),
  };
}
