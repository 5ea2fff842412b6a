import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
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

test('asks for one resource of the stack by its logical id', async () => {
  const resource = {
    LogicalResourceId: 'Model',
    ResourceType: 'Custom::BedrockImportedModel',
    Timestamp: new Date('2026-11-21T12:00:00Z'),
    ResourceStatus: 'UPDATE_FAILED',
  } as const;
  cloudFormation.on(DescribeStackResourcesCommand).resolves({ StackResources: [resource] });
  expect(await stacks.resourceStatus(STACK, 'Model')).toBe('UPDATE_FAILED');
  expect(cloudFormation.calls().map((call) => call.args[0].input)).toEqual([
    { StackName: STACK, LogicalResourceId: 'Model' },
  ]);
});

test('an answer without the resource is no status', async () => {
  cloudFormation.on(DescribeStackResourcesCommand).resolves({});
  expect(await stacks.resourceStatus(STACK, 'Model')).toBe('');
});

test.each([
  ['{"Resources":{"Model":{}}}', true],
  ['{"Resources":{"Other":{}}}', false],
  ['Resources:\n  Other: {}', true],
  ['{"Resources":null}', true],
  ['', true],
])('a resource is gone only from a template that can be read: %j', async (body, declared) => {
  cloudFormation.on(GetTemplateCommand).resolves({ TemplateBody: body });
  expect(await stacks.declares(STACK, 'Model')).toBe(declared);
  expect(cloudFormation.calls().map((call) => call.args[0].input)).toEqual([{ StackName: STACK }]);
});

describe.each([
  ['denied', awsError('AccessDenied', 'no', 403)],
  ['passing', awsError('Throttling', 'Rate exceeded', 400)],
  ['invalid', awsError('ValidationError', 'Stack does not exist', 400)],
])('by kind: %s', (kind, error) => {
  test('fails to read the stack', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(error);
    await expect(stacks.moment(STACK)).rejects.toMatchObject({ kind, call: 'DescribeStacks' });
  });

  test('fails to read the template', async () => {
    cloudFormation.on(GetTemplateCommand).rejects(error);
    await expect(stacks.declares(STACK, 'Model')).rejects.toMatchObject({ kind, call: 'GetTemplate' });
  });

  test('fails to read a resource', async () => {
    cloudFormation.on(DescribeStackResourcesCommand).rejects(error);
    await expect(stacks.resourceStatus(STACK, 'Model')).rejects.toMatchObject({ kind, call: 'DescribeStackResources' });
  });
});
