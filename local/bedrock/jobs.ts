import type { ImportJob } from './account';
import { BedrockError } from './errors';
import { page } from './listing';
import type { InputOf } from './operations';
import { progress } from './progress';
import type { Service } from './service';

export interface ImportJobSummary {
  readonly jobArn: string;
  readonly jobName: string;
  readonly status: ImportJob['status'];
  /** Times are ISO 8601. */
  readonly creationTime: string;
  readonly lastModifiedTime: string;
  readonly endTime?: string;
  readonly importedModelName: string;
  readonly importedModelArn?: string;
}

export interface ImportJobDetails extends ImportJobSummary {
  readonly roleArn: string;
  readonly modelDataSource: ImportJob['request']['modelDataSource'];
  readonly failureMessage?: string;
  readonly vpcConfig?: ImportJob['request']['vpcConfig'];
  readonly importedModelKmsKeyArn?: string;
}

/** By ARN or name. */
export async function getModelImportJob(
  service: Service,
  { jobIdentifier }: InputOf<'GetModelImportJob'>,
): Promise<ImportJobDetails> {
  const job = (await visibleJobs(service)).find(
    ({ arn, request }) => arn === jobIdentifier || request.jobName === jobIdentifier,
  );
  if (!job) throw new BedrockError('ResourceNotFoundException', `Could not find the model import job ${jobIdentifier}`);
  const { roleArn, modelDataSource, vpcConfig, importedModelKmsKeyId } = job.request;
  const keyArn = kmsKeyArn(service, importedModelKmsKeyId);
  return {
    ...summary(job),
    roleArn,
    modelDataSource,
    ...(job.failureMessage === undefined ? {} : { failureMessage: job.failureMessage }),
    ...(vpcConfig ? { vpcConfig } : {}),
    ...(keyArn === undefined ? {} : { importedModelKmsKeyArn: keyArn }),
  };
}

export async function listModelImportJobs(
  service: Service,
  request: InputOf<'ListModelImportJobs'>,
): Promise<{ modelImportJobSummaries: ImportJobSummary[]; nextToken?: string }> {
  const { nameContains = '', statusEquals } = request;
  const wanted = (await visibleJobs(service))
    .filter((job) => job.request.jobName.includes(nameContains))
    .filter(({ status }) => statusEquals === undefined || status === statusEquals);
  const { items, ...rest } = page(wanted, request, service.switches.pageSize);
  return { modelImportJobSummaries: items.map(summary), ...rest };
}

async function visibleJobs(service: Service): Promise<readonly ImportJob[]> {
  await progress(service);
  const newest = service.clock.now() - service.switches.jobVisibleDelaySeconds * 1000;
  return service.account.jobs.filter(({ createdAt }) => createdAt <= newest);
}

function summary(job: ImportJob): ImportJobSummary {
  const ended = job.status !== 'InProgress';
  const time = new Date(ended ? job.endsAt : job.createdAt).toISOString();
  return {
    jobArn: job.arn,
    jobName: job.request.jobName,
    status: job.status,
    creationTime: new Date(job.createdAt).toISOString(),
    lastModifiedTime: time,
    ...(ended ? { endTime: time } : {}),
    importedModelName: job.request.importedModelName,
    ...(job.modelArn === undefined ? {} : { importedModelArn: job.modelArn }),
  };
}

/** A key's ARN from what may be its ARN or id. Nothing for an alias: which key it means only KMS could tell. */
export function kmsKeyArn({ account }: Service, keyId: string | undefined): string | undefined {
  if (keyId === undefined || keyId.includes('alias/')) return undefined;
  return keyId.startsWith('arn:') ? keyId : `arn:aws:kms:${account.region}:${account.id}:key/${keyId}`;
}
