import { BedrockClient, paginateListImportedModels, paginateListModelImportJobs } from '@aws-sdk/client-bedrock';
import type { Account } from './account';
import { iamDenied } from './iam';
import type { Aws } from './outside';
import { quotaOf } from './service-quotas';
import { callerOf } from './sts';

/** An account as AWS shows it to whoever asks. */
export async function awsAccount(aws: Aws): Promise<Account> {
  const bedrock = new BedrockClient(aws);
  return {
    region: await bedrock.config.region(),
    caller: () => callerOf(aws),
    quota: (code) => quotaOf(code, aws),
    denied: (caller, actions) => iamDenied(caller, actions, aws),

    async models() {
      const names: string[] = [];
      for await (const page of paginateListImportedModels({ client: bedrock }, {})) {
        names.push(...(page.modelSummaries ?? []).map(({ modelName = '' }) => modelName));
      }
      return names;
    },

    async runningJobs() {
      const names: string[] = [];
      for await (const page of paginateListModelImportJobs({ client: bedrock }, { statusEquals: 'InProgress' })) {
        names.push(...(page.modelImportJobSummaries ?? []).map(({ jobName = '' }) => jobName));
      }
      return names;
    },
  };
}
