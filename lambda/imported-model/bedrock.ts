import {
  BedrockClient,
  CreateModelImportJobCommand,
  DeleteImportedModelCommand,
  GetImportedModelCommand,
  GetModelImportJobCommand,
  ListTagsForResourceCommand,
  paginateListImportedModels,
  paginateListModelImportJobs,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-bedrock';
import { awsCall, CALL_TIMEOUTS, unlessMissing } from './aws-call';
import type { Imports, JobOrder, TagMap, UnsettledJob } from './port';

/** Jobs stay listed for ever, so only those of the last two days are asked for; imports take minutes. */
const LONGEST_JOB = 48 * 3_600_000;

/** Bedrock's control plane. It never retries by itself: the next poll asks again, after looking at what is there. */
export function bedrockImports(client = new BedrockClient({ maxAttempts: 1, requestHandler: CALL_TIMEOUTS })): Imports {
  return {
    job: (name) =>
      unlessMissing(async () => {
        const job = await awsCall('GetModelImportJob', () =>
          client.send(new GetModelImportJobCommand({ jobIdentifier: name })),
        );
        return {
          arn: job.jobArn ?? '',
          name: job.jobName ?? name,
          status: job.status ?? 'InProgress',
          modelName: job.importedModelName ?? '',
          failure: job.failureMessage ?? '',
          endedAt: job.endTime?.getTime(),
        };
      }),

    unsettledJobs: (since) =>
      awsCall('ListModelImportJobs', async () => {
        const jobs: UnsettledJob[] = [];
        const creationTimeAfter = new Date(since - LONGEST_JOB);
        for await (const page of paginateListModelImportJobs({ client }, { creationTimeAfter })) {
          for (const job of page.modelImportJobSummaries ?? []) {
            const isRunning = job.status === 'InProgress';
            const endedAt = (job.endTime ?? job.lastModifiedTime)?.getTime() ?? 0;
            if (!isRunning && (job.status !== 'Completed' || endedAt < since)) continue;
            jobs.push({
              arn: job.jobArn ?? '',
              name: job.jobName ?? '',
              modelName: job.importedModelName ?? '',
              isRunning,
            });
          }
        }
        return jobs;
      }),

    model: (name) =>
      unlessMissing(async () => {
        const model = await awsCall('GetImportedModel', () =>
          client.send(new GetImportedModelCommand({ modelIdentifier: name })),
        );
        const arn = model.modelArn;
        // not visible yet: nobody could tag or delete it
        if (!arn) return undefined;
        return {
          arn,
          name: model.modelName ?? name,
          tags: await tagsOf(client, arn),
          architecture: model.modelArchitecture ?? '',
          jobArn: model.jobArn ?? '',
          jobName: model.jobName ?? '',
          unitsPerCopy: String(model.customModelUnits?.customModelUnitsPerModelCopy ?? ''),
          unitsVersion: model.customModelUnits?.customModelUnitsVersion ?? '',
        };
      }),

    models: () =>
      awsCall('ListImportedModels', async () => {
        const models = [];
        for await (const page of paginateListImportedModels({ client }, {})) {
          for (const model of page.modelSummaries ?? [])
            models.push({ arn: model.modelArn ?? '', name: model.modelName ?? '' });
        }
        return models;
      }),

    tags: async (arn) => (await unlessMissing(() => tagsOf(client, arn))) ?? {},

    createJob: async (order) => {
      await awsCall('CreateModelImportJob', () => client.send(new CreateModelImportJobCommand(jobInput(order))));
    },

    deleteModel: async (arn) => {
      await unlessMissing(() =>
        awsCall('DeleteImportedModel', () => client.send(new DeleteImportedModelCommand({ modelIdentifier: arn }))),
      );
    },

    setTags: async (arn, tags) => {
      await awsCall('TagResource', () =>
        client.send(new TagResourceCommand({ resourceARN: arn, tags: tagList(tags) })),
      );
    },

    dropTags: async (arn, keys) => {
      await awsCall('UntagResource', () =>
        client.send(new UntagResourceCommand({ resourceARN: arn, tagKeys: [...keys] })),
      );
    },
  };
}

function jobInput(order: JobOrder) {
  const tags = tagList(order.tags);
  return {
    jobName: order.jobName,
    importedModelName: order.modelName,
    roleArn: order.roleArn,
    modelDataSource: { s3DataSource: { s3Uri: order.s3Uri } },
    // no SDK fills it in; a repeat that reaches Bedrock twice is then one job, whatever it answers
    clientRequestToken: order.jobName,
    jobTags: tags,
    importedModelTags: tags,
    ...(order.modelKeyArn !== '' && { importedModelKmsKeyId: order.modelKeyArn }),
    ...(order.subnetIds.length > 0 && {
      vpcConfig: { subnetIds: [...order.subnetIds], securityGroupIds: [...order.securityGroupIds] },
    }),
  };
}

async function tagsOf(client: BedrockClient, arn: string): Promise<TagMap> {
  const answer = await awsCall('ListTagsForResource', () =>
    client.send(new ListTagsForResourceCommand({ resourceARN: arn })),
  );
  return Object.fromEntries((answer.tags ?? []).map(({ key = '', value = '' }) => [key, value]));
}

function tagList(tags: TagMap): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
