import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListExports,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import type { Aws } from './outside';
import { pseudoParameters } from './pseudo-parameters';
import type { Stack, Stacks } from './stacks';

export function cloudFormationStacks(aws: Aws, client = new CloudFormationClient(aws)): Stacks {
  return {
    async stack(name): Promise<Stack | undefined> {
      const described = await client.send(new DescribeStacksCommand({ StackName: name })).catch(unlessMissing);
      const [stack] = described?.Stacks ?? [];
      if (!stack) return undefined;
      return {
        status: stack.StackStatus ?? '',
        parameters: new Map([
          ...pseudoParameters(stack.StackId ?? ''),
          ...(stack.Parameters ?? []).map(
            ({ ParameterKey = '', ParameterValue = '', ResolvedValue }) =>
              [ParameterKey, ResolvedValue ?? ParameterValue] as const,
          ),
        ]),
        resources: await resourcesThere(name, client),
      };
    },

    async template(name) {
      return (await client.send(new GetTemplateCommand({ StackName: name }))).TemplateBody ?? '';
    },

    async exported(name) {
      for await (const { Exports = [] } of paginateListExports({ client }, {})) {
        const found = Exports.find(({ Name }) => Name === name);
        if (found) return found.Value;
      }
      return undefined;
    },
  };
}

/** Page by page: DescribeStackResources is one call, and gives no more than a hundred. */
async function resourcesThere(stack: string, client: CloudFormationClient): Promise<ReadonlyMap<string, string>> {
  const there = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { LogicalResourceId, PhysicalResourceId, ResourceStatus = '' } of page.StackResourceSummaries ?? []) {
      if (!LogicalResourceId || !PhysicalResourceId || /^DELETE_|^CREATE_FAILED/.test(ResourceStatus)) continue;
      there.set(LogicalResourceId, PhysicalResourceId);
    }
  }
  return there;
}

/** CloudFormation has no error of its own for a stack that is not there. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) return;
  throw error;
}
