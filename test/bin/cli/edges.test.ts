import { BedrockClient, ListImportedModelsCommand, ListModelImportJobsCommand } from '@aws-sdk/client-bedrock';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListExportsCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { awsAccount } from '../../../bin/cli/aws-account';
import { cloudFormationStacks } from '../../../bin/cli/cloudformation';

const aws = { region: 'us-east-1' };

function failure(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

describe('CloudFormation', () => {
  const cloudFormation = mockClient(CloudFormationClient);
  const stacks = cloudFormationStacks(aws);

  afterEach(() => {
    cloudFormation.reset();
  });

  test('shows a stack: status, parameters as they are resolved, and resources that are there', async () => {
    cloudFormation.on(DescribeStacksCommand).resolves({
      Stacks: [
        {
          StackName: 'App',
          CreationTime: new Date(0),
          StackStatus: 'UPDATE_IN_PROGRESS',
          Parameters: [
            { ParameterKey: 'Plain', ParameterValue: 'a' },
            { ParameterKey: 'FromSsm', ParameterValue: '/name', ResolvedValue: 'b' },
          ],
        },
      ],
    });
    const about = { ResourceType: 'AWS::S3::Bucket', LastUpdatedTimestamp: new Date(0) };
    cloudFormation.on(ListStackResourcesCommand).resolves({
      StackResourceSummaries: [
        { ...about, LogicalResourceId: 'There', PhysicalResourceId: 'there', ResourceStatus: 'CREATE_IN_PROGRESS' },
        { ...about, LogicalResourceId: 'Gone', PhysicalResourceId: 'gone', ResourceStatus: 'DELETE_COMPLETE' },
        { ...about, LogicalResourceId: 'Failed', PhysicalResourceId: 'failed', ResourceStatus: 'CREATE_FAILED' },
        { ...about, LogicalResourceId: 'NotYet', ResourceStatus: 'CREATE_IN_PROGRESS' },
      ],
    });
    expect(await stacks.stack('App')).toEqual({
      status: 'UPDATE_IN_PROGRESS',
      parameters: new Map([
        ['Plain', 'a'],
        ['FromSsm', 'b'],
      ]),
      resources: new Map([['There', 'there']]),
    });
  });

  test('finds a resource behind the first hundred, and what templates know without parameters', async () => {
    const id = 'arn:aws:cloudformation:us-east-1:111122223333:stack/App/0a1b';
    cloudFormation.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'App', StackId: id, CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' }],
    });
    const about = { ResourceType: 'AWS::S3::Bucket', LastUpdatedTimestamp: new Date(0) };
    const made = { ...about, ResourceStatus: 'CREATE_COMPLETE' as const };
    cloudFormation
      .on(ListStackResourcesCommand)
      .resolvesOnce({
        StackResourceSummaries: Array.from({ length: 100 }, (_, number) => ({
          ...made,
          LogicalResourceId: `Other${number}`,
          PhysicalResourceId: 'x',
        })),
        NextToken: 'more',
      })
      .resolves({ StackResourceSummaries: [{ ...made, LogicalResourceId: 'Last', PhysicalResourceId: 'weights' }] });
    const stack = await stacks.stack('App');
    expect(stack?.resources.get('Last')).toBe('weights');
    expect(stack?.resources.size).toBe(101);
    expect(Object.fromEntries(stack?.parameters ?? [])).toEqual({
      'AWS::AccountId': '111122223333',
      'AWS::Partition': 'aws',
      'AWS::Region': 'us-east-1',
      'AWS::StackId': id,
      'AWS::StackName': 'App',
      'AWS::URLSuffix': 'amazonaws.com',
    });
  });

  test('tells a stack that is not there from a call that failed', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(failure('ValidationError', 'Stack with id App does not exist'));
    expect(await stacks.stack('App')).toBeUndefined();
    cloudFormation.on(DescribeStacksCommand).rejects(failure('AccessDenied'));
    await expect(stacks.stack('App')).rejects.toThrow('no');
  });

  test('finds an export behind the first page', async () => {
    cloudFormation
      .on(ListExportsCommand)
      .resolvesOnce({ Exports: [{ Name: 'Other', Value: 'x' }], NextToken: 'more' })
      .resolves({ Exports: [{ Name: 'Shared', Value: 'weights' }] });
    expect(await stacks.exported('Shared')).toBe('weights');
  });

  test('gives the template as text', async () => {
    cloudFormation.on(GetTemplateCommand, { StackName: 'App' }).resolves({ TemplateBody: '{}' });
    expect(await stacks.template('App')).toBe('{}');
  });
});

describe('an account', () => {
  const [bedrock, iam, quotas, sts] = [
    mockClient(BedrockClient),
    mockClient(IAMClient),
    mockClient(ServiceQuotasClient),
    mockClient(STSClient),
  ];

  afterEach(() => {
    for (const mock of [bedrock, iam, quotas, sts]) mock.reset();
  });

  test('says its Region and who calls', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/me' });
    const account = await awsAccount(aws);
    expect(account.region).toBe('us-east-1');
    expect(await account.caller()).toEqual({ account: '111122223333', arn: 'arn:aws:iam::111122223333:user/me' });
  });

  test('lists models and running jobs over all pages', async () => {
    const model = { modelArn: 'arn', creationTime: new Date(0) };
    bedrock
      .on(ListImportedModelsCommand)
      .resolvesOnce({ modelSummaries: [{ ...model, modelName: 'a' }], nextToken: 'more' })
      .resolves({ modelSummaries: [{ ...model, modelName: 'b' }] });
    const job = { jobArn: 'arn', status: 'InProgress' as const, creationTime: new Date(0) };
    bedrock.on(ListModelImportJobsCommand, { statusEquals: 'InProgress' }).resolves({
      modelImportJobSummaries: [{ ...job, jobName: 'j' }],
    });
    const account = await awsAccount(aws);
    expect(await account.models()).toEqual(['a', 'b']);
    expect(await account.runningJobs()).toEqual(['j']);
  });

  test("has a quota of its own, or AWS's, or none that is known", async () => {
    const account = await awsAccount(aws);
    quotas
      .on(GetServiceQuotaCommand, { ServiceCode: 'bedrock', QuotaCode: 'L-45B04988' })
      .resolves({ Quota: { Value: 5 } });
    expect(await account.quota('L-45B04988')).toBe(5);
    quotas.on(GetServiceQuotaCommand).rejects(failure('NoSuchResourceException'));
    quotas.on(GetAWSDefaultServiceQuotaCommand).resolves({ Quota: { Value: 3 } });
    expect(await account.quota('L-45B04988')).toBe(3);
    quotas.on(GetAWSDefaultServiceQuotaCommand).rejects(failure('NoSuchResourceException'));
    expect(await account.quota('L-45B04988')).toBeUndefined();
    quotas.on(GetServiceQuotaCommand).rejects(failure('AccessDeniedException'));
    await expect(account.quota('L-45B04988')).rejects.toThrow('no');
  });

  test('asks the simulator about the role behind a session, with its path', async () => {
    const arn = 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Admin';
    iam.on(GetRoleCommand, { RoleName: 'Admin' }).resolves({
      Role: { Arn: arn, Path: '/', RoleName: 'Admin', RoleId: 'r', CreateDate: new Date(0) },
    });
    iam.on(SimulatePrincipalPolicyCommand, { PolicySourceArn: arn }).resolves({
      EvaluationResults: [
        { EvalActionName: 'iam:PassRole', EvalDecision: 'implicitDeny' },
        { EvalActionName: 's3:PutObject', EvalDecision: 'allowed' },
      ],
    });
    const account = await awsAccount(aws);
    const caller = { account: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/Admin/me' };
    expect(await account.denied(caller, ['iam:PassRole', 's3:PutObject'])).toEqual(['iam:PassRole']);
  });

  test('denies its root user nothing, whom the simulator does not know', async () => {
    const account = await awsAccount(aws);
    expect(await account.denied({ account: '111122223333', arn: 'arn:aws:iam::111122223333:root' }, ['a'])).toEqual([]);
    expect(iam.calls()).toHaveLength(0);
  });
});
