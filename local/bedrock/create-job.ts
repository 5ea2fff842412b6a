import { isDeepStrictEqual } from 'node:util';
import type { ImportJob, ImportRequest } from './account';
import { BedrockError } from './errors';
import { trustsBedrock, type Place } from './import-role';
import { inspect, type Verdict } from './inspection';
import type { Role } from './ports';
import { progress } from './progress';
import type { Service } from './service';
import { addTags } from './tags';

/** Starts an import: checks the request against account, quotas and role, in that order, and takes the job's name for ever. */
export async function createModelImportJob(service: Service, request: ImportRequest): Promise<{ jobArn: string }> {
  const place = placeOf(request);
  const role = await service.roles.find(request.roleArn);
  const bucket = await service.weights.bucket(place.bucket);
  await progress(service);
  // From here to the job's entry nothing waits, so of two calls at once the second sees the first one's job.
  const earlier = sameToken(service, request);
  if (earlier) return { jobArn: earlier.arn };
  requireFreeNames(service, request);
  requireQuota(service);
  const jobArn = service.account.arnOf('model-import-job', service.newId());
  requireRole(service, role, jobArn);
  if (service.switches.crossRegionBucket === 'refused' && bucket && bucket.region !== service.account.region) {
    throw new BedrockError('ValidationException', `The S3 bucket ${place.bucket} must be in ${service.account.region}`);
  }
  const tags = addTags(new Map(), request.jobTags ?? []);
  addTags(new Map(), request.importedModelTags ?? []);
  const job = newJob(service, request, jobArn, tags, place);
  service.account.jobs.push(job);
  if (service.switches.weightsReadAt === 'start') await job.verdict();
  return { jobArn };
}

function newJob(
  service: Service,
  request: ImportRequest,
  arn: string,
  tags: ImportJob['tags'],
  place: Place,
): ImportJob {
  const createdAt = service.clock.now();
  const fault = service.faults.takeJobFault();
  let verdict: Promise<Verdict> | undefined;
  return {
    arn,
    request,
    createdAt,
    endsAt: createdAt + service.switches.importSeconds * 1000,
    tags,
    verdict: () => (verdict ??= fault ? Promise.resolve({ problem: fault.message }) : read(service, request, place)),
    status: 'InProgress',
  };
}

async function read(service: Service, request: ImportRequest, place: Place): Promise<Verdict> {
  const { weights, switches, account } = service;
  try {
    const role = await service.roles.find(request.roleArn);
    return await inspect({ place, role, region: account.region, weights, switches });
  } catch (error) {
    return { problem: `Amazon Bedrock could not read the model data: ${String(error)}` };
  }
}

function sameToken({ account, switches, clock }: Service, request: ImportRequest): ImportJob | undefined {
  const token = request.clientRequestToken;
  const since = clock.now() - switches.tokenSeconds * 1000;
  const earlier = account.jobs.findLast((job) => job.request.clientRequestToken === token && job.createdAt >= since);
  if (token === undefined || !earlier) return undefined;
  const same = isDeepStrictEqual(earlier.request, request);
  const rule = same ? switches.repeatedToken : switches.reusedToken;
  if (rule === 'same-arn') return earlier;
  throw new BedrockError(
    rule === 'conflict' ? 'ConflictException' : 'ValidationException',
    `The provided client request token was already used${same ? '' : ' with other parameters'}`,
  );
}

function requireFreeNames({ account, switches, clock }: Service, request: ImportRequest): void {
  if (account.jobs.some((job) => job.request.jobName === request.jobName)) {
    throw new BedrockError(
      switches.duplicateJobName === 'conflict' ? 'ConflictException' : 'ValidationException',
      'The provided job name is currently in use. Try again with a different job name.',
    );
  }
  const rule = switches.duplicateModelName;
  if (rule === 'allowed' || rule === 'job-fails') return;
  const names = [
    ...account.existingModels(clock.now()).map(({ name }) => name),
    ...account.runningJobs().map((job) => job.request.importedModelName),
  ];
  if (!names.includes(request.importedModelName)) return;
  throw new BedrockError(
    rule === 'conflict' ? 'ConflictException' : 'ValidationException',
    'The provided model name is currently in use. Try again with a different model name.',
  );
}

/** Both quotas are refused under one name; only the message tells them apart, and both suggest an increase. */
function requireQuota({ account, switches, clock }: Service): void {
  const running = account.runningJobs().length;
  const refuse = (quota: string, limit: number): never => {
    throw new BedrockError(
      'ServiceQuotaExceededException',
      `You have exceeded the service quota for ${quota} (${limit}). Request a quota increase through Service Quotas.`,
    );
  };
  if (running >= switches.maxConcurrentJobs) refuse('Concurrent model import jobs', switches.maxConcurrentJobs);
  if (account.existingModels(clock.now()).length + running >= switches.maxModels) {
    refuse('Imported models per account', switches.maxModels);
  }
}

/** A role that is missing, does not trust Bedrock or is too fresh gets one and the same answer: so it is on AWS. */
function requireRole({ account, switches, clock }: Service, role: Role | undefined, jobArn: string): void {
  const usableAt = role && role.createdAt + switches.roleDelaySeconds * 1000;
  if (role && usableAt !== undefined && usableAt <= clock.now() && trustsBedrock(role, jobArn, account.id)) return;
  throw new BedrockError('ValidationException', 'The provided role ARN is invalid');
}

/** The s3Uri names a folder, with or without its last slash; the API's pattern lets nothing else through. */
function placeOf(request: ImportRequest): Place {
  const uri = request.modelDataSource.s3DataSource?.s3Uri ?? '';
  const [bucket = '', ...folders] = uri.slice('s3://'.length).split('/');
  const path = folders.join('/');
  return { bucket, prefix: path === '' || path.endsWith('/') ? path : `${path}/` };
}
