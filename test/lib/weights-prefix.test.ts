import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource } from '../../lib';
import { testApp, testStack, theOnly, VIRGINIA } from './apps';

function modelAt(stack: Stack, prefix: string): GptOssImportedModel {
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'weights');
  return new GptOssImportedModel(stack, 'Model', { source: ModelSource.s3(bucket, prefix) });
}

test.each(['', 'med/', 'med/v3/', "a-b_c.d!e'(f)/0/"])('takes %j', (prefix) => {
  const stack = testStack();
  modelAt(stack, prefix);

  expect(theOnly(stack, 'Custom::BedrockImportedModel').Properties['Prefix']).toBe(prefix);
});

test('lets a prefix through that is known at deploy time only', () => {
  const stack = testStack();
  modelAt(stack, new CfnParameter(stack, 'Prefix').valueAsString);

  expect(theOnly(stack, 'Custom::BedrockImportedModel').Properties['Prefix']).toEqual({ Ref: 'Prefix' });
});

test.each([
  ['med', "'prefix' must end in '/', got 'med'; did you mean 'med/'?"],
  ['/med/', "'prefix' must not begin with '/', got '/med/'; did you mean 'med/'?"],
  ['/', "'prefix' must not begin with '/', got '/'; did you mean ''?"],
  ['med//v3/', "'prefix' must not contain '//', got 'med//v3/'; did you mean 'med/v3/'?"],
  ['med v3/', "'prefix' must not contain ' ', got 'med v3/'"],
  ['dt=2026+a@b%/', "'prefix' must not contain '=', '+', '@', '%', got 'dt=2026+a@b%/'"],
  ['med*/', "'prefix' must not contain '*', got 'med*/'"],
  ['märz/', "'prefix' must not contain 'ä', got 'märz/'"],
  [`${'x'.repeat(955)}/`, "'prefix' must have at most 955 characters, got 956; choose a shorter one"],
])('fails for %j', (prefix, message) => {
  expect(() => modelAt(testStack(), prefix)).toThrow(message);
});

describe('two models of one bucket', () => {
  /** An app of two stacks with a model each. */
  function twoModels(outer: string, inner: string, bucketOf: (stack: Stack, name: string) => IBucket): Stack {
    const app = testApp();
    const stacks = ['One', 'Two'].map((id) => new Stack(app, id, { env: VIRGINIA }));
    const [one, two] = stacks as [Stack, Stack];
    new GptOssImportedModel(one, 'Model', { source: ModelSource.s3(bucketOf(one, 'first'), outer) });
    new GptOssImportedModel(two, 'Model', { source: ModelSource.s3(bucketOf(two, 'second'), inner) });
    return one;
  }
  const sameName = (stack: Stack) => Bucket.fromBucketName(stack, 'Bucket', 'weights');
  const otherNames = (stack: Stack, name: string) => Bucket.fromBucketName(stack, 'Bucket', name);

  test.each([
    ['med/', 'med/v3/'],
    ['', 'med/'],
  ])('fails for %j around %j, in other stacks too', (outer, inner) => {
    const stack = twoModels(outer, inner, sameName);

    expect(() => Template.fromStack(stack)).toThrow(
      `[Two/Model] 'prefix' '${inner}' lies inside '${outer}', the prefix of One/Model in the same bucket`,
    );
  });

  test('may read the same folder, folders side by side, and folders of the same name in other buckets', () => {
    expect(() => Template.fromStack(twoModels('med/', 'med/', sameName))).not.toThrow();
    expect(() => Template.fromStack(twoModels('med/', 'medical/', sameName))).not.toThrow();
    expect(() => Template.fromStack(twoModels('med/', 'med/v3/', otherNames))).not.toThrow();
  });

  test('fails for a bucket that the app makes as well', () => {
    const stack = testStack();
    const bucket = new Bucket(stack, 'Bucket');
    new GptOssImportedModel(stack, 'Outer', { source: ModelSource.s3(bucket, 'med/') });
    new GptOssImportedModel(stack, 'Inner', { source: ModelSource.s3(bucket, 'med/v3/') });

    expect(() => Template.fromStack(stack)).toThrow("[Models/Inner] 'prefix' 'med/v3/' lies inside 'med/'");
  });

  test('are not compared when a prefix is known at deploy time only', () => {
    const stack = testStack();
    const bucket = new Bucket(stack, 'Bucket');
    const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
    new GptOssImportedModel(stack, 'Outer', { source: ModelSource.s3(bucket, '') });
    new GptOssImportedModel(stack, 'Inner', { source: ModelSource.s3(bucket, prefix) });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});
