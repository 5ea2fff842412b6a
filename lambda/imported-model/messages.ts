import { type Finding, findingsText } from '../../weights/finding';
import { few } from '../../weights/printable';
import type { Upload } from '../../weights/upload-state';
import { hintFor } from './hints';
import type { CallFailed, Job, Model, NamedModel, UnsettledJob, StackMoment } from './port';
import { HUB_COPY_ROOT, MINUTES_PER_LINK, OWNER_TAGS } from '../../lib/contract';
import type { DeleteRequest, ImportRequest } from './request';

/** Everything that the handler says to people: what, the names, the cause, the next step. */

export const importing = (wanted: ImportRequest, job: { readonly name: string }) =>
  `import job ${job.name} makes model ${wanted.name}`;

export const notVisibleYet = (wanted: ImportRequest, job: Job) =>
  `import job ${job.name} has completed; its model ${wanted.name} is not visible yet`;

export const goneAfterImport = (wanted: ImportRequest, job: Job) =>
  `Import job ${job.name} completed, but its model ${wanted.name} is not there: somebody must have deleted it at once. ` +
  'Next: deploy again, which imports it again.';

export const stillThere = (model: NamedModel) => `model ${model.name} was deleted and is still there`;

export const roleNotReady = (wanted: ImportRequest) => `Bedrock cannot use the new role ${wanted.importRoleArn} yet`;

export const nameTaken = (wanted: ImportRequest, answer: CallFailed) =>
  `a name is in use, of job ${wanted.jobName} or model ${wanted.name} (${answer.message}); looking again`;

export const noAnswer = (trouble: CallFailed) => `${trouble.call} did not succeed: ${trouble.message}`;

export const inLine = (wanted: ImportRequest, before: readonly UnsettledJob[]) =>
  `model ${wanted.name} waits in line: the account runs one import at a time, now ${names(before)}`;

export const perhapsInLine = (wanted: ImportRequest) =>
  `model ${wanted.name} was refused for a quota; giving a job that was just made time to be listed`;

export const noTurn = (wanted: ImportRequest, unsettled: readonly UnsettledJob[]) => {
  const before = unsettled.filter(({ isRunning }) => isRunning);
  return before.length > 0 ? inLine(wanted, before) : 'no import job was made, the time was up';
};

export const importFailed = (wanted: ImportRequest, job: Job) =>
  `Bedrock could not import ${uri(wanted)} as model ${wanted.name}: ${job.failure.replace(/\.$/, '') || 'it gave no reason'} (import job ${job.name}). ` +
  `Next: ${hintFor(job.failure)}.`;

export const strangersJob = (wanted: ImportRequest, job: Job) =>
  `Import job ${job.name} already exists and makes model ${job.modelName}, not ${wanted.name}: it is somebody else's, ` +
  'and job names stay taken for ever. Next: deploy again, which uses another job name.';

export const strangersModel = (wanted: ImportRequest, model: Model) =>
  `Imported model ${model.name} (${model.arn}) already exists and is not of this stack (its tag ${OWNER_TAGS.stack} is ` +
  `${model.tags[OWNER_TAGS.stack] ?? 'absent'}). It was left untouched. Next: delete it or choose another 'modelName' than the base of ${wanted.name}.`;

export const formerModelDiffers = (wanted: ImportRequest, model: Model) =>
  `Imported model ${model.name} (${model.arn}) was left behind by ${model.tags[OWNER_TAGS.stack] ?? 'an earlier stack'}, and ` +
  `${uri(wanted)} does not hold the bytes that it was made of. It was left untouched. ` +
  `Next: delete it (aws bedrock delete-imported-model --model-identifier ${model.name}), or change the source's version.`;

export const brokenWeights = (wanted: ImportRequest, upload: Upload & { state: 'broken' }) =>
  upload.file === ''
    ? `${uri(wanted)} has ${upload.problem} No import job was made for model ${wanted.name}. Next: give the model a folder of its own.`
    : `${uri(wanted)}${upload.file} is broken: ${upload.problem}. No import job was made for model ${wanted.name}. Next: repair the file and upload it again.`;

export const notLocked = (wanted: ImportRequest, problems: readonly string[]) =>
  `${uri(wanted)} is not what the lock file pins: ${problems.join('; ')}. No import job was made for model ${wanted.name}. ` +
  `Next: ${lockedStep(wanted)}.`;

export const wrongWeights = (wanted: ImportRequest, errors: readonly Finding[]) =>
  `${uri(wanted)} is not a model that Bedrock imports: ${findingsText(errors)}. No import job was made for model ${wanted.name}. ` +
  `Next: ${errors.every(({ repairable }) => repairable) ? "mend the weights with 'bedrock-gpt-oss repair'" : 'correct the weights'} and upload them again, ` +
  `or list ${[...new Set(errors.map(({ code }) => `'${code}'`))].slice(0, 5).join(', ')} in 'acceptedFindings'.`;

export const noWeights = (wanted: ImportRequest, upload: Upload & { state: 'empty' | 'partial' }) =>
  `${uri(wanted)} ${state(upload)}. No import job was made for model ${wanted.name}. ` +
  (wanted.lockHash === ''
    ? `Next: upload the model's folder and deploy again: ${uploadCommand(wanted)}`
    : `Next: ${lockedStep(wanted)}.`);

export const waitingForWeights = (wanted: ImportRequest, upload: Upload & { state: 'empty' | 'partial' }) =>
  `waiting for weights: ${uri(wanted)} ${state(upload)}; to upload: ${uploadCommand(wanted)}`;

export const uploadStays = ({ bucket, prefix }: ImportRequest) =>
  `What was uploaded stays in bucket ${bucket}, and a bucket that upload() makes is another one next time. ` +
  `To use it, repair the files there and deploy with the source ModelSource.s3(Bucket.fromBucketName(this, 'Weights', '${bucket}'), '${prefix}').`;

export const noRoom = (wanted: ImportRequest, models: readonly NamedModel[]) =>
  models.length === 0
    ? `Bedrock refused to import model ${wanted.name}: no job runs and no imported model exists, so this account's quota must be zero. ` +
      'Next: ask for "Imported models per account" (L-45B04988) in Service Quotas, service Amazon Bedrock, in this Region.'
    : `There is no room for model ${wanted.name}: imported models hold the account's quota (3 by default): ${names(models)}. ` +
      'A replacement needs a free slot, because the old model is deleted only after the new one is there. ' +
      'Next: delete a model that nobody uses, or ask for more of "Imported models per account" (L-45B04988) in Service Quotas.';

export const roleRefused = (wanted: ImportRequest, answer: CallFailed) =>
  `Bedrock refuses the role ${wanted.importRoleArn} for model ${wanted.name}: ${answer.message}. ` +
  'Next: its trust policy must let bedrock.amazonaws.com assume it, with aws:SourceAccount of this account and aws:SourceArn of model-import-job/* in this Region.';

export const superseded = (wanted: ImportRequest, now: StackMoment) =>
  `CloudFormation has given this request up (the stack is ${now.status}), so nothing more was done for model ${wanted.name}.`;

export const refused = (wanted: ImportRequest, trouble: CallFailed) =>
  `${trouble.call} failed for model ${wanted.name}${ofJob(wanted, trouble)}: ${trouble.message}. Next: ${remedy(trouble)}.`;

export const timedOut = (wanted: ImportRequest, last: string) =>
  `Gave up model ${wanted.name} after ${minutes(wanted)} minutes. Last: ${last}. ` +
  "Next: set a longer 'timeout' on the construct if it only needs more time, and deploy again.";

export const deleteTimedOut = (unwanted: DeleteRequest, last: string) =>
  `Model ${unwanted.name} could not be deleted within ${unwanted.timeoutSeconds / 60} minutes. Last: ${last}. Next: delete the stack again.`;

export const deleteRefused = (unwanted: DeleteRequest, trouble: CallFailed) =>
  `${trouble.call} failed for model ${unwanted.name}: ${trouble.message}. Next: ${remedy(trouble)}.`;

export const brokeOff = (model: string, bug: unknown) =>
  `The import handler itself broke off for model ${model}: ${String(bug)}. ` +
  'Next: deploy again; if that fails as well, report it with the stack trace in its log.';

/** Of a list that may be endless. */
const MOST_NAMES = 5;

function uri(wanted: ImportRequest): string {
  return `s3://${wanted.bucket}/${wanted.prefix}`;
}

function uploadCommand(wanted: ImportRequest): string {
  return `bedrock-gpt-oss upload ./my-model ${uri(wanted)}`;
}

/** A lock file is of one upload, which lies in a bucket already; another folder has another lock. */
function lockedStep(wanted: ImportRequest): string {
  if (wanted.prefix.startsWith(HUB_COPY_ROOT))
    return 'somebody has changed what was copied from Hugging Face; take the model out of the stack, deploy, put it in again, and it is copied again';
  return (
    `bring there what the lock file lists: bedrock-gpt-oss copy --lock gpt-oss.lock.json s3://BUCKET-OF-THE-UPLOAD/ ${uri(wanted)}, ` +
    `or, with the folder that the lock file is of, ${uploadCommand(wanted)}; or commit the lock file of what lies there; then deploy again`
  );
}

function state(upload: Upload & { state: 'empty' | 'partial' }): string {
  return upload.state === 'empty'
    ? 'is empty'
    : `has ${upload.files} files and still lacks ${few(upload.missing, MOST_NAMES)}`;
}

function remedy({ kind }: CallFailed): string {
  if (kind === 'passing') return 'deploy again; throttling and failures of the service pass';
  return kind === 'denied'
    ? "check the handler's role, permissions boundaries and service control policies for this action"
    : 'correct the cause and deploy again';
}

/** Of the calls that have its name; other calls may fail before there is a job to look for. */
function ofJob({ jobName }: ImportRequest, { call }: CallFailed): string {
  return call.endsWith('ModelImportJob') ? ` (import job ${jobName})` : '';
}

function minutes(wanted: ImportRequest): number {
  const before = (wanted.link - 1) * MINUTES_PER_LINK;
  return before + Math.round(wanted.timeoutSeconds / 60);
}

function names(things: readonly { readonly name: string }[]): string {
  return few(
    things.map((thing) => thing.name),
    MOST_NAMES,
  );
}
