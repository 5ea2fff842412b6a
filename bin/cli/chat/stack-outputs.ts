import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../outside';

/** A stack's outputs by name; undefined when there is no such stack. */
export async function stackOutputs(name: string, aws: Aws): Promise<ReadonlyMap<string, string> | undefined> {
  const stack = await stackCalled(name, new CloudFormationClient(aws));
  return (
    stack && new Map((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]))
  );
}

async function stackCalled(name: string, client: CloudFormationClient): Promise<Stack | undefined> {
  try {
    return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    // CloudFormation has no error of its own for a stack that is not there
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) return;
    throw error;
  }
}
