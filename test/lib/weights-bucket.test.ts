import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
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
