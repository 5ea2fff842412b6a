import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource } from '../../lib';
import { ACCOUNT, testApp, theOnly, testStack } from './apps';

const REGIONS = 'cdk-bedrock-gpt-oss:regions';

const regionsOf = (stack: Stack) => theOnly(stack, 'Custom::BedrockImportedModel').Properties['Regions'];

test('fails in a Region that does not import GPT-OSS, saying how to go there all the same', () => {
  const stack = testStack({ env: { account: ACCOUNT, region: 'eu-west-1' } });

  expect(() => new GptOssImportedModel(stack, 'Model')).toThrow(
    "Bedrock imports GPT-OSS in us-east-1 only, and this stack is in 'eu-west-1'; deploy it there, or, if AWS has added your Region, set context 'cdk-bedrock-gpt-oss:regions' to 'us-east-1,eu-west-1'",
  );
});

test.each([
  ['a list in cdk.json', ['us-east-1', 'eu-west-1']],
  ['a text on the command line', 'us-east-1, eu-west-1'],
])('another Region is allowed by %s', (_, regions) => {
  const stack = testStack({ env: { account: ACCOUNT, region: 'eu-west-1' } }, { [REGIONS]: regions });
  new GptOssImportedModel(stack, 'Model');

  expect(regionsOf(stack)).toEqual(['us-east-1', 'eu-west-1']);
});

test.each([[''], [[]], [['us-east-1', 7]], [true], ['us-east-1,,']])(
  'fails for a list of Regions like %j',
  (regions) => {
    const stack = testStack({}, { [REGIONS]: regions });

    expect(() => new GptOssImportedModel(stack, 'Model')).toThrow(
      `context '${REGIONS}' must be a list of Regions, got ${JSON.stringify(regions)}`,
    );
  },
);

test('a Region that is known at deploy time only is left to the handler', () => {
  const stack = new Stack(testApp(), 'Models');
  new GptOssImportedModel(stack, 'Model');

  expect(regionsOf(stack)).toEqual(['us-east-1']);
});

test('fails for a bucket that is known to be in another Region', () => {
  const stack = testStack();
  const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'weights', region: 'eu-west-1' });

  expect(() => new GptOssImportedModel(stack, 'Model', { source: ModelSource.s3(bucket, 'med/') })).toThrow(
    "'source' must be a bucket in the import's Region 'us-east-1', got one in 'eu-west-1'; copy the weights to a bucket in 'us-east-1'",
  );
});

test("lets a bucket's Region through that is known at deploy time only", () => {
  const stack = new Stack(testApp(), 'Models');
  const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'weights', region: 'us-east-1' });
  new GptOssImportedModel(stack, 'Model', { source: ModelSource.s3(bucket, 'med/') });

  expect(regionsOf(stack)).toEqual(['us-east-1']);
});
