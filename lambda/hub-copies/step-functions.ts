import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { awsCall, CALL_TIMEOUTS } from '../imported-model/aws-call';
import { CallFailed } from '../imported-model/port';
import type { Execution, Executions } from './port';

export function copyExecutions(client = new SFNClient({ maxAttempts: 4, requestHandler: CALL_TIMEOUTS })): Executions {
  return {
    running: (stateMachineArn, family) =>
      awsCall('ListExecutions', async () => {
        const found: Execution[] = [];
        for await (const page of paginateListExecutions({ client }, { stateMachineArn, statusFilter: 'RUNNING' })) {
          for (const { executionArn: arn = '', name = '' } of page.executions ?? []) {
            if (name.startsWith(family)) found.push({ arn, name, status: 'running', cause: '' });
          }
        }
        return found;
      }),

    find: (stateMachineArn, name) =>
      unlessUnknown(
        awsCall('DescribeExecution', async () => {
          const arn = executionArn(stateMachineArn, name);
          const { status, cause = '' } = await client.send(new DescribeExecutionCommand({ executionArn: arn }));
          return { arn, name, status: statusOf(status), cause };
        }),
      ),

    start: async (stateMachineArn, name, input) => {
      const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
      await awsCall('StartExecution', () => client.send(command)).catch((error: unknown) => {
        // another poll of this request was faster
        if (!isNamed(error, 'ExecutionAlreadyExists')) throw error;
      });
    },

    stop: async (arn, cause) => {
      await awsCall('StopExecution', () => client.send(new StopExecutionCommand({ executionArn: arn, cause })));
    },
  };
}

/** arn:aws:states:<region>:<account>:stateMachine:<name> has executions arn:…:execution:<name>:<execution>. */
function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

function statusOf(status: ExecutionStatus | undefined): Execution['status'] {
  if (status === 'SUCCEEDED') return 'succeeded';
  return status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED' ? 'failed' : 'running';
}

async function unlessUnknown<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNamed(error, 'ExecutionDoesNotExist')) return undefined;
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof CallFailed && error.cause instanceof Error && error.cause.name === name;
}
