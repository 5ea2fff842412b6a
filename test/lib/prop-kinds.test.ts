import { CfnParameter, Duration, Lazy, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { GptOss, GptOssImportedModel, GptOssImportProvider, ModelSource, WeightsBucket } from '../../lib';
import { IMPORTED_MODEL_TYPE } from '../../lib/contract';
import { requireKind } from '../../lib/prop-kinds';
import { resourcesOf, testStack, theOnly } from './apps';

/** As plain JavaScript calls it, which has no types. */
const untyped = (value: unknown) => value as never;

const ARN = 'arn:aws:bedrock:us-east-1:111122223333:imported-model/abcdef012345';

const model = (props: unknown) => new GptOssImportedModel(testStack(), 'Model', untyped(props));
const hub = (options: unknown) => ModelSource.huggingFace('acme/med', untyped(options));
const bucket = (props: unknown) => new WeightsBucket(testStack(), 'Weights', untyped(props));
const provider = (props: unknown) => GptOssImportProvider.getOrCreate(testStack(), untyped(props));
const referred = (props: unknown) => GptOssImportedModel.fromModelAttributes(testStack(), 'Model', untyped(props));
const weights = () => Bucket.fromBucketName(testStack(), 'Bucket', 'weights');

test.each<[string, string, () => unknown]>([
  ['timeout', 'Duration.hours(2), got 3600', () => model({ timeout: 3600 })],
  ['source', "ModelSource.s3(bucket, 'med/v3/'), got 's3://weights/'", () => model({ source: 's3://weights/' })],
  ['modelKey', "Key.fromKeyArn(this, 'Key', 'arn:…'), got [", () => model({ modelKey: weights() })],
  ['modelName', "'med', got 3", () => model({ modelName: 3 })],
  ['acceptedFindings', "['chat-template-missing'], got 'more'", () => model({ acceptedFindings: 'more' })],
  ['acceptedFindings', "['chat-template-missing'], got 'more'", () => hub({ acceptedFindings: 'more' })],
  ['copyTimeout', 'Duration.hours(2), got 3600', () => hub({ copyTimeout: 3600 })],
  ['bucket', "Bucket.fromBucketName(this, 'Weights', 'my-weights'), got 'weights'", () => hub({ bucket: 'weights' })],
  ['repository', "'openai/gpt-oss-20b', got undefined", () => ModelSource.huggingFace(untyped(undefined))],
  ['model', 'GptOss.GPT_OSS_20_B, got undefined', () => ModelSource.gptOss(untyped(undefined))],
  ['bucket', 'Bucket.fromBucketName', () => ModelSource.s3(untyped('weights'), 'med/')],
  ['prefix', "'med/v3/', got undefined", () => ModelSource.s3(weights(), untyped(undefined))],
  ['version', "'v2', got 2", () => ModelSource.upload({ version: untyped(2) })],
  ['path', "'gpt-oss.lock.json', got undefined", () => ModelSource.lockFile(untyped(undefined), { bucket: weights() })],
  ['path', "'gpt-oss.lock.json', got null", () => ModelSource.lockFile(untyped(null), { bucket: weights() })],
  ['options', '{ bucket }, got undefined', () => ModelSource.lockFile('gpt-oss.lock.json', untyped(undefined))],
  ['bucket', 'Bucket.fromBucketName', () => ModelSource.lockFile('gpt-oss.lock.json', { bucket: untyped(undefined) })],
  ['bucket', 'Bucket.fromBucketName', () => ModelSource.lockFile('gpt-oss.lock.json', { bucket: untyped(null) })],
  ['importSubnets', '{ subnetType: SubnetType.PRIVATE_ISOLATED }, got [', () => model({ importSubnets: ['subnet-1'] })],
  ['copyVpcSubnets', "{ subnetType: SubnetType.PRIVATE_ISOLATED }, got 'a'", () => hub({ copyVpcSubnets: 'a' })],
  ['removalPolicy', "RemovalPolicy.RETAIN, got 'keep'", () => model({ removalPolicy: 'keep' })],
  ['removalPolicy', "RemovalPolicy.RETAIN, got 'RETAIN'", () => bucket({ removalPolicy: 'RETAIN' })],
  ['repairs', "HubRepairs.NONE, got 'r0'", () => hub({ repairs: 'r0' })],
  ['versioned', "true, got 'false'", () => bucket({ versioned: 'false' })],
  ['vpc', "Vpc.fromLookup(this, 'Vpc', { vpcId: 'vpc-…' }), got 'vpc-1'", () => provider({ vpc: 'vpc-1' })],
  ['logRetention', "RetentionDays.ONE_MONTH, got 'ONE_MONTH'", () => provider({ logRetention: 'ONE_MONTH' })],
  ['handlerRole', "Role.fromRoleName(this, 'Role', 'my-role'), got 'r'", () => provider({ handlerRole: 'r' })],
  ['modelKey', "Key.fromKeyArn(this, 'Key', 'arn:…'), got 'k'", () => referred({ modelArn: ARN, modelKey: 'k' })],
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

test.each<[string, string, () => unknown]>([
  ['options', "{ version: 'v2' }, got a text", () => ModelSource.s3(weights(), 'med/', untyped('v2'))],
  ['options', '{ bucket }, got a text', () => ModelSource.lockFile('gpt-oss.lock.json', untyped('weights'))],
  ['options', "{ version: 'v2' }, got [", () => ModelSource.upload(untyped(weights))],
  ['options', "{ revision: 'main' }, got a text", () => hub('v2')],
  ['options', "{ revision: 'main' }, got [", () => hub(['v2'])],
  ['options', '{ bucket }, got a text', () => ModelSource.gptOss(GptOss.GPT_OSS_20_B, untyped('v2'))],
  ['props', "{ source: ModelSource.s3(bucket, 'med/v3/') }, got a text", () => model('med')],
  ['props', '{ versioned: true }, got true', () => bucket(true)],
  ['props', '{ vpc }, got 7', () => provider(7)],
  ['props', "{ modelArn: 'arn:…' }, got a text", () => referred(ARN)],
])('fails for a value in place of all %s: such as %s', (whole, right, call) => {
  expect(call).toThrow(`'${whole}' takes a value such as ${right}`);
});

test('fails for a token in place of all options without repeating it', () => {
  expect(() => hub('hf_abc')).toThrow(/^(?!.*hf_abc)/s);
});

const OF_MODEL = [
  ...['source', 'acceptedFindings', 'modelName', 'importRole', 'modelKey', 'timeout', 'removalPolicy', 'provider'],
  ...['importVpc', 'importSubnets', 'importSecurityGroups'],
];
const OF_SOURCE = [
  ...['bucket', 'version', 'revision', 'tokenSecret', 'endpoint', 'concurrency', 'repairs', 'acceptedFindings'],
  ...['copyVpc', 'copyVpcSubnets', 'copySecurityGroups', 'copyTimeout'],
];
const OF_BUCKET = [
  ...['bucketName', 'encryptionKey', 'versioned', 'readerAccounts', 'readerPrefix', 'removalPolicy'],
  ...['serverAccessLogsBucket', 'serverAccessLogsPrefix'],
];
const OF_PROVIDER = [
  ...['vpc', 'vpcSubnets', 'securityGroups', 'logGroup', 'logRetention', 'environmentEncryption'],
  ...['handlerRole', 'frameworkOnEventRole', 'frameworkCompleteAndTimeoutRole'],
];

test('takes null like undefined, for the whole and for each property', () => {
  const nothing = (names: string[]) => Object.fromEntries(names.map((name) => [name, null]));
  const templateOf = (props: unknown, source: unknown, ofTheBucket: unknown, ofTheProvider: unknown) => {
    const stack = testStack();
    GptOssImportProvider.getOrCreate(stack, untyped(ofTheProvider));
    new GptOssImportedModel(stack, 'Model', untyped(props));
    new GptOssImportedModel(stack, 'Copied', { source: ModelSource.huggingFace('acme/med', untyped(source)) });
    new GptOssImportedModel(stack, 'Uploaded', { source: ModelSource.upload(untyped(source)) });
    new WeightsBucket(stack, 'Shared', untyped(ofTheBucket));
    return Template.fromStack(stack).toJSON();
  };
  const plain = templateOf(undefined, undefined, undefined, undefined);
  expect(templateOf(null, null, null, null)).toEqual(plain);
  expect(templateOf(nothing(OF_MODEL), nothing(OF_SOURCE), nothing(OF_BUCKET), nothing(OF_PROVIDER))).toEqual(plain);
});

test('takes null for the key of a model that is referred to, and for the version in S3, and changes nothing that is given', () => {
  expect(referred({ modelArn: ARN, modelKey: null }).modelArn).toBe(ARN);
  const given = { version: null };
  const source = ModelSource.s3(weights(), 'med/', untyped(given));
  expect(source.bind(testStack())).toMatchObject({ version: undefined });
  expect(given).toEqual({ version: null });
});

test('reads properties that a class defines', () => {
  class Props {
    constructor(private readonly team: string) {}
    public get modelName() {
      return `${this.team}-med`;
    }
  }
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model', new Props('care'));
  expect(theOnly(stack, IMPORTED_MODEL_TYPE).Properties['ModelName']).toBe('care-med');
});

test('leaves properties that are not its own alone, even those that every object has', () => {
  const others = { model: 3, constructor: 'x', toString: 'y', options: 'z' };
  expect(() => model(others)).not.toThrow();
});

test('knows the names that it is asked for when it is compiled', () => {
  expect(() => {
    // @ts-expect-error -- a slip of the pen would check nothing
    requireKind('modelNmae', 3);
  }).toThrow(TypeError);
});

describe('tokens', () => {
  test('are taken for the name, the prefix, the version and the timeout of a model', () => {
    const stack = testStack();
    const parameter = (id: string, type = 'String') => new CfnParameter(stack, id, { type });
    const given = Bucket.fromBucketName(stack, 'Bucket', 'weights');
    new GptOssImportedModel(stack, 'Model', {
      modelName: Lazy.string({ produce: () => 'med' }),
      source: ModelSource.s3(given, parameter('Prefix').valueAsString, { version: parameter('Version').valueAsString }),
      timeout: Duration.seconds(parameter('Timeout', 'Number').valueAsNumber),
      acceptedFindings: parameter('Findings', 'CommaDelimitedList').valueAsList,
    });
    expect(theOnly(stack, IMPORTED_MODEL_TYPE).Properties).toMatchObject({
      ModelName: 'med',
      Prefix: { Ref: 'Prefix' },
      Version: { Ref: 'Version' },
      TimeoutSeconds: { Ref: 'Timeout' },
      AcceptedFindings: { Ref: 'Findings' },
    });
  });

  test('are taken for the ARN of a model that is referred to', () => {
    const stack = testStack();
    const arn = new CfnParameter(stack, 'Arn').valueAsString;
    expect(stack.resolve(GptOssImportedModel.fromModelArn(stack, 'Model', arn).modelArn)).toEqual({ Ref: 'Arn' });
  });

  test('are taken for an account that reads a bucket, and for the folder that it reads', () => {
    const stack = testStack();
    const parameter = (id: string) => new CfnParameter(stack, id).valueAsString;
    new WeightsBucket(stack, 'Weights', { readerAccounts: [parameter('Reader')], readerPrefix: parameter('Folder') });
    expect(JSON.stringify(resourcesOf(stack, 'AWS::S3::BucketPolicy'))).toMatch(/"Ref":"Reader".*"Ref":"Folder"/);
  });

  test('fails for a list of readers that is known at deploy time only, with what can be done', () => {
    const accounts = new CfnParameter(testStack(), 'Readers', { type: 'CommaDelimitedList' });
    const encoded = Token.asList(Lazy.any({ produce: () => ['111122223333'] }));
    for (const readerAccounts of [accounts.valueAsList, encoded]) {
      expect(() => bucket({ readerAccounts })).toThrow(
        "'readerAccounts' is a list that is known at deploy time only, and each account gets statements of its own; write the list down, whose accounts may be tokens",
      );
    }
  });
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
