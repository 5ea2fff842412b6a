import {
  Annotations as CdkAnnotations,
  App,
  CfnOutput,
  CfnParameter,
  Duration,
  NestedStack,
  ReferenceStrength,
  Stack,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, AnyPrincipal, Grant, IGrantable, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { GptOssImportedModel } from '../../lib';
import { ACCOUNT, OTHER_ACCOUNT, resourcesOf, statementsOf, testApp, testStack, theOnly, VIRGINIA } from './apps';

const MODEL_ARN = `arn:aws:bedrock:us-east-1:${ACCOUNT}:imported-model/abcdef123456`;
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const CROSS_STACK = Match.stringLikeRegexp('becomes an export');

const lambdaRole = (stack: Stack) =>
  new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

/** Two stacks of one app, the model's and a reader's. */
function twoStacks(context: Record<string, unknown> = {}): { app: App; models: Stack; readers: Stack } {
  const app = testApp(context);
  return {
    app,
    models: new Stack(app, 'Models', { env: VIRGINIA }),
    readers: new Stack(app, 'Readers', { env: VIRGINIA }),
  };
}

describe('letting somebody invoke a model', () => {
  test('allows both ways to invoke, on exactly its ARN', () => {
    const stack = testStack();
    const model = new GptOssImportedModel(stack, 'Model');
    const grant = model.grantInvoke(lambdaRole(stack));

    expect(grant.success).toBe(true);
    expect(statementsOf(stack, 'Caller')).toEqual([
      { Effect: 'Allow', Action: INVOKE, Resource: stack.resolve(model.modelArn) as unknown },
    ]);
  });

  test('allows decryption when the model has a key', () => {
    const stack = testStack();
    const modelKey = Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-east-1:${ACCOUNT}:key/model`);
    new GptOssImportedModel(stack, 'Model', { modelKey }).grantInvoke(lambdaRole(stack));

    expect(statementsOf(stack, 'Caller')[1]).toEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: modelKey.keyArn,
    });
  });

  test.each<[string, (stack: Stack) => IGrantable]>([
    ['a role', (stack) => Role.fromRoleArn(stack, 'Other', `arn:aws:iam::${OTHER_ACCOUNT}:role/Caller`)],
    ['a user', (stack) => User.fromUserArn(stack, 'Other', `arn:aws:iam::${OTHER_ACCOUNT}:user/caller`)],
    ['a whole account', () => new AccountPrincipal(OTHER_ACCOUNT)],
  ])('fails for %s of another account, which must assume a role here', (_, granteeOf) => {
    const stack = testStack();
    const model = new GptOssImportedModel(stack, 'Model');

    expect(() => model.grantInvoke(granteeOf(stack))).toThrow(
      `'grantee' of grantInvoke on Models/Model is of account ${OTHER_ACCOUNT} and the model of ${ACCOUNT}, and imported models have no resource policy; make a role in ${ACCOUNT} that may invoke the model, and let the grantee assume it`,
    );
  });

  test.each<[string, IGrantable]>([
    ['a service', new ServicePrincipal('events.amazonaws.com')],
    ['everybody', new AnyPrincipal()],
  ])("fails for %s, which can't take a policy", (_, grantee) => {
    const model = new GptOssImportedModel(testStack(), 'Model');

    expect(() => model.grantInvoke(grantee)).toThrow(
      "'grantee' of grantInvoke on Models/Model can't take a policy, and imported models have no resource policy",
    );
  });

  test('lets accounts through that are known at deploy time only', () => {
    const stack = new Stack(testApp(), 'Models');
    const grantee = Role.fromRoleArn(stack, 'Other', `arn:aws:iam::${OTHER_ACCOUNT}:role/Caller`);

    expect(new GptOssImportedModel(stack, 'Model').grantInvoke(grantee)).toBeInstanceOf(Grant);
  });
});

describe('referring to a model', () => {
  test('by its ARN lets others invoke it, and makes nothing', () => {
    const stack = testStack();
    const model = GptOssImportedModel.fromModelArn(stack, 'Model', MODEL_ARN);
    model.grantInvoke(lambdaRole(stack));

    expect(model.modelArn).toBe(MODEL_ARN);
    expect(statementsOf(stack, 'Caller')).toEqual([{ Effect: 'Allow', Action: INVOKE, Resource: MODEL_ARN }]);
    expect(Object.keys(resourcesOf(stack))).toHaveLength(2);
  });

  test('with its key lets others decrypt', () => {
    const stack = testStack();
    const modelKey = Key.fromKeyArn(stack, 'Key', `arn:aws:kms:us-east-1:${ACCOUNT}:key/model`);
    GptOssImportedModel.fromModelAttributes(stack, 'Model', { modelArn: MODEL_ARN, modelKey }).grantInvoke(
      lambdaRole(stack),
    );

    expect(statementsOf(stack, 'Caller').map(({ Action }) => Action)).toEqual([INVOKE, 'kms:Decrypt']);
  });

  test("of another account fails to let this account's roles invoke it", () => {
    const stack = testStack();
    const model = GptOssImportedModel.fromModelArn(stack, 'Model', MODEL_ARN.replace(ACCOUNT, OTHER_ACCOUNT));

    expect(() => model.grantInvoke(lambdaRole(stack))).toThrow('imported models have no resource policy');
  });

  test.each([
    'gpt-oss-20b',
    'arn:aws:bedrock:us-east-1::foundation-model/openai.gpt-oss-20b-1:0',
    `arn:aws:bedrock:us-east-1:${ACCOUNT}:custom-model/abcdef123456`,
    `arn:aws:bedrock:us-east-1:${ACCOUNT}:imported-model/`,
    `arn:aws:s3:us-east-1:${ACCOUNT}:imported-model/abcdef123456`,
  ])('fails for %s, which is not an imported model', (modelArn) => {
    expect(() => GptOssImportedModel.fromModelArn(testStack(), 'Model', modelArn)).toThrow(
      `'modelArn' must be the ARN of an imported model, got '${modelArn}'`,
    );
  });

  test('lets an ARN through that is known at deploy time only', () => {
    const stack = testStack();
    const { valueAsString } = new CfnParameter(stack, 'Arn');

    expect(GptOssImportedModel.fromModelArn(stack, 'Model', valueAsString).modelArn).toBe(valueAsString);
  });
});

describe('between stacks', () => {
  test('the ARN travels by a parameter that is read at deploy time, without export or warning', () => {
    const { models, readers } = twoStacks();
    const published = new GptOssImportedModel(models, 'Model').publish('/ml/med');
    GptOssImportedModel.fromParameter(readers, 'Model', '/ml/med').grantInvoke(lambdaRole(readers));

    expect(published).toBeInstanceOf(StringParameter);
    expect(theOnly(models, 'AWS::SSM::Parameter').Properties).toMatchObject({
      Name: '/ml/med',
      Type: 'String',
      Value: { 'Fn::GetAtt': [expect.stringMatching(/^Model/), 'ModelArn'] },
    });
    const [[parameter, definition] = []] = Object.entries(Template.fromStack(readers).findParameters('*')).filter(
      ([, { Default }]) => Default === '/ml/med',
    );
    expect(definition).toEqual({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/ml/med' });
    expect(statementsOf(readers, 'Caller')[0]?.Resource).toEqual({ Ref: parameter });
    expect(Template.fromStack(models).findOutputs('*')).toEqual({});
    expect(Annotations.fromStack(models).findWarning('*', CROSS_STACK)).toEqual([]);
  });

  test('fails to publish a model twice', () => {
    const model = new GptOssImportedModel(testStack(), 'Model');
    model.publish('/ml/med');

    expect(() => model.publish('/ml/law')).toThrow("Models/Model is published already, got a second name '/ml/law'");
  });

  test.each([Duration.minutes(50), Duration.hours(2)])('using the ARN itself works, with a warning (%s)', (timeout) => {
    const { models, readers } = twoStacks();
    const model = new GptOssImportedModel(models, 'Model', { timeout });
    model.grantInvoke(lambdaRole(readers));

    expect(statementsOf(readers, 'Caller')[0]?.Resource).toEqual({
      'Fn::ImportValue': expect.stringMatching(/^Models:ExportsOutputFnGetAtt.*ModelArn/) as unknown,
    });
    const [warning, ...others] = Annotations.fromStack(models).findWarning('*', CROSS_STACK);
    expect(others).toEqual([]);
    expect(warning?.entry.data).toContain("'modelArn' of Models/Model is used in stack 'Readers'");
    expect(warning?.entry.data).toContain("Write model.publish('/my/model') here");
  });

  test('the warning can be acknowledged on the model', () => {
    const { models, readers } = twoStacks();
    const model = new GptOssImportedModel(models, 'Model');
    new CfnOutput(readers, 'Arn', { value: model.modelArn });
    CdkAnnotations.of(model).acknowledgeWarning('cdk-bedrock-gpt-oss:crossStackReference', 'never a new version');

    expect(Annotations.fromStack(models).findWarning('*', CROSS_STACK)).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, (model: GptOssImportedModel) => void]>([
    ['by context', { '@aws-cdk/core:defaultCrossStackReferences': 'weak' }, () => undefined],
    [
      'on the model',
      {},
      (model) => {
        model.applyCrossStackReferenceStrength(ReferenceStrength.WEAK);
      },
    ],
  ])('weak references make no export, so there is no warning: %s', (_, context, weaken) => {
    const { models, readers } = twoStacks(context);
    const model = new GptOssImportedModel(models, 'Model', { timeout: Duration.hours(2) });
    weaken(model);
    new CfnOutput(readers, 'Arn', { value: model.modelArn });

    expect(JSON.stringify(Template.fromStack(readers).toJSON())).toContain('Fn::GetStackOutput');
    expect(Annotations.fromStack(models).findWarning('*', CROSS_STACK)).toEqual([]);
  });

  test('nested stacks of one tree update together, so there is no warning', () => {
    const stack = testStack();
    const model = new GptOssImportedModel(new NestedStack(stack, 'Models'), 'Model');
    new CfnOutput(stack, 'Arn', { value: model.modelArn });
    new CfnOutput(new NestedStack(stack, 'Readers'), 'Arn', { value: model.modelArn });

    Template.fromStack(stack).hasOutput('Arn', Match.anyValue());
    expect(Annotations.fromStack(stack).findWarning('*', CROSS_STACK)).toEqual([]);
  });

  test('an export by hand works as with other attributes', () => {
    const stack = testStack();
    const model = new GptOssImportedModel(stack, 'Model');
    stack.exportValue(model.modelArn);

    const outputs = Object.values(Template.fromStack(stack).findOutputs('*'));
    expect(outputs).toEqual([
      { Value: stack.resolve(model.modelArn) as unknown, Export: expect.anything() as unknown },
    ]);
  });
});
