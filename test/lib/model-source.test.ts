import { CfnParameter } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource } from '../../lib';
import { resourcesOf, testStack, theOnly } from './apps';

const MODEL = 'Custom::BedrockImportedModel';

test('weights that are there are not waited for, and no bucket is made', () => {
  const stack = testStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'weights');
  const model = new GptOssImportedModel(stack, 'Model', { source: ModelSource.s3(bucket, 'med/v3/') });

  const { Properties } = theOnly(stack, MODEL);
  expect(Properties).toMatchObject({ Bucket: 'weights', Prefix: 'med/v3/', WaitForUpload: 'false' });
  expect(Properties).not.toHaveProperty('Version');
  expect(resourcesOf(stack, 'AWS::S3::Bucket')).toEqual({});
  expect([model.weightsBucket, model.weightsPrefix]).toEqual([bucket, 'med/v3/']);
});

test('a version of weights that are there is passed on, whatever its characters', () => {
  const stack = testStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'weights');
  new GptOssImportedModel(stack, 'Model', { source: ModelSource.s3(bucket, '', { version: 'März 2026' }) });

  expect(theOnly(stack, MODEL).Properties).toMatchObject({ Prefix: '', Version: 'März 2026' });
});

test('an upload to a bucket of its own goes to the folder of its version', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model', { source: ModelSource.upload({ version: '2026-11' }) });

  const { Properties } = theOnly(stack, MODEL);
  expect(Properties).toMatchObject({ Prefix: '2026-11/', WaitForUpload: 'true' });
  expect(Properties).not.toHaveProperty('Version');
});

test("uploads to one bucket go to each model's own folder", () => {
  const stack = testStack();
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'weights');
  const source = ModelSource.upload({ bucket });
  const med = new GptOssImportedModel(stack, 'Med', { source });
  const law = new GptOssImportedModel(stack, 'Law', { source });

  expect(med.weightsPrefix).toMatch(/^Models-Med-[0-9A-F]{8}\/v1\/$/);
  expect(law.weightsPrefix).toMatch(/^Models-Law-[0-9A-F]{8}\/v1\/$/);
});

test('a version from a parameter is let through', () => {
  const stack = testStack();
  const version = new CfnParameter(stack, 'Version').valueAsString;
  new GptOssImportedModel(stack, 'Model', { source: ModelSource.upload({ version }) });

  expect(theOnly(stack, MODEL).Properties['Prefix']).toEqual({ 'Fn::Join': ['', [{ Ref: 'Version' }, '/']] });
});

test.each([
  ['', "'version' becomes one folder of the prefix, got ''; give it a name without '/'"],
  ['a/b', "'version' becomes one folder of the prefix, got 'a/b'; give it a name without '/'"],
  ['1+2 3', "'version' must not contain '+', ' ', got '1+2 3'; use letters, digits and - _ . ! ' ( )"],
])('fails for an upload of version %j', (version, message) => {
  const source = ModelSource.upload({ version });

  expect(() => new GptOssImportedModel(testStack(), 'Model', { source })).toThrow(message);
});
