import { App, CfnParameter, Environment, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { GptOssImportedModel } from '../../lib';
import { OTHER_ACCOUNT, testApp, testStack, theOnly, VIRGINIA } from './apps';

const nameOf = (stack: Stack) => theOnly(stack, 'Custom::BedrockImportedModel').Properties['ModelName'];

test.each(['med', 'gpt-oss-20b_v1', 'A1', 'x'.repeat(43)])('takes %s', (modelName) => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model', { modelName });

  expect(nameOf(stack)).toBe(modelName);
});

test('lets a name through that is known at deploy time only', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model', { modelName: new CfnParameter(stack, 'Name').valueAsString });

  expect(nameOf(stack)).toEqual({ Ref: 'Name' });
});

test.each([
  ['gpt-oss-20b-v1.0', "got 'gpt-oss-20b-v1.0'; did you mean 'gpt-oss-20b-v1-0'?"],
  ['a--b', "got 'a--b'; did you mean 'a-b'?"],
  ['-a_', "got '-a_'; did you mean 'a'?"],
  ['my model', "got 'my model'; did you mean 'my-model'?"],
  ['', "with single '-' or '_' between them and no dots, got ''"],
  ['x'.repeat(44), "'modelName' must have at most 43 characters (a hash is added to it), got 44 in 'xxx"],
])('fails for %j', (modelName, message) => {
  expect(() => new GptOssImportedModel(testStack(), 'Model', { modelName })).toThrow(message);
});

test('answers at once for a long hostile name', () => {
  const modelName = `${'a-'.repeat(50_000)}!`;

  expect(() => new GptOssImportedModel(testStack(), 'Model', { modelName })).toThrow('at most 43 characters');
});

test('is made of stage, stack and path when none is given, valid and short', () => {
  const stage = new Stage(new App({ context: { 'aws:cdk:disable-asset-staging': true } }), 'Prod', { env: VIRGINIA });
  const stack = new Stack(stage, 'Models');
  const medical = new Construct(stack, 'Medical_and.other--knowledge');
  new GptOssImportedModel(medical, 'A model with a long name');

  expect(nameOf(stack)).toBe('Prod-Models-Medical-and-other-knowledge-A-m');
});

describe('a name that two models were given', () => {
  const named = (scope: Construct, id: string, modelName: string | undefined = 'med') =>
    new GptOssImportedModel(scope, id, { modelName });
  const twoStacks = (env: Environment | undefined, other: Environment | undefined, modelName?: string) => {
    const app = testApp({ 'cdk-bedrock-gpt-oss:regions': ['us-east-1', 'us-west-2'] });
    named(new Stack(app, 'One', { env }), 'Model', modelName);
    named(new Stack(app, 'Other', { env: other }), 'Model', modelName);
    return () => app.synth();
  };

  test('fails in one stack, once', () => {
    const stack = testStack();
    named(stack, 'Blue');
    named(stack, 'Green');
    expect(() => Template.fromStack(stack)).toThrow(
      /^Validation failed.*\n.*\[Models\/Green\] 'modelName' 'med' is that of Models\/Blue in the same account and Region, too[^[]*$/,
    );
  });

  test('fails in a stack that knows neither account nor Region, and in one that is nested in it', () => {
    const stack = new Stack(testApp(), 'Models');
    named(stack, 'Model');
    named(new NestedStack(stack, 'Nested'), 'Model');
    expect(() => Template.fromStack(stack)).toThrow("'modelName' 'med' is that of Models/Model");
  });

  test('fails in two stacks of one account and Region', () => {
    expect(twoStacks(VIRGINIA, VIRGINIA)).toThrow("'modelName' 'med' is that of One/Model");
  });

  test.each<[string, Environment | undefined, Environment | undefined]>([
    ['of two Regions', VIRGINIA, { ...VIRGINIA, region: 'us-west-2' }],
    ['of two accounts', VIRGINIA, { ...VIRGINIA, account: OTHER_ACCOUNT }],
    ['that nobody knows the places of', undefined, undefined],
    ['of which one has no place yet', VIRGINIA, undefined],
  ])('is let through in stacks %s', (_, env, other) => {
    expect(twoStacks(env, other)).not.toThrow();
  });

  test('is let through when it is known at deploy time only', () => {
    const stack = testStack();
    const { valueAsString } = new CfnParameter(stack, 'Name');
    named(stack, 'Blue', valueAsString);
    named(stack, 'Green', valueAsString);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('is no matter of names that were made of a path', () => {
    const stack = testStack();
    new GptOssImportedModel(stack, 'a-b');
    new GptOssImportedModel(stack, 'a_b');
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});
