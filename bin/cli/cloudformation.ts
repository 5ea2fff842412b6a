import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListExports,
} from '@aws-sdk/client-cloudformation';
import type { Aws } from './outside';
import type { Stack, Stacks } from './stacks';

export function cloudFormationStacks(aws: Aws, client = new CloudFormationClient(aws)): Stacks {
  return {
    async stack(name): Promise<Stack | undefined> {
      const described = await client.send(new DescribeStacksCommand({ StackName: name })).catch(unlessMissing);
      const [stack] = described?.Stacks ?? [];
      if (!stack) return undefined;
      const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: name }));
      const there = StackResources.filter(({ ResourceStatus = '' }) => !/^DELETE_|^CREATE_FAILED/.test(ResourceStatus));
      return {
        status: stack.StackStatus ?? '',
        parameters: new Map(
          (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '', ResolvedValue }) => [
            ParameterKey,
            ResolvedValue ?? ParameterValue,
          ]),
        ),
        resources: new Map(
          there.flatMap(({ LogicalResourceId: logical, PhysicalResourceId: physical }) =>
            logical && physical ? [[logical, physical] as const] : [],
          ),
        ),
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

/** CloudFormation has no error of its own for a stack that is not there. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) return;
  throw error;
}
