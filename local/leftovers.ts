import { BedrockClient, ListImportedModelsCommand, ListModelImportJobsCommand } from '@aws-sdk/client-bedrock';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { aws, bedrock } from './clients';
import type { Ground } from './ground';
import { deletedStacks, stackEvents, stackResources } from './stacks';

/** Names of what is there, by kind. */
export type Inventory = Readonly<Record<(typeof KINDS)[number], readonly string[]>>;

const KINDS = ['models', 'running jobs', 'buckets', 'functions', 'roles', 'log groups'] as const;

/** Everything on a ground that costs money or is in the way, but what `cdk bootstrap` made. */
export async function leftovers(ground: Ground): Promise<Inventory> {
  const [models, jobs, buckets, functions, roles, logGroups, toolkit, revenants] = await Promise.all([
    new BedrockClient(bedrock(ground)).send(new ListImportedModelsCommand({})),
    new BedrockClient(bedrock(ground)).send(new ListModelImportJobsCommand({ statusEquals: 'InProgress' })),
    new S3Client({ ...aws(ground), forcePathStyle: true }).send(new ListBucketsCommand({})),
    new LambdaClient(aws(ground)).send(new ListFunctionsCommand({})),
    new IAMClient(aws(ground)).send(new ListRolesCommand({})),
    new CloudWatchLogsClient(aws(ground)).send(new DescribeLogGroupsCommand({})),
    stackResources(ground, 'CDKToolkit'),
    deletedLogGroups(ground),
  ]);
  const bootstrapped = new Set(toolkit.map(({ physicalId }) => physicalId));
  const named = (names: readonly (string | undefined)[] | undefined) =>
    (names ?? []).filter((name) => name !== undefined).filter((name) => !bootstrapped.has(name));
  return {
    models: named(models.modelSummaries?.map(({ modelName }) => modelName)),
    'running jobs': named(jobs.modelImportJobSummaries?.map(({ jobName }) => jobName)),
    buckets: named(buckets.Buckets?.map(({ Name }) => Name)),
    functions: named(functions.Functions?.map(({ FunctionName }) => FunctionName)),
    roles: named(roles.Roles?.map(({ RoleName }) => RoleName)),
    'log groups': named(logGroups.logGroups?.map(({ logGroupName }) => logGroupName)).filter(
      (name) => !revenants.has(name),
    ),
  };
}

/**
 * Log groups that a stack has deleted. MiniStack writes a function's last lines after CloudFormation has gone on, within
 * the same second, and makes the function's log group anew for them: that is its haste, not our leak.
 */
async function deletedLogGroups(ground: Ground): Promise<ReadonlySet<string>> {
  const stacks = await deletedStacks(ground);
  const events = (await Promise.all(stacks.map((id) => stackEvents(ground, id)))).flat();
  const deleted = events.filter(({ type, status }) => type === 'AWS::Logs::LogGroup' && status === 'DELETE_COMPLETE');
  return new Set(deleted.map(({ physicalId }) => physicalId));
}

export function isEmpty(inventory: Inventory): boolean {
  return KINDS.every((kind) => inventory[kind].length === 0);
}
