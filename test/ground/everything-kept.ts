import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aws } from '../../local/clients';
import type { Ground } from '../../local/ground';
import { deletedStacks, stackEvents, stackTemplate } from '../../local/stacks';
import type { App } from './harness';

/** Something that is kept, as text. */
export interface Kept {
  readonly place:
    'template' | 'stack' | 'events' | 'machine' | 'execution' | 'function' | 'logs' | 'object' | 'assembly';
  /** Whose it is. */
  readonly of: string;
  readonly text: string;
}

/** All that an account keeps of a stack and of those that are gone, and what `cdk` makes on the disk. */
export async function everythingKept(ground: Ground, stack: string, app: App): Promise<readonly Kept[]> {
  const ofAccount = [ofStacks(ground, stack), ofExecutions(ground), ofFunctions(ground), ofObjects(ground)];
  return [...(await Promise.all(ofAccount)).flat(), ...ofAssembly(app)];
}

function kept(place: Kept['place'], of: string, what: unknown): Kept {
  return { place, of, text: typeof what === 'string' ? what : JSON.stringify(what) };
}

async function ofStacks(ground: Ground, stack: string): Promise<Kept[]> {
  const cloudFormation = new CloudFormationClient(aws(ground));
  const ids = [stack, ...(await deletedStacks(ground))];
  return [
    kept('template', stack, await stackTemplate(ground, stack)),
    kept('stack', stack, await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }))),
    ...(await Promise.all(ids.map(async (id) => kept('events', id, await stackEvents(ground, id))))),
  ];
}

/** Definitions, and inputs, outputs, causes and every step of what has run. */
async function ofExecutions(ground: Ground): Promise<Kept[]> {
  const sfn = new SFNClient(aws(ground));
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  const found: Kept[] = [];
  for (const { stateMachineArn = '' } of stateMachines) {
    const machine = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    found.push(kept('machine', stateMachineArn, machine));
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    for (const { executionArn = '' } of executions) {
      const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      const history = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
      found.push(kept('execution', executionArn, { execution, history: history.events }));
    }
  }
  return found;
}

/** Configurations with their environments, and logs. */
async function ofFunctions(ground: Ground): Promise<Kept[]> {
  const logs = new CloudWatchLogsClient(aws(ground));
  const { Functions = [] } = await new LambdaClient(aws(ground)).send(new ListFunctionsCommand({}));
  const found = Functions.map((one) => kept('function', one.FunctionName ?? '', one));
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  for (const { logGroupName = '' } of logGroups) {
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    found.push(kept('logs', logGroupName, events));
  }
  return found;
}

/** Bytes and metadata; the assets that a deployment has published are objects as well. */
async function ofObjects(ground: Ground): Promise<Kept[]> {
  const s3 = new S3Client({ ...aws(ground), forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const found: Kept[] = [];
  for (const { Name: Bucket = '' } of Buckets) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key = '' } of Contents) {
      const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const text = (await Body?.transformToString('latin1')) ?? '';
      found.push(kept('object', `${Bucket}/${Key}`, `${JSON.stringify(Metadata)} ${text}`));
    }
  }
  return found;
}

/** cdk.out anew: a command that deploys removes its own. */
function ofAssembly({ name, context }: App): Kept[] {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  const env = { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) };
  try {
    execFileSync(process.execPath, ['--import', 'tsx', join(__dirname, 'apps', `${name}.ts`)], { env });
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    return files.map((file) => kept('assembly', file, readFileSync(join(folder, file), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
