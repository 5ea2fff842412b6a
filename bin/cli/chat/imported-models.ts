import { BedrockClient, paginateListImportedModels } from '@aws-sdk/client-bedrock';
import type { Aws } from '../outside';

/** ARNs of the account's imported models by name. */
export async function importedModels(aws: Aws): Promise<ReadonlyMap<string, string>> {
  const models = new Map<string, string>();
  for await (const { modelSummaries = [] } of paginateListImportedModels({ client: new BedrockClient(aws) }, {})) {
    for (const { modelName, modelArn } of modelSummaries) {
      if (modelName !== undefined && modelArn !== undefined) models.set(modelName, modelArn);
    }
  }
  return models;
}
