import { Environment, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { GptOssImportedModel, ModelSource, WeightsBucket } from '../../lib';
import { ACCOUNT, OTHER_ACCOUNT, resourcesOf, Statement, statementsOf, testApp, VIRGINIA } from './apps';

const MODEL_KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey', 'kms:CreateGrant'];
const OTHER_VIRGINIA = { ...VIRGINIA, account: OTHER_ACCOUNT };
const keyArn = (name: string, account = OTHER_ACCOUNT) => `arn:aws:kms:us-east-1:${account}:key/${name}`;

interface TwoStacks {
  /** Of the model and the roles. */
  readonly here: Stack;
  /** Where the keys are made, or referred to. */
  readonly there: Stack;
}

function twoStacks(env: Environment = OTHER_VIRGINIA): TwoStacks {
  const app = testApp();
  return { here: new Stack(app, 'Models', { env: VIRGINIA }), there: new Stack(app, 'Keys', { env }) };
}

/** A model with both keys, and a role that invokes it. */
function useKeys({ here }: TwoStacks, bucketKey: IKey, modelKey: IKey): void {
  const attributes = { bucketName: 'weights', account: OTHER_ACCOUNT, encryptionKey: bucketKey };
  const bucket = Bucket.fromBucketAttributes(here, 'Bucket', attributes);
  const model = new GptOssImportedModel(here, 'Model', { source: ModelSource.s3(bucket, 'med/'), modelKey });
  model.grantInvoke(new Role(here, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
}

/** What a role may do with keys. */
function keyStatements({ here }: Pick<TwoStacks, 'here'>, role: string): Statement[] {
  return statementsOf(here, role).filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')));
}

test.each<[string, TwoStacks, keyof TwoStacks]>([
  ["in the model's stack", twoStacks(), 'here'],
  ["in their owner's stack", twoStacks(), 'there'],
  ['in a stack whose account is known at deploy time only', twoStacks({}), 'there'],
])('keys of another account, referred to %s, are used by their ARNs and by nobody else', (_, stacks, place) => {
  const refer = (name: string) => Key.fromKeyArn(stacks[place], name, keyArn(name));
  useKeys(stacks, refer('bucket'), refer('model'));

  expect(keyStatements(stacks, 'ModelImportRole')).toEqual([
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: keyArn('bucket') },
    { Effect: 'Allow', Action: 'kms:DescribeKey', Resource: keyArn('bucket') },
    { Effect: 'Allow', Action: MODEL_KEY_ACTIONS, Resource: keyArn('model') },
  ]);
  expect(keyStatements(stacks, 'GptOssImportProviderHandlerRole')).toEqual([
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: keyArn('bucket') },
    { Effect: 'Allow', Action: MODEL_KEY_ACTIONS, Resource: keyArn('model') },
  ]);
  expect(keyStatements(stacks, 'Caller')).toEqual([
    { Effect: 'Allow', Action: 'kms:Decrypt', Resource: keyArn('model') },
  ]);
});

test('keys of the same account may be made in another stack of the app', () => {
  const stacks = twoStacks(VIRGINIA);
  const modelKey = new Key(stacks.there, 'ModelKey');
  useKeys(stacks, Key.fromKeyArn(stacks.here, 'BucketKey', keyArn('bucket', ACCOUNT)), modelKey);

  const used = {
    Action: MODEL_KEY_ACTIONS,
    Resource: { 'Fn::ImportValue': expect.stringContaining('ModelKey') as unknown },
  };
  expect(keyStatements(stacks, 'ModelImportRole')).toContainEqual(expect.objectContaining(used));
  expect(keyStatements(stacks, 'GptOssImportProviderHandlerRole')).toContainEqual(expect.objectContaining(used));
});

describe('the key of a bucket that is copied to from Hugging Face', () => {
  const COMMIT = '6cee5e81ee83917806bbde320786a8fb61efebee';
  const copyTo = (stack: Stack, bucket: IBucket) => {
    const source = ModelSource.huggingFace('openai/gpt-oss-20b', { revision: COMMIT, bucket });
    new GptOssImportedModel(stack, 'Model', { source });
  };
  const copying = (key: unknown) => ({
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: key,
  });
  const reading = (key: unknown) => ({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: key });

  test('is used by the copying functions of two stacks that share the bucket, and by what reads it', () => {
    const app = testApp();
    const there = new Stack(app, 'Keys', { env: VIRGINIA });
    const encryptionKey = new Key(there, 'Key');
    const bucket = new WeightsBucket(there, 'Shared', { encryptionKey });
    const users = ['One', 'Two'].map((name) => new Stack(app, name, { env: VIRGINIA }));
    for (const here of users) copyTo(here, bucket);
    for (const here of users) {
      const imported = { 'Fn::ImportValue': expect.stringMatching(/^Keys:.*Key.*Arn/) as unknown };
      expect(keyStatements({ here }, 'ModelCopyCopierRole')).toEqual([copying(imported)]);
      expect(keyStatements({ here }, 'ModelCopyStatesRole')).toEqual([]);
      expect(keyStatements({ here }, 'GptOssImportProviderHandlerRole')).toEqual([reading(imported)]);
    }
    // policies of the account decide: the key's own names no role
    const [policy] = Object.values(resourcesOf(there, 'AWS::KMS::Key')).map(({ Properties }) => Properties);
    expect(JSON.stringify(policy)).not.toContain('Copier');
  });

  test('may be of the same stack', () => {
    const { here } = twoStacks();
    copyTo(here, new WeightsBucket(here, 'Own', { encryptionKey: new Key(here, 'Key') }));
    const own = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(keyStatements({ here }, 'ModelCopyCopierRole')).toEqual([copying(own)]);
    expect(keyStatements({ here }, 'GptOssImportProviderHandlerRole')).toEqual([reading(own)]);
  });

  test('is nobody’s where the bucket has none', () => {
    const { here } = twoStacks();
    copyTo(here, new WeightsBucket(here, 'Own'));
    expect(keyStatements({ here }, 'ModelCopyCopierRole')).toEqual([]);
  });
});

test.each<[string, (key: IKey, other: IKey) => [IKey, IKey]]>([
  ["for the model's key", (key, other) => [other, key]],
  ["for the bucket's key", (key, other) => [key, other]],
])('fails for a key that another account is yet to make, %s', (_, order) => {
  const stacks = twoStacks();
  const [bucketKey, modelKey] = order(
    new Key(stacks.there, 'New'),
    Key.fromKeyArn(stacks.here, 'Old', keyArn('old', ACCOUNT)),
  );

  expect(() => {
    useKeys(stacks, bucketKey, modelKey);
  }).toThrow(
    `the key Keys/New is made in aws://${OTHER_ACCOUNT}/us-east-1, and its ARN is not known in aws://${ACCOUNT}/us-east-1, the environment of stack 'Models'; deploy it first, and refer to it with Key.fromKeyArn(this, 'Key', 'arn:aws:kms:…')`,
  );
});
