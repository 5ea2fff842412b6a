import { Duration, Stack } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { explain, explainWildcard } from './explained-findings';
import { GptOssImportProvider } from './gpt-oss-import-provider';
import { handlerCode } from './handler-code';
import { grantLambdaNetworkInterfaces } from './handler-permissions';
import { grantCopiedFiles } from './hub-copy-permissions';
import { copyStates } from './hub-copy-states';
import { HuggingFaceCopyOptions } from './hugging-face-source-options';

/** One full processor: hashing takes as much of it as the network gives bytes. */
const MEMORY_MB = 1769;

/** What is copied where. */
export interface HubCopyProps extends HuggingFaceCopyOptions {
  /** As in `openai/gpt-oss-20b`. */
  readonly repository: string;
  /** Commit, tag or branch. */
  readonly revision: string;
  /** Where the copy goes. */
  readonly bucket: IBucket;
  /** Whether nobody else copies to the bucket. */
  readonly ownsBucket: boolean;
}

/** The one function of the state machine. */
export function copyingFunction(copy: Construct, provider: GptOssImportProvider, props: HubCopyProps): Function {
  const role = new Role(copy, 'CopierRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  provider.logGroup.grantWrite(role);
  grantCopiedFiles(role, props.bucket, props.repository);
  props.tokenSecret?.grantRead(role);
  if (props.copyVpc) {
    grantLambdaNetworkInterfaces(role);
    explainWildcard(role, '*', 'the network interfaces of functions have no resource level');
  }
  return new Function(copy, 'Copier', {
    description: `Copies files of hf://${props.repository} into S3`,
    code: handlerCode('hub-copier'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.minutes(15),
    memorySize: MEMORY_MB,
    role,
    logGroup: provider.logGroup,
    vpc: props.copyVpc,
    vpcSubnets: props.copyVpcSubnets,
    securityGroups: props.copySecurityGroups,
  });
}

/** The state machine that fans a copy out over its files. */
export function stateMachine(copy: Construct, copier: Function, concurrency: number): StateMachine {
  const role = new Role(copy, 'StatesRole', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  const machine = new StateMachine(copy, 'States', {
    definitionBody: DefinitionBody.fromString(Stack.of(copy).toJsonString(copyStates(copier.functionArn, concurrency))),
    role,
  });
  const mayInvoke = Grant.addToPrincipal({
    grantee: role,
    actions: ['lambda:InvokeFunction'],
    resourceArns: [copier.functionArn],
  });
  mayInvoke.applyBefore(machine);
  explain(machine, {
    'AwsSolutions-SF1': "the function logs every file's progress, and the execution's history holds the rest",
    'AwsSolutions-SF2': 'one function after the other: there is nothing to trace',
  });
  return machine;
}
