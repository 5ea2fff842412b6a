import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { WeightsBucket } from '../../lib';
import { testStack, theOnly } from './apps';

test('stands alone: private, encrypted, retained, and rid of incomplete uploads', () => {
  const stack = testStack();
  new WeightsBucket(stack, 'Weights');

  const bucket = theOnly(stack, 'AWS::S3::Bucket');
  expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  expect(bucket.Properties).toEqual({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    LifecycleConfiguration: {
      Rules: [
        {
          Id: 'AbortIncompleteUploads',
          Status: 'Enabled',
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        },
      ],
    },
  });
});

test('refuses requests without TLS', () => {
  const stack = testStack();
  new WeightsBucket(stack, 'Weights');

  Template.fromStack(stack).hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Deny',
          Action: 's3:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  });
});

test('takes a name, a key, versions, a removal policy and access logs', () => {
  const stack = testStack();
  const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/weights');
  new WeightsBucket(stack, 'Weights', {
    bucketName: 'my-weights',
    encryptionKey,
    versioned: true,
    removalPolicy: RemovalPolicy.DESTROY,
    serverAccessLogsBucket: Bucket.fromBucketName(stack, 'Logs', 'access-logs'),
    serverAccessLogsPrefix: 'weights/',
  });

  const bucket = theOnly(stack, 'AWS::S3::Bucket');
  expect(bucket.DeletionPolicy).toBe('Delete');
  expect(bucket.Properties).toMatchObject({
    BucketName: 'my-weights',
    VersioningConfiguration: { Status: 'Enabled' },
    LoggingConfiguration: { DestinationBucketName: 'access-logs', LogFilePrefix: 'weights/' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: encryptionKey.keyArn },
        },
      ],
    },
  });
});

test('opens a folder to other accounts, to copy from', () => {
  const stack = testStack();
  const encryptionKey = new Key(stack, 'Key');
  new WeightsBucket(stack, 'Weights', { encryptionKey, readerAccounts: ['210987654321'], readerPrefix: 'med/' });

  const template = Template.fromStack(stack);
  const reader = { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::210987654321:root']] } };
  const bucketArn = { 'Fn::GetAtt': [stack.getLogicalId(bucketOf(stack)), 'Arn'] };
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Principal: reader,
          Resource: { 'Fn::Join': ['', [bucketArn, '/med/*']] },
        },
        {
          Effect: 'Allow',
          Action: 's3:ListBucket',
          Principal: reader,
          Resource: bucketArn,
          Condition: { StringLike: { 's3:prefix': ['med', 'med/*'] } },
        },
      ]),
    },
  });
  template.hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Principal: reader })]) },
  });
});

test.each([
  [{ readerAccounts: ['1234'] }, "'readerAccounts' must be account ids of 12 digits, got '1234'"],
  [{ readerPrefix: 'med/' }, "'readerPrefix' is for 'readerAccounts', which are not given"],
  [{ readerAccounts: ['210987654321'], readerPrefix: 'med' }, "'prefix' must end in '/', got 'med'"],
])('fails for %j', (props, message) => {
  expect(() => new WeightsBucket(testStack(), 'Weights', props)).toThrow(message);
});

function bucketOf(stack: Stack): CfnBucket {
  const bucket = stack.node.findAll().find((child) => child instanceof CfnBucket);
  if (!bucket) throw new Error('the stack has no bucket');
  return bucket;
}
