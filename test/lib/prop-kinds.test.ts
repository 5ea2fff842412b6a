import { Duration } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOss, GptOssImportedModel, ModelSource, WeightsBucket } from '../../lib';
import { testStack } from './apps';

/** As plain JavaScript calls it, which has no types. */
const untyped = (value: unknown) => value as never;

const model = (props: object) => new GptOssImportedModel(testStack(), 'Model', untyped(props));
const hub = (options: object) => ModelSource.huggingFace('acme/med', untyped(options));
const bucket = (props: object) => new WeightsBucket(testStack(), 'Weights', untyped(props));
const weights = () => Bucket.fromBucketName(testStack(), 'Bucket', 'weights');

test.each<[string, string, () => unknown]>([
  ['timeout', 'Duration.hours(2), got 3600', () => model({ timeout: 3600 })],
  ['source', "ModelSource.s3(bucket, 'med/v3/'), got 's3://weights/'", () => model({ source: 's3://weights/' })],
  ['modelKey', "Key.fromKeyArn(this, 'Key', 'arn:…'), got [", () => model({ modelKey: weights() })],
  ['modelName', "'med', got 3", () => model({ modelName: 3 })],
  ['acceptedFindings', "['chat-template-missing'], got 'more'", () => model({ acceptedFindings: 'more' })],
  ['acceptedFindings', "['chat-template-missing'], got null", () => model({ acceptedFindings: null })],
  ['acceptedFindings', "['chat-template-missing'], got 'more'", () => hub({ acceptedFindings: 'more' })],
  ['copyTimeout', 'Duration.hours(2), got 3600', () => hub({ copyTimeout: 3600 })],
  ['bucket', "Bucket.fromBucketName(this, 'Weights', 'my-weights'), got 'weights'", () => hub({ bucket: 'weights' })],
  ['repository', "'openai/gpt-oss-20b', got undefined", () => ModelSource.huggingFace(untyped(undefined))],
  ['model', 'GptOss.GPT_OSS_20_B, got undefined', () => ModelSource.gptOss(untyped(undefined))],
  ['bucket', 'Bucket.fromBucketName', () => ModelSource.s3(untyped('weights'), 'med/')],
  ['prefix', "'med/v3/', got undefined", () => ModelSource.s3(weights(), untyped(undefined))],
  ['version', "'v2', got 2", () => ModelSource.upload({ version: untyped(2) })],
  ['path', "'gpt-oss.lock.json', got undefined", () => ModelSource.lockFile(untyped(undefined), { bucket: weights() })],
  ['options', '{ bucket }, got undefined', () => ModelSource.lockFile('gpt-oss.lock.json', untyped(undefined))],
  ['bucket', 'Bucket.fromBucketName', () => ModelSource.lockFile('gpt-oss.lock.json', { bucket: untyped(undefined) })],
  ['readerAccounts', "['111122223333'], got '111122223333'", () => bucket({ readerAccounts: '111122223333' })],
  ['encryptionKey', "Key.fromKeyArn(this, 'Key', 'arn:…'), got 'arn:a'", () => bucket({ encryptionKey: 'arn:a' })],
  ['modelArn', "'arn:aws:bedrock:", () => GptOssImportedModel.fromModelArn(testStack(), 'Model', untyped(undefined))],
])('fails in plain JavaScript for another type, with what would be right: %s, %s', (name, right, call) => {
  expect(call).toThrow(`'${name}' takes a value such as ${right}`);
});

test('fails for a token in place of its secret without repeating it', () => {
  expect(() => hub({ tokenSecret: 'hf_abc' })).toThrow(
    /^'tokenSecret' takes a value such as Secret\.fromSecretNameV2\(this, 'Token', 'hugging-face'\), got a text$/,
  );
});

test('takes what is right, and undefined for what is left out', () => {
  const stack = testStack();
  const props = {
    source: ModelSource.gptOss(GptOss.GPT_OSS_20_B, { bucket: undefined, copyTimeout: Duration.hours(1) }),
    importRole: Role.fromRoleName(stack, 'Role', 'importer'),
    modelKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc'),
    importVpc: new Vpc(stack, 'Vpc'),
    timeout: undefined,
  };
  expect(() => new GptOssImportedModel(stack, 'Model', props)).not.toThrow();
});
