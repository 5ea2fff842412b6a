import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudFormationStacks } from '../../lambda/imported-model/cloudformation';
import { awsError } from './aws-errors';
import { STACK } from './fixtures';

const cloudFormation = mockClient(CloudFormationClient);
const stacks = cloudFormationStacks(new CloudFormationClient({ region: 'us-east-1' }));

beforeEach(() => cloudFormation.reset());

const CREATED: Stack = {
  StackName: 'Shop',
  StackStatus: 'CREATE_IN_PROGRESS',
  CreationTime: new Date('2026-11-21T10:00:00Z'),
};

test('asks for the stack by its id: a name finds another stack once this one is deleted', async () => {
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [CREATED] });
  expect(await stacks.moment(STACK)).toEqual({ status: 'CREATE_IN_PROGRESS', since: '2026-11-21T10:00:00.000Z' });
  expect(cloudFormation.calls().map((call) => call.args[0].input)).toEqual([{ StackName: STACK }]);
});

test('tells one update from the next by the time of the update', async () => {
  const updated: Stack = {
    ...CREATED,
    StackStatus: 'UPDATE_IN_PROGRESS',
    LastUpdatedTime: new Date('2026-11-21T12:00:00Z'),
  };
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [updated] });
  expect(await stacks.moment(STACK)).toEqual({ status: 'UPDATE_IN_PROGRESS', since: '2026-11-21T12:00:00.000Z' });
});

test('an answer without a stack is no moment that anything could equal by chance', async () => {
  cloudFormation.on(DescribeStacksCommand).resolves({});
  expect(await stacks.moment(STACK)).toEqual({ status: '', since: '' });
});

test.each([
  ['denied', awsError('AccessDenied', 'no', 403)],
  ['passing', awsError('Throttling', 'Rate exceeded', 400)],
  ['invalid', awsError('ValidationError', 'Stack does not exist', 400)],
])('fails by kind: %s', async (kind, error) => {
  cloudFormation.on(DescribeStacksCommand).rejects(error);
  await expect(stacks.moment(STACK)).rejects.toMatchObject({ kind, call: 'DescribeStacks' });
});
