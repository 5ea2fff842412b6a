import {
  CfnDeletionPolicy,
  CfnResource,
  Duration,
  CfnParameter,
  NestedStack,
  RemovalPolicies,
  RemovalPolicy,
  Stack,
  Token,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GptOssImportedModel, ModelSource } from '../../lib';
import { resourcesOf, testApp, testStack, theOnly, VIRGINIA } from './apps';

const MODEL = 'Custom::BedrockImportedModel';
const WAIT = 'Custom::BedrockImportWait';

describe('a first model', () => {
  test('makes its bucket, waits for the upload, and is named after its path', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'Model');

    const [bucket] = Object.keys(resourcesOf(stack, 'AWS::S3::Bucket'));
    expect(theOnly(stack, MODEL).Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/^GptOssImportProvider.*onEvent/), 'Arn'] },
      ModelName: 'Models-Model',
      Bucket: { Ref: bucket },
      Prefix: 'v1/',
      WaitForUpload: 'true',
      ImportRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^ModelImportRole/), 'Arn'] },
      Regions: ['us-east-1'],
      ServiceTimeout: '3600',
      TimeoutSeconds: '3000',
      Link: '1',
      Links: '1',
    });
  });

  test('is deleted with the stack, its weights are not', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'Model');

    expect(theOnly(stack, MODEL)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(theOnly(stack, 'AWS::S3::Bucket').DeletionPolicy).toBe('Retain');
  });

  test.each([
    ['without feature flags', {}],
    ['with the recommended feature flags', recommendedFlags],
  ])('takes 21 resources, and each further one with a given bucket three, %s', (_, context) => {
    const stack = testStack({}, context);
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'weights');
    new GptOssImportedModel(stack, 'Model');
    expect(Object.keys(resourcesOf(stack))).toHaveLength(21);

    const larger = testStack({}, context);
    new GptOssImportedModel(larger, 'Model');
    new GptOssImportedModel(larger, 'Second', { source: ModelSource.s3(bucket, 'med/') });
    new GptOssImportedModel(larger, 'Third', { source: ModelSource.s3(bucket, 'law/') });
    expect(Object.keys(resourcesOf(larger))).toHaveLength(21 + 3 + 3);
  });
});

test('waits for the policies of role and bucket, to which it does not refer', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model');

  expect(theOnly(stack, MODEL).DependsOn).toEqual([
    expect.stringMatching(/^ModelImportRoleDefaultPolicy/),
    expect.stringMatching(/^ModelImportRole/),
    expect.stringMatching(/^ModelWeightsPolicy/),
  ]);
});

test("waits for a source's dependencies, and for a policy that the bucket gets after the model", () => {
  const stack = testStack();
  const copy = new CfnResource(stack, 'Copy', { type: 'Custom::Copy' });
  class CopiedSource extends ModelSource {
    public bind() {
      return { bucket, prefix: 'copied/', waitForUpload: true, dependencies: [copy] };
    }
  }
  const bucket = new Bucket(stack, 'Bucket');
  new GptOssImportedModel(stack, 'Model', { source: new CopiedSource() });
  bucket.addToResourcePolicy(
    new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects('*')],
      principals: [new AccountRootPrincipal()],
    }),
  );

  const { DependsOn } = theOnly(stack, MODEL);
  expect(DependsOn).toContain('Copy');
  expect(DependsOn).toContainEqual(expect.stringMatching(/^BucketPolicy/));
});

test("a function that is told of uploads by the model's bucket may use the model", () => {
  const stack = testStack();
  const bucket = new Bucket(stack, 'Bucket', { enforceSSL: true });
  const model = new GptOssImportedModel(stack, 'Model', { source: ModelSource.upload({ bucket }) });
  const listener = new Function(stack, 'Listener', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    environment: { MODEL_ARN: model.modelArn },
  });
  model.grantInvoke(listener);
  bucket.addObjectCreatedNotification(new LambdaDestination(listener));

  // refuses circular dependencies
  Template.fromStack(stack).resourceCountIs('Custom::S3BucketNotifications', 1);
});

describe('waiting longer than an hour', () => {
  test('takes a further resource for every 50 minutes begun, each after the one before', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'Model', { timeout: Duration.minutes(101) });

    const [first] = Object.keys(resourcesOf(stack, MODEL));
    const waits = resourcesOf(stack, WAIT);
    const [second, third] = Object.keys(waits);
    expect(theOnly(stack, MODEL).Properties).toMatchObject({ Link: '1', Links: '3', TimeoutSeconds: '3000' });
    expect(Object.values(waits)).toEqual([
      expect.objectContaining({
        DependsOn: [first],
        Properties: expect.objectContaining({
          Link: '2',
          Links: '3',
          TimeoutSeconds: '3000',
          ServiceTimeout: '3600',
        }) as unknown,
      }),
      expect.objectContaining({
        DependsOn: [second],
        Properties: expect.objectContaining({ Link: '3', Links: '3', TimeoutSeconds: '60' }) as unknown,
      }),
    ]);
    expect([second, third]).toEqual([expect.stringMatching(/^ModelWait2/), expect.stringMatching(/^ModelWait3/)]);
  });

  test('gives every link what it needs to import the model of the first', () => {
    const stack = testStack({ tags: { team: 'ml' } });
    new GptOssImportedModel(stack, 'Model', { timeout: Duration.minutes(60) });

    const [first] = Object.keys(resourcesOf(stack, MODEL));
    const { Properties: model } = theOnly(stack, MODEL);
    expect(theOnly(stack, WAIT).Properties).toEqual({
      ...model,
      Link: '2',
      TimeoutSeconds: '600',
      Owner: first,
      ImportedModelName: { 'Fn::GetAtt': [first, 'ModelName'] },
      JobName: { 'Fn::GetAtt': [first, 'JobName'] },
    });
  });

  test('answers from the last link', () => {
    const stack = testStack();
    const model = new GptOssImportedModel(stack, 'Model', { timeout: Duration.hours(2) });

    expect(stack.resolve(model.modelArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^ModelWait3/), 'ModelArn'] });
  });

  test('takes one link when the timeout is known at deploy time only', () => {
    const stack = testStack();
    const timeout = Duration.seconds(new CfnParameter(stack, 'Timeout', { type: 'Number' }).valueAsNumber);
    new GptOssImportedModel(stack, 'Model', { timeout });

    expect(Object.keys(resourcesOf(stack, WAIT))).toEqual([]);
    expect(theOnly(stack, MODEL).Properties['TimeoutSeconds']).toEqual({ Ref: 'Timeout' });
  });

  test.each([
    ['4 minutes', Duration.minutes(4), "'timeout' must be 5 minutes to 12 hours, got 4 minutes"],
    ['721 minutes', Duration.minutes(721), "'timeout' must be 5 minutes to 12 hours, got 12 hours 1 minute"],
    [
      'half a second',
      Duration.millis(3_000_500),
      "'timeout' must be a whole number of seconds, got 3000.5; round it, for example to Duration.seconds(3001)",
    ],
    [
      'minutes that are known at deploy time only',
      Duration.minutes(Token.asNumber({ Ref: 'Minutes' })),
      "'timeout' must be given in seconds when it is known at deploy time only, got <token> minutes; let the value be seconds and write Duration.seconds(…)",
    ],
  ])('fails for a timeout of %s', (_, timeout, message) => {
    expect(() => new GptOssImportedModel(testStack(), 'Model', { timeout })).toThrow(message);
  });

  test('takes the bounds themselves', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'Short', { timeout: Duration.minutes(5) });
    new GptOssImportedModel(stack, 'Long', { timeout: Duration.hours(12) });

    expect(Object.keys(resourcesOf(stack, WAIT))).toHaveLength(14);
  });
});

describe('what stays', () => {
  test.each([RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])(
    '%s keeps the model of a deleted stack, but no failed or replaced one',
    (removalPolicy) => {
      const stack = testStack();
      new GptOssImportedModel(stack, 'Model', { removalPolicy, timeout: Duration.hours(1) });

      const model = theOnly(stack, MODEL);
      expect(model).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Delete' });
      expect(model.Properties).toMatchObject({ KeepRemoved: 'true' });
      expect(model.Properties).not.toHaveProperty('KeepReplaced');
      const wait = theOnly(stack, WAIT);
      expect(wait.DeletionPolicy).toBeUndefined();
      expect(wait.Properties).toMatchObject({ KeepRemoved: 'true' });
      expect(wait.Properties).not.toHaveProperty('KeepReplaced');
    },
  );

  test('applyRemovalPolicy means the same as the property', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'Model').applyRemovalPolicy(RemovalPolicy.RETAIN);

    expect(theOnly(stack, MODEL)).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Delete',
      Properties: { KeepRemoved: 'true' },
    });
  });

  test('nothing by default, and the handler is told nothing', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'Model', { timeout: Duration.hours(1) });

    for (const { Properties } of [theOnly(stack, MODEL), theOnly(stack, WAIT)]) {
      expect(Properties).not.toHaveProperty('KeepRemoved');
      expect(Properties).not.toHaveProperty('KeepReplaced');
    }
  });

  test('the handler is told on every link when an aspect retains all resources', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'Model', { timeout: Duration.hours(1) });
    RemovalPolicies.of(stack).retain();

    expect(theOnly(stack, MODEL).Properties).toMatchObject({ KeepRemoved: 'true', KeepReplaced: 'true' });
    expect(theOnly(stack, WAIT).Properties).toMatchObject({ KeepRemoved: 'true' });
  });

  test.each<[string, (stack: Stack, model: GptOssImportedModel) => void]>([
    [
      'by hand',
      (_, model) => {
        (model.node.defaultChild as CfnResource).cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
      },
    ],
    [
      'by an aspect',
      (stack) => {
        RemovalPolicies.of(stack).retain();
      },
    ],
  ])('the handler is told when replaced models are retained %s', (_, retain) => {
    const stack = testStack();
    retain(stack, new GptOssImportedModel(stack, 'Model'));

    expect(theOnly(stack, MODEL)).toMatchObject({
      UpdateReplacePolicy: 'Retain',
      Properties: { KeepReplaced: 'true' },
    });
  });

  test('fails for a snapshot, which models do not have', () => {
    expect(() => new GptOssImportedModel(testStack(), 'Model', { removalPolicy: RemovalPolicy.SNAPSHOT })).toThrow(
      "'removalPolicy' SNAPSHOT is given, but imported models have no snapshots; use RETAIN or DESTROY",
    );
  });
});

test('answers with every attribute', () => {
  const stack = testStack();
  const model = new GptOssImportedModel(stack, 'Model');

  const [id] = Object.keys(resourcesOf(stack, MODEL));
  const attribute = (name: string) => ({ 'Fn::GetAtt': [id, name] });
  expect(
    stack.resolve([
      model.modelArn,
      model.modelName,
      model.modelArchitecture,
      model.jobArn,
      model.customModelUnitsPerModelCopy,
      model.customModelUnitsVersion,
    ]),
  ).toEqual([
    attribute('ModelArn'),
    attribute('ModelName'),
    attribute('ModelArchitecture'),
    attribute('JobArn'),
    attribute('CustomModelUnitsPerModelCopy'),
    attribute('CustomModelUnitsVersion'),
  ]);
});

test('two models share one provider, whose role may pass and read for both', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Med');
  new GptOssImportedModel(stack, 'Law');

  const [med, law] = Object.values(resourcesOf(stack, MODEL));
  expect(med?.Properties['ServiceToken']).toEqual(law?.Properties['ServiceToken']);
  for (const name of ['Med', 'Law']) {
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('HandlerRoleDefaultPolicy'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'iam:PassRole',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${name}ImportRole`), 'Arn'] },
          }),
        ]),
      },
    });
  }
});

test('works in a nested stack, with a provider of its own', () => {
  const parent = testStack();
  const nested = new NestedStack(parent, 'Nested');
  const model = new GptOssImportedModel(nested, 'Model');
  expect(model.provider.node.scope).toBe(nested);

  expect(theOnly(nested, MODEL).Properties['ModelName']).toBe('Nested-Model');
});

test('the same app gives the same template, byte for byte, in any folder', () => {
  const synthesised = () => {
    const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
    const app = testApp({}, { outdir });
    const stack = new Stack(app, 'Models', { env: VIRGINIA, tags: { b: '2', a: '1' } });
    new GptOssImportedModel(stack, 'Model', { timeout: Duration.hours(2) });
    app.synth();
    return readFileSync(join(outdir, 'Models.template.json'), 'utf8');
  };

  expect(synthesised()).toBe(synthesised());
});
