import { BedrockClient, paginateListImportedModels } from '@aws-sdk/client-bedrock';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../outside';
import type { Models } from './models';

export function accountModels(aws: Aws): Models {
  return {
    async imported() {
      const models = new Map<string, string>();
      for await (const page of paginateListImportedModels({ client: new BedrockClient(aws) }, {})) {
        for (const { modelName, modelArn } of page.modelSummaries ?? []) {
          if (modelName !== undefined && modelArn !== undefined) models.set(modelName, modelArn);
        }
      }
      return models;
    },

    async outputs(stack) {
      const asked = new CloudFormationClient(aws).send(new DescribeStacksCommand({ StackName: stack }));
      const { Stacks = [] } = await asked.catch(noneIfMissing);
      const [found] = Stacks;
      return (
        found && new Map((found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]))
      );
    },
  };
}

/** CloudFormation has no error of its own for a stack that is not there. */
function noneIfMissing(error: unknown): { Stacks?: undefined } {
  if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) return {};
  throw error;
}
