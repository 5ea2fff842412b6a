import type { ImportJob } from './account';
import { failureMessageMax } from './constraints';
import type { Service } from './service';

/**
 * Ends every job whose time has come. Nothing happens between calls: what a job is, is found out when somebody looks,
 * so a clock that jumps an hour needs no timers to catch up.
 */
export async function progress(service: Service): Promise<void> {
  const due = service.account.runningJobs().filter(({ endsAt }) => endsAt <= service.clock.now());
  for (const job of due.sort((a, b) => a.endsAt - b.endsAt)) {
    const verdict = await job.verdict();
    // Another call may have been waiting for the same verdict.
    if (job.status !== 'InProgress') continue;
    if ('problem' in verdict) fail(job, verdict.problem);
    else if (isNameLost(service, job))
      fail(job, `A model with the name ${job.request.importedModelName} already exists.`);
    else complete(service, job, verdict.architecture);
  }
}

function isNameLost({ account, switches }: Service, job: ImportJob): boolean {
  const taken = account.existingModels(job.endsAt).some(({ name }) => name === job.request.importedModelName);
  return switches.duplicateModelName === 'job-fails' && taken;
}

function fail(job: ImportJob, message: string): void {
  job.status = 'Failed';
  job.failureMessage = message.slice(0, failureMessageMax);
}

function complete({ account, switches, newId }: Service, job: ImportJob, architecture: string): void {
  const arn = account.arnOf('imported-model', newId());
  account.models.push({
    arn,
    name: job.request.importedModelName,
    architecture,
    job,
    createdAt: job.endsAt,
    visibleAt: job.endsAt + switches.modelVisibleDelaySeconds * 1000,
    tags: new Map((job.request.importedModelTags ?? []).map(({ key, value }) => [key, value])),
  });
  job.status = 'Completed';
  job.modelArn = arn;
}
