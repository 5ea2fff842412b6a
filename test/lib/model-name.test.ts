import { App, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { GptOssImportedModel } from '../../lib';
import { testStack, theOnly, VIRGINIA } from './apps';

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
