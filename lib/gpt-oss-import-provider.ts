import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { explain, explainWildcard } from './explained-findings';
import { handlerCode } from './handler-code';
import { explainReconciling, grantLambdaNetworkInterfaces, grantReconciling } from './handler-permissions';
import { checkedOptions } from './prop-kinds';

/**
 * Never to change: CloudFormation refuses another service token for a resource that exists ("Modifying service token is
 * not allowed"), and the token is the ARN of a function whose logical id comes from here.
 */
const ID = 'GptOssImportProvider';

const FRAMEWORK = "the CDK's own custom resource framework, the same for all its users";

/** How the functions that import models run. */
export interface GptOssImportProviderProps {
  /**
   * VPC of all the functions. Without a NAT gateway it needs endpoints for Lambda, Step Functions, CloudFormation,
   * Bedrock and S3.
   *
   * @default - the functions run outside any VPC
   */
  readonly vpc?: IVpc;

  /**
   * Subnets of `vpc`.
   *
   * @default - the private subnets of `vpc`
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the functions in `vpc`.
   *
   * @default - a new one for each function
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Log group of all the functions.
   *
   * @default - a new one, which is deleted with the stack
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long the new log group keeps its logs.
   *
   * @default RetentionDays.THREE_MONTHS - 90 days
   */
  readonly logRetention?: RetentionDays;

  /**
   * KMS key that encrypts the functions' environment variables.
   *
   * @default - a key that AWS manages
   */
  readonly environmentEncryption?: IKey;

  /**
   * Role of the function that calls Bedrock; what it needs is added to it. A bucket or key of another account must
   * allow this role as well as the import role.
   *
   * @default - a new one
   */
  readonly handlerRole?: IRole;

  /**
   * Role of the CDK framework's function that CloudFormation calls. It must be able to write logs.
   *
   * @default - a new one
   */
  readonly frameworkOnEventRole?: IRole;

  /**
   * Role of the CDK framework's functions that wait for an import. It must be able to write logs and be another role
   * than `frameworkOnEventRole`.
   *
   * @default - a new one
   */
  readonly frameworkCompleteAndTimeoutRole?: IRole;
}

/**
 * The functions that import models: one provider for each stack, shared by its models, which make it when they need
 * it. Get it before the first model to decide about network, logs, encryption or roles.
 *
 * ```ts
 * GptOssImportProvider.getOrCreate(this, { vpc });
 * new GptOssImportedModel(this, 'Model');
 * ```
 *
 * Configured or not, its parts have the same logical ids, so it can be configured later without touching a model.
 */
export class GptOssImportProvider extends Construct {
  /**
   * The provider of the stack around `scope`, made on the first call.
   *
   * @throws if it exists already and `props` are given: they would come too late
   */
  public static getOrCreate(scope: Construct, props?: GptOssImportProviderProps): GptOssImportProvider {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(ID);
    if (!existing) {
      // eslint-disable-next-line cdk/no-variable-construct-id -- a constant
      return new GptOssImportProvider(stack, ID, checkedOptions('props', props, '{ vpc }'));
    }
    if (!(existing instanceof GptOssImportProvider)) {
      throw new Error(
        `stack '${stack.node.path}' has a '${ID}' of another copy of this library; install one version of cdk-bedrock-gpt-oss only`,
      );
    }
    if (props) {
      throw new Error(
        `the import provider of stack '${stack.node.path}' exists already, so these properties come too late; call GptOssImportProvider.getOrCreate(…) with them once, before the stack's first model`,
      );
    }
    return existing;
  }

  /** What custom resources name to be served by this provider. */
  public readonly serviceToken: string;

  /** Role of the function that calls Bedrock. */
  public readonly handlerRole: IRole;

  /** Where all the functions log. */
  public readonly logGroup: ILogGroup;

  private constructor(scope: Construct, id: string, props: GptOssImportProviderProps) {
    requireConsistent(props);
    super(scope, id);
    this.logGroup = props.logGroup ?? ownLogGroup(this, props.logRetention);
    this.handlerRole = props.handlerRole ?? new Role(this, 'HandlerRole', { assumedBy: lambdaService() });
    this.logGroup.grantWrite(this.handlerRole);
    grantReconciling(this, this.handlerRole);
    if (props.vpc) {
      grantLambdaNetworkInterfaces(this.handlerRole);
    }
    if (!props.handlerRole) {
      explainReconciling(this, this.handlerRole);
    }

    const placement = { vpc: props.vpc, vpcSubnets: props.vpcSubnets, securityGroups: props.securityGroups };
    const handler = new Function(this, 'Handler', {
      ...placement,
      description: 'Imports model weights into Amazon Bedrock for CloudFormation',
      code: handlerCode('imported-model'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      // the handler gives up a poll after 20 s of its own; a function that times out fails the deployment
      timeout: Duration.seconds(60),
      memorySize: 256,
      role: this.handlerRole,
      logGroup: this.logGroup,
      environmentEncryption: props.environmentEncryption,
    });
    const framework = new Provider(this, 'Framework', {
      ...placement,
      onEventHandler: handler,
      isCompleteHandler: handler,
      queryInterval: Duration.seconds(15),
      // a backstop: a link of the chain gives up after 50 minutes, CloudFormation after 60
      totalTimeout: Duration.minutes(55),
      logGroup: this.logGroup,
      providerFunctionEnvEncryption: props.environmentEncryption,
      frameworkOnEventRole: props.frameworkOnEventRole,
      frameworkCompleteAndTimeoutRole: props.frameworkCompleteAndTimeoutRole,
    });
    this.serviceToken = framework.serviceToken;
    explainFramework(framework, handler);
  }
}

function lambdaService(): ServicePrincipal {
  return new ServicePrincipal('lambda.amazonaws.com');
}

function ownLogGroup(provider: Construct, retention = RetentionDays.THREE_MONTHS): LogGroup {
  return new LogGroup(provider, 'LogGroup', { retention, removalPolicy: RemovalPolicy.DESTROY });
}

function requireConsistent(props: GptOssImportProviderProps): void {
  if (props.logGroup && props.logRetention !== undefined) {
    throw new Error(
      `'logRetention' is for the log group that the provider makes, and 'logGroup' is given too; set the retention on that log group`,
    );
  }
  for (const name of ['vpcSubnets', 'securityGroups'] as const) {
    if (props[name] && !props.vpc) {
      throw new Error(`'${name}' needs 'vpc', which is not given; pass the VPC too, or leave '${name}' out`);
    }
  }
  if (props.frameworkOnEventRole && props.frameworkOnEventRole === props.frameworkCompleteAndTimeoutRole) {
    throw new Error(
      `'frameworkOnEventRole' and 'frameworkCompleteAndTimeoutRole' must be two roles, got the same one twice; one role would depend on itself through the waiter`,
    );
  }
}

function explainFramework(framework: Provider, handler: Function): void {
  const managed = (name: string) =>
    `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/${name}]`;
  const logs = `${FRAMEWORK}: it writes logs so; give the framework roles to GptOssImportProvider to change it`;
  explain(framework, {
    [managed('AWSLambdaBasicExecutionRole')]: logs,
    [managed('AWSLambdaVPCAccessExecutionRole')]: logs,
    'AwsSolutions-L1': `${FRAMEWORK}: the CDK chooses its runtime`,
    'AwsSolutions-SF1': `${FRAMEWORK}: its waiter repeats one task, whose function logs what matters`,
    'AwsSolutions-SF2': `${FRAMEWORK}: its waiter repeats one task, so there is nothing to trace`,
  });
  const own = framework.node.findAll().filter((construct) => construct instanceof Function);
  for (const fn of [handler, ...own]) {
    explainWildcard(framework, `${fn.functionArn}:*`, `${FRAMEWORK}: it may invoke any version of its own functions`);
  }
}
