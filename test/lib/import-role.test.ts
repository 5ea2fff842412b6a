import { Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, GptOssImportedModelProps, ModelSource } from '../../lib';
import { ACCOUNT, OTHER_ACCOUNT, resourcesOf, statementsOf, testApp, testStack, theOnly } from './apps';

const BUCKET_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/bucket`;
const MODEL_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/model`;
const JOBS = `arn:aws:bedrock:us-east-1:${ACCOUNT}:model-import-job/*`;

function importStatements(propsOf: (stack: Stack) => GptOssImportedModelProps) {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model', propsOf(stack));
  return statementsOf(stack, 'ModelImportRole').map((statement) => stack.resolve(statement) as object);
}

const weights = (stack: Stack) => Bucket.fromBucketName(stack, 'Bucket', 'weights');

test("can be assumed by this account's and Region's import jobs only", () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model');

  const [role] = Object.entries(resourcesOf(stack, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('ModelImport'));
  expect(role?.[1].Properties['AssumeRolePolicyDocument']).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'bedrock.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
          ArnLike: {
            'aws:SourceArn': stack.resolve(
              `arn:${stack.partition}:bedrock:us-east-1:${ACCOUNT}:model-import-job/*`,
            ) as unknown,
          },
        },
      },
    ],
  });
});

test('reads one folder of weights, of the account that owns the bucket, and nothing else', () => {
  expect(importStatements((stack) => ({ source: ModelSource.s3(weights(stack), 'med/v3/') }))).toEqual([
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: withPartition('arn:', ':s3:::weights/med/v3/*'),
      Condition: { StringEquals: { 'aws:ResourceAccount': ACCOUNT } },
    },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: withPartition('arn:', ':s3:::weights'),
      Condition: {
        StringEquals: { 'aws:ResourceAccount': ACCOUNT },
        StringLike: { 's3:prefix': ['med/v3', 'med/v3/*'] },
      },
    },
  ]);
});

test('lists a whole bucket without a condition on the prefix, which such a listing does not name', () => {
  const [, list] = importStatements((stack) => ({ source: ModelSource.s3(weights(stack), '') }));

  expect(list).toMatchObject({ Action: 's3:ListBucket' });
  expect(list).toHaveProperty('Condition', { StringEquals: { 'aws:ResourceAccount': ACCOUNT } });
});

test("expects the bucket's owner, not its reader, behind a bucket of another account", () => {
  const statements = importStatements((stack) => {
    const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'weights', account: OTHER_ACCOUNT });
    return { source: ModelSource.s3(bucket, 'med/') };
  });

  for (const statement of statements) {
    expect(statement).toMatchObject({ Condition: { StringEquals: { 'aws:ResourceAccount': OTHER_ACCOUNT } } });
  }
});

test("decrypts with the bucket's key, and encrypts with the model's", () => {
  const statements = importStatements((stack) => ({
    source: ModelSource.s3(
      Bucket.fromBucketAttributes(stack, 'Bucket', {
        bucketName: 'weights',
        encryptionKey: Key.fromKeyArn(stack, 'BucketKey', BUCKET_KEY),
      }),
      'med/',
    ),
    modelKey: Key.fromKeyArn(stack, 'ModelKey', MODEL_KEY),
  }));

  expect(statements.slice(2)).toEqual([
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: BUCKET_KEY },
    { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: BUCKET_KEY },
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey', 'kms:CreateGrant'],
      Resource: MODEL_KEY,
    },
  ]);
});

test('makes tagged network interfaces in the chosen subnets only, when there is a VPC', () => {
  const statements = importStatements((stack) => ({
    source: ModelSource.s3(weights(stack), 'med/'),
    importVpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['us-east-1a'],
      privateSubnetIds: ['subnet-1'],
    }),
  })).slice(2);

  const ec2 = (resource: string) => withPartition('arn:', `:ec2:us-east-1:${ACCOUNT}:${resource}`);
  const group = { 'Fn::Join': expect.anything() as unknown };
  const jobs = withPartition('arn:', JOBS.slice('arn:aws'.length));
  expect(statements).toEqual([
    {
      Effect: 'Allow',
      Action: [
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeVpcs',
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeSubnets',
        'ec2:DescribeSecurityGroups',
      ],
      Resource: '*',
    },
    {
      Effect: 'Allow',
      Action: 'ec2:CreateNetworkInterface',
      Resource: ec2('network-interface/*'),
      Condition: {
        StringEquals: { 'aws:RequestTag/BedrockManaged': 'true' },
        ArnLike: { 'aws:RequestTag/BedrockModelImportJobArn': jobs },
      },
    },
    { Effect: 'Allow', Action: 'ec2:CreateNetworkInterface', Resource: [ec2('subnet/subnet-1'), group] },
    {
      Effect: 'Allow',
      Action: [
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      Resource: '*',
      Condition: {
        StringEquals: { 'ec2:ResourceTag/BedrockManaged': 'true' },
        ArnLike: { 'ec2:Subnet': [ec2('subnet/subnet-1')], 'ec2:ResourceTag/BedrockModelImportJobArn': jobs },
      },
    },
    {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: ec2('network-interface/*'),
      Condition: {
        StringEquals: { 'ec2:CreateAction': 'CreateNetworkInterface' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['BedrockManaged', 'BedrockModelImportJobArn'] },
      },
    },
  ]);
});

describe('a role that is given', () => {
  test('is used, and gets the permissions', () => {
    const stack = testStack();
    const importRole = new Role(stack, 'Given', { assumedBy: new ServicePrincipal('bedrock.amazonaws.com') });
    const model = new GptOssImportedModel(stack, 'Model', {
      source: ModelSource.s3(weights(stack), 'med/'),
      importRole,
    });

    expect(model.importRole).toBe(importRole);
    expect(statementsOf(stack, 'GivenDefaultPolicy').map(({ Action }) => Action)).toEqual([
      's3:GetObject',
      's3:ListBucket',
    ]);
    expect(theOnly(stack, 'Custom::BedrockImportedModel').DependsOn).toContainEqual(
      expect.stringMatching(/^GivenDefaultPolicy/),
    );
  });

  test('gets nothing when it was imported as immutable', () => {
    const stack = testStack();
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/Importer`;
    const importRole = Role.fromRoleArn(stack, 'Given', roleArn, { mutable: false });
    new GptOssImportedModel(stack, 'Model', { source: ModelSource.s3(weights(stack), 'med/'), importRole });

    expect(theOnly(stack, 'Custom::BedrockImportedModel').Properties['ImportRoleArn']).toBe(roleArn);
    expect(statementsOf(stack, 'Given')).toEqual([]);
  });

  test('fails when it is of another account', () => {
    const stack = testStack();
    const importRole = Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${OTHER_ACCOUNT}:role/Importer`);

    expect(() => new GptOssImportedModel(stack, 'Model', { importRole })).toThrow(
      `'importRole' must be a role of the stack's account ${ACCOUNT}, got one of ${OTHER_ACCOUNT}`,
    );
  });

  test('is let through when its account is known at deploy time only', () => {
    const stack = new Stack(testApp(), 'Models');
    const importRole = Role.fromRoleArn(stack, 'Given', `arn:aws:iam::${OTHER_ACCOUNT}:role/Importer`);

    expect(() => new GptOssImportedModel(stack, 'Model', { importRole })).not.toThrow();
  });
});

/** An ARN as the template has it: the partition is known at deploy time. */
function withPartition(before: string, after: string): object {
  return { 'Fn::Join': ['', [before, { Ref: 'AWS::Partition' }, after]] };
}
