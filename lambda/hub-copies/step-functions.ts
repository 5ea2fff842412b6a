import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { parseJson } from '../../weights/json';
import { awsCall, CALL_TIMEOUTS } from '../imported-model/aws-call';
import { CallFailed } from '../imported-model/port';
import type { Execution, Executions } from './port';

export function copyExecutions(client = new SFNClient({ maxAttempts: 4, requestHandler: CALL_TIMEOUTS })): Executions {
  return {
    running: async (stateMachineArn, family) => {
      const found: Execution[] = [];
      const list = awsCall('ListExecutions', async () => {
        for await (const page of paginateListExecutions({ client }, { stateMachineArn, statusFilter: 'RUNNING' })) {
          for (const { executionArn: arn = '', name = '' } of page.executions ?? []) {
            if (name.startsWith(family)) found.push({ arn, name, status: 'running', cause: '' });
          }
        }
      });
      await unless('StateMachineDoesNotExist', list);
      return found;
    },

    find: (stateMachineArn, name) =>
      unless(
        'ExecutionDoesNotExist',
        awsCall('DescribeExecution', async () => {
          const arn = executionArn(stateMachineArn, name);
          const command = new DescribeExecutionCommand({ executionArn: arn });
          const { status, cause = '', error = '' } = await client.send(command);
          // one whose time ran out has a name for that, and no cause
          return { arn, name, status: statusOf(status), cause: reasonIn(cause) || error };
        }),
      ),

    start: async (stateMachineArn, name, input) => {
      const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
      const start = awsCall('StartExecution', () => client.send(command));
      // another poll of this request was faster
      await unless('ExecutionAlreadyExists', start);
    },

    stop: async (arn, cause) => {
      const stop = awsCall('StopExecution', () => client.send(new StopExecutionCommand({ executionArn: arn, cause })));
      await unless('ExecutionDoesNotExist', stop);
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

/**
 * A Fail state's cause is our own words; that of a function which threw is Lambda's JSON,
 * `{"errorType":…,"errorMessage":…,"trace":[…]}`.
 */
function reasonIn(cause: string): string {
  const told = parseJson(cause);
  const message = 'value' in told ? told.value['errorMessage'] : undefined;
  return typeof message === 'string' && message !== '' ? message : cause;
}

/** The answer, or undefined where the call fails with that error. */
async function unless<T>(name: string, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CallFailed && error.cause instanceof Error && error.cause.name === name) return undefined;
    throw error;
  }
}
