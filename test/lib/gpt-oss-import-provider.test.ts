import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { GptOssImportedModel, GptOssImportProvider, GptOssImportProviderProps } from '../../lib';
import { resourcesOf, statementsOf, testApp, testStack, theOnly, VIRGINIA } from './apps';

const LAMBDA = 'AWS::Lambda::Function';

const lambdaRole = (scope: Construct, id: string) =>
  new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

function vpcOf(stack: Stack): Vpc {
  return new Vpc(stack, 'Vpc', { maxAzs: 1, restrictDefaultSecurityGroup: false });
}

/** Everything that a team may set. */
function everything(stack: Stack): GptOssImportProviderProps {
  const vpc = vpcOf(stack);
  return {
    vpc,
    vpcSubnets: { subnets: vpc.privateSubnets },
    securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
    logGroup: new LogGroup(stack, 'Logs', { removalPolicy: RemovalPolicy.DESTROY }),
    environmentEncryption: new Key(stack, 'Key'),
    handlerRole: lambdaRole(stack, 'HandlerRole'),
    frameworkOnEventRole: lambdaRole(stack, 'OnEventRole'),
    frameworkCompleteAndTimeoutRole: lambdaRole(stack, 'CompleteRole'),
  };
}

test('there is one for each stack, however it is asked for', () => {
  const stack = testStack();
  const provider = GptOssImportProvider.getOrCreate(new Construct(stack, 'Deep'));
  const model = new GptOssImportedModel(stack, 'Model');

  expect(model.provider).toBe(provider);
  expect(GptOssImportProvider.getOrCreate(model)).toBe(provider);
  expect(Object.keys(resourcesOf(stack, LAMBDA))).toHaveLength(4);
});

test('the service token is the same, configured or not: CloudFormation refuses another one', () => {
  const plain = testStack();
  const configured = testStack();
  const token = GptOssImportProvider.getOrCreate(plain).serviceToken;
  const configuredToken = GptOssImportProvider.getOrCreate(configured, everything(configured)).serviceToken;

  expect(configured.resolve(configuredToken)).toEqual(plain.resolve(token));
  // of every release: changing this breaks the update of every stack that exists
  expect(plain.resolve(token)).toEqual({
    'Fn::GetAtt': ['GptOssImportProviderFrameworkframeworkonEventBD7CD147', 'Arn'],
  });
});

test('fails when properties come too late', () => {
  const stack = testStack();
  new GptOssImportedModel(stack, 'Model');

  expect(() => GptOssImportProvider.getOrCreate(stack, { logRetention: RetentionDays.ONE_WEEK })).toThrow(
    "the import provider of stack 'Models' exists already, so these properties come too late; call GptOssImportProvider.getOrCreate(…) with them once, before the stack's first model",
  );
});

test('fails when another copy of the library has made it', () => {
  const stack = testStack();
  new Construct(stack, 'GptOssImportProvider');

  expect(() => new GptOssImportedModel(stack, 'Model')).toThrow(
    "stack 'Models' has a 'GptOssImportProvider' of another copy of this library",
  );
});

test("fails for a model with another stack's provider", () => {
  const app = testApp();
  const provider = GptOssImportProvider.getOrCreate(new Stack(app, 'Providers', { env: VIRGINIA }));

  expect(() => new GptOssImportedModel(new Stack(app, 'Models', { env: VIRGINIA }), 'Model', { provider })).toThrow(
    "'provider' must be of the model's stack 'Models', got that of 'Providers', whose permissions end at its own stack",
  );
});

test("takes the stack's own provider", () => {
  const stack = testStack();
  const provider = GptOssImportProvider.getOrCreate(stack);

  expect(new GptOssImportedModel(stack, 'Model', { provider }).provider).toBe(provider);
});

test('one function is called both for an event and to ask whether it is done', () => {
  const stack = testStack();
  GptOssImportProvider.getOrCreate(stack);

  const functions = Object.entries(resourcesOf(stack, LAMBDA));
  const handlers = functions.filter(([id]) => id.startsWith('GptOssImportProviderHandler'));
  expect(handlers).toHaveLength(1);
  const [handlerId, handler] = handlers[0] ?? [];
  expect(handler?.Properties).toMatchObject({
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 60,
    MemorySize: 256,
  });
  const onEvent = functions.find(([id]) => id.includes('onEvent'))?.[1];
  const arn = { 'Fn::GetAtt': [handlerId, 'Arn'] };
  expect(onEvent?.Properties['Environment']).toMatchObject({
    Variables: { USER_ON_EVENT_FUNCTION_ARN: arn, USER_IS_COMPLETE_FUNCTION_ARN: arn },
  });
});

test('it asks every 15 seconds, for less than an hour', () => {
  const stack = testStack();
  GptOssImportProvider.getOrCreate(stack);

  const definition = JSON.stringify(theOnly(stack, 'AWS::StepFunctions::StateMachine').Properties['DefinitionString']);
  expect(definition).toContain(String.raw`\"IntervalSeconds\":15,\"MaxAttempts\":220,\"BackoffRate\":1`);
});

test('all functions log to one group, for 90 days, which goes with the stack', () => {
  const stack = testStack();
  GptOssImportProvider.getOrCreate(stack);

  const [group] = Object.keys(resourcesOf(stack, 'AWS::Logs::LogGroup'));
  expect(theOnly(stack, 'AWS::Logs::LogGroup')).toMatchObject({
    DeletionPolicy: 'Delete',
    Properties: { RetentionInDays: 90 },
  });
  for (const fn of Object.values(resourcesOf(stack, LAMBDA))) {
    expect(fn.Properties['LoggingConfig']).toMatchObject({ LogGroup: { Ref: group } });
  }
});

test('the log retention can be chosen', () => {
  const stack = testStack();
  GptOssImportProvider.getOrCreate(stack, { logRetention: RetentionDays.ONE_YEAR });

  expect(theOnly(stack, 'AWS::Logs::LogGroup').Properties['RetentionInDays']).toBe(365);
});

test("our function's role has no managed policy", () => {
  const stack = testStack();
  GptOssImportProvider.getOrCreate(stack, { vpc: vpcOf(stack) });

  const roles = Object.entries(resourcesOf(stack, 'AWS::IAM::Role'));
  const own = roles.filter(([id]) => id.startsWith('GptOssImportProviderHandlerRole'));
  expect(own).toHaveLength(1);
  expect(own[0]?.[1].Properties).not.toHaveProperty('ManagedPolicyArns');
});

test('VPC, log group, encryption and roles reach every function', () => {
  const stack = testStack();
  GptOssImportProvider.getOrCreate(stack, everything(stack));

  const functions = Object.entries(resourcesOf(stack, LAMBDA)).filter(([id]) => id.startsWith('GptOss'));
  expect(functions).toHaveLength(4);
  const getAtt = (prefix: string, attribute: string) => ({
    'Fn::GetAtt': [expect.stringMatching(`^${prefix}[0-9A-F]{8}$`), attribute],
  });
  for (const [id, { Properties }] of functions) {
    expect(Properties).toMatchObject({
      VpcConfig: {
        SecurityGroupIds: [getAtt('Group', 'GroupId')],
        SubnetIds: [{ Ref: expect.any(String) as unknown }],
      },
      LoggingConfig: { LogGroup: { Ref: expect.stringMatching(/^Logs/) as unknown } },
      KmsKeyArn: getAtt('Key', 'Arn'),
      Role: getAtt(
        id.includes('Handler') ? 'HandlerRole' : id.includes('onEvent') ? 'OnEventRole' : 'CompleteRole',
        'Arn',
      ),
    });
  }
  const roles = Object.keys(resourcesOf(stack, 'AWS::IAM::Role')).filter((id) => id.startsWith('GptOss'));
  expect(roles).toEqual([expect.stringContaining('waiterstatemachineRole')]);
  expect(statementsOf(stack, 'HandlerRoleDefaultPolicy').flatMap(({ Action }) => Action)).toContain(
    'bedrock:CreateModelImportJob',
  );
});

test.each<[string, (stack: Stack) => GptOssImportProviderProps, string]>([
  [
    'a log group and a retention for it',
    (stack) => ({ logGroup: new LogGroup(stack, 'Logs'), logRetention: RetentionDays.ONE_WEEK }),
    "'logRetention' is for the log group that the provider makes, and 'logGroup' is given too",
  ],
  ['subnets without a VPC', () => ({ vpcSubnets: {} }), "'vpcSubnets' needs 'vpc', which is not given"],
  ['security groups without a VPC', () => ({ securityGroups: [] }), "'securityGroups' needs 'vpc', which is not given"],
  [
    'one role for both sides of the framework',
    (stack) => {
      const role = lambdaRole(stack, 'Role');
      return { frameworkOnEventRole: role, frameworkCompleteAndTimeoutRole: role };
    },
    "'frameworkOnEventRole' and 'frameworkCompleteAndTimeoutRole' must be two roles",
  ],
])('fails for %s', (_, propsOf, message) => {
  const stack = testStack();

  expect(() => GptOssImportProvider.getOrCreate(stack, propsOf(stack))).toThrow(message);
});
