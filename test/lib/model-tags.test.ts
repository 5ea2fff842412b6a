import { CfnParameter, NestedStack, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { GptOssImportedModel } from '../../lib';
import { testApp, testStack, theOnly, VIRGINIA } from './apps';

const tagsOf = (stack: Stack) => theOnly(stack, 'Custom::BedrockImportedModel').Properties['Tags'];

test('there are none by default', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model');

  expect(theOnly(stack, 'Custom::BedrockImportedModel').Properties).not.toHaveProperty('Tags');
});

test('come from app, stack and model, sorted by key', () => {
  const app = testApp();
  const stack = new Stack(app, 'Models', { env: VIRGINIA });
  const model = new GptOssImportedModel(stack, 'Model');
  Tags.of(model).add('use', 'med');
  Tags.of(stack).add('team', 'ml');
  Tags.of(app).add('cost', '42');

  expect(tagsOf(stack)).toEqual([
    { Key: 'cost', Value: '42' },
    { Key: 'team', Value: 'ml' },
    { Key: 'use', Value: 'med' },
  ]);
});

test("include the tags given to the stack as such, which the model's own override", () => {
  const stack = testStack({ tags: { team: 'ml', stage: 'prod' } });
  Tags.of(new GptOssImportedModel(stack, 'Model')).add('stage', 'test');

  expect(tagsOf(stack)).toEqual([
    { Key: 'stage', Value: 'test' },
    { Key: 'team', Value: 'ml' },
  ]);
});

test('include those of the stacks around a nested one', () => {
  const parent = testStack({ tags: { team: 'ml' } });
  const nested = new NestedStack(parent, 'Nested');
  new GptOssImportedModel(nested, 'Model');
  Tags.of(parent).add('cost', '42');

  expect(tagsOf(nested)).toEqual([
    { Key: 'cost', Value: '42' },
    { Key: 'team', Value: 'ml' },
  ]);
});

test('may be kept from imported models by their type', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model');
  Tags.of(stack).add('team', 'ml', { excludeResourceTypes: ['Custom::BedrockImportedModel'] });

  expect(theOnly(stack, 'Custom::BedrockImportedModel').Properties).not.toHaveProperty('Tags');
});

test('can be removed from the model, wherever they come from', () => {
  const stack = testStack({ tags: { department: 'R&D' } });
  const model = new GptOssImportedModel(stack, 'Model');
  Tags.of(stack).add('team', 'ml');
  Tags.of(model).remove('department');
  Tags.of(model).remove('team');

  expect(theOnly(stack, 'Custom::BedrockImportedModel').Properties).not.toHaveProperty('Tags');
});

test('may have values that are known at deploy time only', () => {
  const stack = testStack();
  Tags.of(new GptOssImportedModel(stack, 'Model')).add('team', new CfnParameter(stack, 'Team').valueAsString);

  expect(tagsOf(stack)).toEqual([{ Key: 'team', Value: { Ref: 'Team' } }]);
});

test('fails for a character that Bedrock refuses', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model');
  Tags.of(stack).add('department', 'R&D');

  expect(() => Template.fromStack(stack)).toThrow(
    "[Models/Model] tag 'department' = 'R&D' has a character that Bedrock refuses; use letters, digits, spaces and . _ : / = + @ -, or keep the tag from the model with Tags.of(model).remove('department')",
  );
});

test('may be as long as Bedrock takes them', () => {
  const stack = testStack();
  Tags.of(new GptOssImportedModel(stack, 'Model')).add('k'.repeat(128), 'v'.repeat(256));

  expect(tagsOf(stack)).toHaveLength(1);
});

const REMOVED = 'or keep the tag from the model with Tags.of(model).remove';

test.each([
  [
    'a key that is too long',
    'k'.repeat(129),
    'x',
    `' = 'x' has a key of 129 characters, and Bedrock takes at most 128; shorten it, ${REMOVED}('kkk`,
  ],
  [
    'a value that is too long',
    'team',
    'v'.repeat(257),
    `vvv' has a value of 257 characters, and Bedrock takes at most 256; shorten it, ${REMOVED}('team')`,
  ],
  [
    "the library's own key",
    'cdk-bedrock-gpt-oss:kept',
    'true',
    `[Models/Model] tag 'cdk-bedrock-gpt-oss:kept' = 'true' has a key that begins with 'cdk-bedrock-gpt-oss:', which is reserved; rename it, ${REMOVED}('cdk-bedrock-gpt-oss:kept')`,
  ],
  [
    "AWS's own key",
    'AWS:team',
    'ml',
    `[Models/Model] tag 'AWS:team' = 'ml' has a key that begins with 'aws:', which is reserved; rename it, ${REMOVED}('AWS:team')`,
  ],
])('fails for %s', (_, key, value, message) => {
  const stack = testStack();
  Tags.of(new GptOssImportedModel(stack, 'Model')).add(key, value);

  expect(() => Template.fromStack(stack)).toThrow(message);
});

test('fails for more tags than Bedrock takes beside our own', () => {
  const stack = testStack();
  const model = new GptOssImportedModel(stack, 'Model');
  for (let tag = 1; tag <= 47; tag++) {
    Tags.of(model).add(`tag-${tag}`, 'x');
  }

  expect(() => Template.fromStack(stack)).toThrow(
    "[Models/Model] a model can have at most 46 tags besides the library's own, got 47; remove some",
  );
});
