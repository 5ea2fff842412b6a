import { BedrockClient, ListModelImportJobsCommand } from '@aws-sdk/client-bedrock';
import { setTimeout as sleep } from 'node:timers/promises';
import { uploadFolder } from '../../local/buckets';
import { startCdk, type CdkResult } from '../../local/cdk';
import { bedrock } from '../../local/clients';
import type { Ground } from '../../local/ground';
import { stackEvents, stackResources, stackTemplate, type StackResource } from '../../local/stacks';
import { HUB_COPY_TYPE, IMPORTED_MODEL_TYPE } from '../../lib/contract';
import type { Story } from './story';

export const STACK = 'GptOssDemo';

/** Milliseconds between two looks at the stack. */
const LOOK_EVERY = 250;

const PLAIN_WORDS: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'a bucket for the weights',
  'AWS::S3::BucketPolicy': 'its policy: TLS only',
  'AWS::IAM::Role': 'roles: one for Bedrock to read the weights, the others for the functions',
  'AWS::IAM::Policy': 'what each role may do, and no more',
  'AWS::Logs::LogGroup': 'one log group for all functions',
  'AWS::Lambda::Function': 'the functions that start the import and look after it',
  'AWS::StepFunctions::StateMachine': 'a state machine that asks them again and again until the model is there',
};

/** Where the weights come from: a folder that is uploaded while the stack waits, or a Hub that the stack copies from. */
export type Weights = { readonly folder: string } | { readonly hub: HubWeights };

/** A revision on a Hub. */
interface HubWeights {
  readonly repository: string;
  readonly revision: string;
  readonly endpoint: string;
}

/** As the command line has it. */
export function addressOf({ repository, revision }: HubWeights): string {
  return `hf://${repository}@${revision}`;
}

/** Deploys the stack, uploads weights if it waits for them, tells what it sees, and returns how cdk ended. */
export async function deploy(ground: Ground, weights: Weights, story: Story): Promise<CdkResult> {
  story.tell('building the template, publishing the handlers');
  const context = 'hub' in weights ? { ...weights.hub } : undefined;
  const run = await startCdk(ground, ['deploy', STACK, '--require-approval', 'never'], { context });
  const over = new AbortController();
  const result = run.ended.finally(() => {
    over.abort();
  });
  const along =
    'hub' in weights
      ? watchCopy(ground, story, over.signal)
      : uploadWhenAsked(ground, weights.folder, story, over.signal);
  await Promise.all([result, along]);
  return result;
}

/** What CloudFormation says of the import that failed. */
export async function failure(ground: Ground): Promise<string> {
  const events = await stackEvents(ground, STACK);
  const failed = events.find(({ type, status }) => type === IMPORTED_MODEL_TYPE && status === 'CREATE_FAILED');
  return failed?.reason.split('\n')[0] ?? 'the model has not failed';
}

async function uploadWhenAsked(ground: Ground, weights: string, story: Story, over: AbortSignal): Promise<void> {
  if (!(await until(() => modelIsNext(ground, story), over))) return;
  const to = await uploadPlace(ground);
  story.tell(`the stack waits for weights in s3://${to.bucket}/${to.prefix}; uploading`);
  await uploadFolder(ground, weights, to, (file, bytes) => {
    story.tell(`uploaded ${file}, ${size(bytes)}`);
  });
  story.tell('the upload is whole: Bedrock can start');
  await until(() => importIsOver(ground, story), over);
}

async function watchCopy(ground: Ground, story: Story, over: AbortSignal): Promise<void> {
  const copyHas = async (status: string) =>
    (await stackEvents(ground, STACK)).some((event) => event.type === HUB_COPY_TYPE && event.status === status);
  if (!(await until(async () => (await modelIsNext(ground, story)) || copyHas('CREATE_IN_PROGRESS'), over))) return;
  story.tell('the stack checks the repository, and copies its files side by side: Hub to S3, in Lambda');
  if (!(await until(() => copyHas('CREATE_COMPLETE'), over))) return;
  story.tell('the copy is there, file by file as the Hub has it: Bedrock can start');
  await until(() => importIsOver(ground, story), over);
}

async function until(seen: () => Promise<boolean>, over: AbortSignal): Promise<boolean> {
  while (!over.aborted) {
    if (await seen()) return true;
    await sleep(LOOK_EVERY);
  }
  return false;
}

async function modelIsNext(ground: Ground, story: Story): Promise<boolean> {
  const events = await stackEvents(ground, STACK);
  for (const { type } of events) {
    const words = PLAIN_WORDS[type];
    if (words !== undefined) story.tellOnce(`creating ${words}`);
  }
  return events.some(({ type, status }) => type === IMPORTED_MODEL_TYPE && status === 'CREATE_IN_PROGRESS');
}

async function importIsOver(ground: Ground, story: Story): Promise<boolean> {
  const client = new BedrockClient(bedrock(ground));
  const { modelImportJobSummaries = [] } = await client.send(new ListModelImportJobsCommand({}));
  const [job] = modelImportJobSummaries;
  if (job === undefined) {
    story.tellOnce('waiting until Bedrock can start: a new role takes a while to become known');
    return false;
  }
  story.tellOnce(`import job ${job.jobName ?? ''}: ${job.status ?? ''}`);
  return job.status !== 'InProgress';
}

/** Where to upload: the stack's outputs don't exist yet, but its bucket does, and its template names the prefix. */
async function uploadPlace(ground: Ground): Promise<{ readonly bucket: string; readonly prefix: string }> {
  const bucket = await weightsBucket(ground);
  const template = await stackTemplate(ground, STACK);
  const prefix = /"Prefix":\s*"([^"]*)"/.exec(template)?.[1];
  if (bucket === undefined || prefix === undefined) throw new Error(`stack ${STACK} has no bucket or no prefix`);
  return { bucket, prefix };
}

/** The stack's own bucket, undefined when it has none. */
export async function weightsBucket(ground: Ground): Promise<string | undefined> {
  const isBucket = ({ type }: StackResource) => type === 'AWS::S3::Bucket';
  return (await stackResources(ground, STACK)).find(isBucket)?.physicalId;
}

/** @throws with the end of the command's own output */
export function requireSuccess(command: string, result: CdkResult): void {
  if (result.exitCode === 0) return;
  throw new Error(`${command} failed (exit code ${result.exitCode}); its output ends:\n${result.output.slice(-3000)}`);
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
