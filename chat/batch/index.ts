import { realClock } from '../clock';
import { batchOver, type BatchInference, type BatchOptions } from './batch';
import { bedrockJobs, type BedrockClient } from './bedrock';
import { s3Files, type S3Client } from './s3';

export { BatchNotCompleted } from './batch';
export type { BatchInference, BatchJob, BatchOptions, BatchOrder, WaitOptions } from './batch';
export type { ChatCompletion } from '../answer/completion';
export type { BatchProgress } from './port';
export type { BatchRecordError, BatchResult } from './results';

/** Options of `batchInference`, all of them optional. */
export interface BatchInferenceOptions extends BatchOptions {
  /** @default - what the SDK's default chain says (`AWS_REGION`, profile) */
  readonly region?: string;
  /** @default - a client with the SDK's default chain of credentials */
  readonly bedrock?: BedrockClient;
  /** @default - a client with the SDK's default chain of credentials */
  readonly s3?: S3Client;
}

/**
 * Batch inference with Bedrock's base GPT-OSS models: chat requests of OpenAI's shape in, chat completions out, in order.
 *
 * ```ts
 * const batch = batchInference({ region: 'us-west-2' });
 * const job = await batch.create({ model: 'openai.gpt-oss-20b-1:0', requests, input: 's3://b/in/', output: 's3://b/out/', roleArn });
 * await batch.wait(job);
 * const results = await batch.results(job);
 * ```
 *
 * One public report says that Bedrock's batches take neither tools nor structured output; Bedrock's own answer stands in the
 * result of each request.
 */
export function batchInference(options: BatchInferenceOptions = {}): BatchInference {
  const { region, bedrock, s3 } = options;
  return batchOver({ files: s3Files(region, s3), jobs: bedrockJobs(region, bedrock) }, options, realClock);
}
