import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { BedrockClient, GetModelImportJobCommand } from '@aws-sdk/client-bedrock';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../lambda/imported-model/index';
import { saying } from './fixtures';
import { event } from './framework';

const cloudFormation = mockClient(CloudFormationClient);
const bedrock = mockClient(BedrockClient);

beforeEach(() => {
  cloudFormation.reset();
  bedrock.reset();
});

test('an event that nobody has noted is answered with what polls need', async () => {
  const CreationTime = new Date('2026-11-21T10:00:00Z');
  cloudFormation
    .on(DescribeStacksCommand)
    .resolves({ Stacks: [{ StackName: 'Shop', StackStatus: 'CREATE_IN_PROGRESS', CreationTime }] });
  const before = Date.now();
  const answer = await handler(event('Create'));
  expect(answer).toEqual({
    Started: expect.any(Number) as unknown,
    Stack: { status: 'CREATE_IN_PROGRESS', since: '2026-11-21T10:00:00.000Z' },
    CameWith: '',
    PhysicalResourceId: saying('gpt-oss-20b-'),
  });
  expect('Started' in answer && answer.Started).toBeGreaterThanOrEqual(before);
});

test('an event that comes while CloudFormation throttles waits for its answer', async () => {
  const throttled = Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });
  cloudFormation
    .on(DescribeStacksCommand)
    .rejectsOnce(throttled)
    .resolves({ Stacks: [{ StackName: 'Shop', StackStatus: 'CREATE_IN_PROGRESS', CreationTime: new Date() }] });
  const before = performance.now();
  expect(await handler(event('Create'))).toMatchObject({ Stack: { status: 'CREATE_IN_PROGRESS' } });
  expect(performance.now() - before).toBeGreaterThan(1900);
});

test('an event that carries the note is a poll, which logs a line of JSON for every step', async () => {
  const log = jest.spyOn(console, 'log').mockReturnValue();
  bedrock.on(GetModelImportJobCommand).resolves({ jobName: 'job', status: 'InProgress' });
  const request = event('Create', {}, { Started: Date.now() });
  expect(await handler(request)).toEqual({ IsComplete: false });
  const lines = log.mock.calls.map(([line]: readonly unknown[]) => JSON.parse(String(line)) as unknown);
  log.mockRestore();
  expect(lines).toMatchObject([
    { request: request.RequestId, next: 'look', at: 'job' },
    { request: request.RequestId, next: 'wait' },
  ]);
});
