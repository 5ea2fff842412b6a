import { BedrockClient, CreateModelInvocationJobCommand, GetModelInvocationJobCommand } from '@aws-sdk/client-bedrock';
import type { BatchJobs } from './port';

export type { BedrockClient };

/** Bedrock's control plane, with the SDK's own retries. */
export function bedrockJobs(region: string | undefined, given: BedrockClient | undefined): BatchJobs {
  const client = given ?? new BedrockClient({ ...(region && { region }) });
  return {
    create: async (order) => {
      const { jobArn } = await client.send(
        new CreateModelInvocationJobCommand({
          jobName: order.jobName,
          clientRequestToken: order.token,
          modelId: order.modelId,
          roleArn: order.roleArn,
          inputDataConfig: { s3InputDataConfig: { s3Uri: order.inputUri, s3InputFormat: 'JSONL' } },
          outputDataConfig: {
            s3OutputDataConfig: {
              s3Uri: order.outputUri,
              ...(order.outputKeyArn && { s3EncryptionKeyId: order.outputKeyArn }),
            },
          },
          ...(order.timeoutHours !== undefined && { timeoutDurationInHours: order.timeoutHours }),
        }),
      );
      if (jobArn) return jobArn;
      throw new Error('Bedrock made a job and did not say which');
    },

    progress: async (arn) => {
      const job = await client.send(new GetModelInvocationJobCommand({ jobIdentifier: arn }));
      return { status: job.status ?? '', message: job.message ?? '', processed: job.processedRecordCount ?? 0 };
    },
  };
}
