import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { aws } from './clients';
import type { Ground } from './ground';

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

export interface StackEvent {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** CloudFormation's word, such as CREATE_IN_PROGRESS. */
  readonly status: string;
  /** Why it failed, '' when nothing is said. */
  readonly reason: string;
}

/** What a stack is made of at this moment; nothing while it doesn't exist. Known long before the outputs are. */
export async function stackResources(ground: Ground, stack: string): Promise<readonly StackResource[]> {
  const client = new CloudFormationClient(aws(ground));
  const answer = await client.send(new DescribeStackResourcesCommand({ StackName: stack })).catch(noStack);
  return (answer?.StackResources ?? []).map((resource) => ({
    logicalId: resource.LogicalResourceId ?? '',
    type: resource.ResourceType ?? '',
    physicalId: resource.PhysicalResourceId ?? '',
  }));
}

/**
 * What has happened to a stack and its resources, the oldest first; nothing while it doesn't exist.
 *
 * @param stack name, or the id when the stack is gone
 */
export async function stackEvents(ground: Ground, stack: string): Promise<readonly StackEvent[]> {
  const client = new CloudFormationClient(aws(ground));
  const answer = await client.send(new DescribeStackEventsCommand({ StackName: stack })).catch(noStack);
  const events = (answer?.StackEvents ?? []).map((event) => ({
    logicalId: event.LogicalResourceId ?? '',
    physicalId: event.PhysicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason ?? '',
  }));
  return events.reverse();
}

/** Ids of the stacks that were deleted. */
export async function deletedStacks(ground: Ground): Promise<readonly string[]> {
  const client = new CloudFormationClient(aws(ground));
  const answer = await client.send(new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }));
  return (answer.StackSummaries ?? []).map(({ StackId = '' }) => StackId);
}

/** A stack's outputs by name. */
export async function stackOutputs(ground: Ground, stack: string): Promise<Readonly<Record<string, string>>> {
  const client = new CloudFormationClient(aws(ground));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  return Object.fromEntries(outputs) as Record<string, string>;
}

/** CloudFormation's word for a stack, such as CREATE_COMPLETE; undefined when there is none of the name. */
export async function stackStatus(ground: Ground, stack: string): Promise<string | undefined> {
  const client = new CloudFormationClient(aws(ground));
  const answer = await client.send(new DescribeStacksCommand({ StackName: stack })).catch(noStack);
  return answer?.Stacks?.[0]?.StackStatus;
}

/** The template as text of JSON. */
export async function stackTemplate(ground: Ground, stack: string): Promise<string> {
  const client = new CloudFormationClient(aws(ground));
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: stack }));
  return TemplateBody;
}

function noStack(error: unknown): undefined {
  if (error instanceof Error && error.name === 'ValidationError') return undefined;
  throw error;
}
