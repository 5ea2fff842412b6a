import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { copyExecutions } from '../../../lambda/hub-copies/step-functions';
import { awsError } from '../aws-errors';
import { MACHINE } from './fixtures';

const sfn = mockClient(SFNClient);
const executions = copyExecutions(new SFNClient({ region: 'us-east-1' }));
const arnOf = (name: string) => `${MACHINE.replace('stateMachine', 'execution')}:${name}`;
const listed = (name: string) => ({
  executionArn: arnOf(name),
  name,
  stateMachineArn: MACHINE,
  status: 'RUNNING' as const,
  startDate: new Date(),
});

beforeEach(() => sfn.reset());

describe('executions that run', () => {
  test('are found by how their names begin, on every page', async () => {
    sfn
      .on(ListExecutionsCommand)
      .resolvesOnce({ executions: [listed('copy-a-1'), listed('copy-b-1')], nextToken: 'more' })
      .resolves({ executions: [listed('copy-a-2')] });
    expect(await executions.running(MACHINE, 'copy-a-')).toEqual([
      { arn: arnOf('copy-a-1'), name: 'copy-a-1', status: 'running', cause: '' },
      { arn: arnOf('copy-a-2'), name: 'copy-a-2', status: 'running', cause: '' },
    ]);
    expect(sfn.call(0).args[0].input).toMatchObject({ stateMachineArn: MACHINE, statusFilter: 'RUNNING' });
  });

  test('are none of a state machine that is gone', async () => {
    sfn.on(ListExecutionsCommand).rejects(awsError('StateMachineDoesNotExist', 'gone', 400));
    expect(await executions.running(MACHINE, 'copy-')).toEqual([]);
  });
});

describe('one execution', () => {
  test.each([
    ['RUNNING', 'running'],
    ['PENDING_REDRIVE', 'running'],
    ['SUCCEEDED', 'succeeded'],
    ['FAILED', 'failed'],
    ['TIMED_OUT', 'failed'],
    ['ABORTED', 'failed'],
  ] as const)('that is %s is told as %s', async (status, told) => {
    sfn.on(DescribeExecutionCommand).resolves({ status, cause: 'why' });
    expect(await executions.find(MACHINE, 'copy-1')).toEqual({
      arn: arnOf('copy-1'),
      name: 'copy-1',
      status: told,
      cause: 'why',
    });
    expect(sfn.call(0).args[0].input).toEqual({ executionArn: arnOf('copy-1') });
  });

  test.each([
    [
      'the words of its Fail state',
      'NotCopied',
      'it is gated. Next: give a token.',
      'it is gated. Next: give a token.',
    ],
    [
      'what its function threw, without the trace',
      'Error',
      '{"errorType":"Error","errorMessage":"could not read the secret","trace":["Error: could not read the secret"]}',
      'could not read the secret',
    ],
    ['JSON that is none of Lambda’s', 'NotCopied', '{"why":"so"}', '{"why":"so"}'],
    ['what Step Functions calls it, without a cause', 'States.Timeout', undefined, 'States.Timeout'],
    ['nothing, where nothing is said', undefined, undefined, ''],
  ])('that failed is told with %s', async (_, error, cause, told) => {
    sfn.on(DescribeExecutionCommand).resolves({ status: 'FAILED', error, cause });
    expect(await executions.find(MACHINE, 'copy-1')).toMatchObject({ status: 'failed', cause: told });
  });

  test('that never was is undefined', async () => {
    sfn.on(DescribeExecutionCommand).rejects(awsError('ExecutionDoesNotExist', 'none', 400));
    expect(await executions.find(MACHINE, 'copy-1')).toBeUndefined();
  });

  test('is started under its name', async () => {
    sfn.on(StartExecutionCommand).resolves({});
    await executions.start(MACHINE, 'copy-1', { copy: { commit: 'c' } });
    expect(sfn.call(0).args[0].input).toEqual({
      stateMachineArn: MACHINE,
      name: 'copy-1',
      input: '{"copy":{"commit":"c"}}',
    });
  });

  test('is not started twice: another poll was faster', async () => {
    sfn.on(StartExecutionCommand).rejects(awsError('ExecutionAlreadyExists', 'there is one', 400));
    await expect(executions.start(MACHINE, 'copy-1', {})).resolves.toBeUndefined();
  });

  test('is stopped with a cause', async () => {
    sfn.on(StopExecutionCommand).resolves({});
    await executions.stop(arnOf('copy-1'), 'not wanted');
    expect(sfn.call(0).args[0].input).toEqual({ executionArn: arnOf('copy-1'), cause: 'not wanted' });
  });

  test('that is gone counts as stopped', async () => {
    sfn.on(StopExecutionCommand).rejects(awsError('ExecutionDoesNotExist', 'none', 400));
    await expect(executions.stop(arnOf('copy-1'), 'not wanted')).resolves.toBeUndefined();
  });
});

describe.each([
  ['denied', 'AccessDeniedException', 400],
  ['passing', 'ThrottlingException', 400],
  ['passing', 'InternalServerException', 500],
  ['invalid', 'InvalidArn', 400],
] as const)('a call that fails as %s for %s', (kind, name, status) => {
  beforeEach(() => sfn.onAnyCommand().rejects(awsError(name, 'no', status)));

  test.each([
    ['ListExecutions', () => executions.running(MACHINE, 'copy-')],
    ['DescribeExecution', () => executions.find(MACHINE, 'copy-1')],
    ['StartExecution', () => executions.start(MACHINE, 'copy-1', {})],
    ['StopExecution', () => executions.stop(arnOf('copy-1'), 'why')],
  ])('is told: %s', async (call, ask) => {
    await expect(ask()).rejects.toMatchObject({ kind, call, message: `${name}: no` });
  });
});
