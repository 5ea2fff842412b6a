import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, GptOssImportProvider, ModelSource } from '../../lib';
import { ACCOUNT, OTHER_ACCOUNT, Statement, statementsOf, testStack } from './apps';

const BUCKET_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/bucket`;
const MODEL_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/model`;

/** The handler's statements, by action. */
function permissions(): Map<string, Statement> {
  const stack = testStack();
  const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', {
    bucketName: 'weights',
    account: OTHER_ACCOUNT,
    encryptionKey: Key.fromKeyArn(stack, 'BucketKey', BUCKET_KEY),
  });
  new GptOssImportedModel(stack, 'Model', {
    source: ModelSource.s3(bucket, 'med/v3/'),
    modelKey: Key.fromKeyArn(stack, 'ModelKey', MODEL_KEY),
  });
  const actionsOf = ({ Action }: Statement) => (typeof Action === 'string' ? [Action] : Action);
  return new Map(
    statementsOf(stack, 'GptOssImportProviderHandlerRole').flatMap((statement) =>
      actionsOf(statement).map((action) => [`${action} ${JSON.stringify(statement.Resource)}`, statement] as const),
    ),
  );
}

const arn = (rest: string) => JSON.stringify({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, rest]] });
const models = arn(`:bedrock:us-east-1:${ACCOUNT}:imported-model/*`);
const jobs = arn(`:bedrock:us-east-1:${ACCOUNT}:model-import-job/*`);

test('are these and no others', () => {
  expect([...permissions().keys()].map((key) => key.replace(/(ImportRole|LogGroup)[0-9A-F]{8}/, '$1')).sort()).toEqual(
    [
      'bedrock:CreateModelImportJob "*"',
      'bedrock:ListImportedModels "*"',
      'bedrock:ListModelImportJobs "*"',
      `bedrock:GetModelImportJob ${jobs}`,
      `bedrock:GetImportedModel ${models}`,
      `bedrock:DeleteImportedModel ${models}`,
      `bedrock:TagResource [${models},${jobs}]`,
      `bedrock:UntagResource [${models},${jobs}]`,
      `bedrock:ListTagsForResource [${models},${jobs}]`,
      'cloudformation:DescribeStacks {"Ref":"AWS::StackId"}',
      'cloudformation:DescribeStackResources {"Ref":"AWS::StackId"}',
      'cloudformation:GetTemplate {"Ref":"AWS::StackId"}',
      'iam:PassRole {"Fn::GetAtt":["ModelImportRole","Arn"]}',
      'logs:CreateLogStream {"Fn::GetAtt":["GptOssImportProviderLogGroup","Arn"]}',
      'logs:PutLogEvents {"Fn::GetAtt":["GptOssImportProviderLogGroup","Arn"]}',
      `s3:GetObject ${arn(':s3:::weights/med/v3/*')}`,
      `s3:ListBucket ${arn(':s3:::weights')}`,
      `kms:Decrypt "${BUCKET_KEY}"`,
      `kms:Decrypt "${MODEL_KEY}"`,
      `kms:GenerateDataKey "${MODEL_KEY}"`,
      `kms:DescribeKey "${MODEL_KEY}"`,
      `kms:CreateGrant "${MODEL_KEY}"`,
    ].sort(),
  );
});

test("delete only models that carry this stack's tag", () => {
  expect(permissions().get(`bedrock:DeleteImportedModel ${models}`)?.Condition).toEqual({
    StringEquals: { 'aws:ResourceTag/cdk-bedrock-gpt-oss:stack': { Ref: 'AWS::StackId' } },
  });
});

test('pass the import role to Bedrock only', () => {
  const [pass] = [...permissions().values()].filter(({ Action }) => Action === 'iam:PassRole');

  expect(pass?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } });
});

test("list the folder of weights only, in the account of the bucket's owner", () => {
  expect(permissions().get(`s3:ListBucket ${arn(':s3:::weights')}`)?.Condition).toEqual({
    StringEquals: { 'aws:ResourceAccount': OTHER_ACCOUNT },
    StringLike: { 's3:prefix': ['med/v3', 'med/v3/*'] },
  });
});

test("include Lambda's network interfaces in a VPC, and not otherwise", () => {
  const stack = testStack();
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['us-east-1a'],
    privateSubnetIds: ['subnet-1'],
  });
  GptOssImportProvider.getOrCreate(stack, { vpc });

  expect(statementsOf(stack, 'GptOssImportProviderHandlerRole').flatMap(({ Action }) => Action)).toContain(
    'ec2:CreateNetworkInterface',
  );
  expect([...permissions().keys()].filter((key) => key.startsWith('ec2:'))).toEqual([]);
});
