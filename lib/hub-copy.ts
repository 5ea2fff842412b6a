import { ArnFormat, CfnResource, Duration, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { Grant, IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  CopyAttributes,
  CopyProperties,
  HUB_COPY_ROOT,
  HUB_COPY_TYPE,
  HUB_COPY_WAIT_TYPE,
  MINUTES_PER_LINK,
} from './contract';
import { explain, explainWildcard } from './explained-findings';
import { GptOssImportProvider } from './gpt-oss-import-provider';
import { handlerCode } from './handler-code';
import { grantLambdaNetworkInterfaces } from './handler-permissions';
import { grantCopiedFiles, grantRemovingCopies } from './hub-copy-permissions';
import { copyStates } from './hub-copy-states';
import { isCommit } from './hub-repository';
import { HubRepairs, HuggingFaceCopyOptions } from './hugging-face-source-options';
import { requireTimeout, secondsOfLinks, SERVICE_TIMEOUT } from './import-links';

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

/** Function, state machine and resource that copy one revision of a Hugging Face repository into S3. */
export class HubCopy extends Construct {
  /** Folder of the copy; known at synth where the revision is a commit. */
  public readonly prefix: string;

  /** Hash of the copy's lock file, known at deploy time. */
  public readonly hash: string;

  constructor(scope: Construct, id: string, props: HubCopyProps) {
    super(scope, id);
    const { repository, revision, bucket } = props;
    const timeout = props.copyTimeout ?? Duration.minutes(MINUTES_PER_LINK);
    requireTimeout(timeout, 'copyTimeout');
    const provider = GptOssImportProvider.getOrCreate(this);
    const copier = copyingFunction(this, provider, props);
    const machine = stateMachine(this, copier, props.concurrency ?? 15);
    grantExecutions(provider.handlerRole, machine, copier);
    if (props.ownsBucket) {
      grantRemovingCopies(provider.handlerRole, bucket);
    }
    const rules = props.repairs ?? HubRepairs.R1;
    const { first, last } = copyLinks(this, timeout, {
      ServiceToken: provider.serviceToken,
      Repository: repository,
      Revision: revision,
      RepairRules: rules,
      Endpoint: props.endpoint,
      TokenSecretArn: props.tokenSecret?.secretArn,
      Bucket: bucket.bucketName,
      BucketOwner: bucket.env.account,
      AcceptedFindings: props.acceptedFindings,
      StateMachineArn: machine.stateMachineArn,
      CopierArn: copier.functionArn,
      RemoveCopies: String(props.ownsBucket),
    });
    first.node.addDependency(machine, copier, provider.handlerRole);
    const answer = (name: keyof CopyAttributes) => Token.asString(last.getAtt(name));
    this.prefix = isCommit(revision) ? `${HUB_COPY_ROOT}${repository}/${revision}-${rules}/` : answer('Prefix');
    this.hash = answer('Hash');
  }
}

function copyingFunction(copy: Construct, provider: GptOssImportProvider, props: HubCopyProps): Function {
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

function stateMachine(copy: Construct, copier: Function, concurrency: number): StateMachine {
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

/** What the provider's handler calls for this copy. */
function grantExecutions(grantee: IRole, machine: StateMachine, copier: Function): void {
  const executions = Stack.of(machine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  Grant.addToPrincipal({
    grantee,
    actions: ['states:StartExecution', 'states:ListExecutions'],
    resourceArns: [machine.stateMachineArn],
  });
  Grant.addToPrincipal({
    grantee,
    actions: ['states:DescribeExecution', 'states:StopExecution'],
    resourceArns: [executions],
  });
  Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [copier.functionArn] });
  explainWildcard(grantee, executions, 'an execution is named after the request that starts it');
}

type SharedProperties = Omit<CopyProperties, 'TimeoutSeconds' | 'Link' | 'Links' | 'Commit' | 'Execution'> & {
  readonly ServiceToken: string;
};

/** The copy's resource, and one more for each further 50 minutes: see `importLinks`. */
function copyLinks(copy: Construct, timeout: Duration, shared: SharedProperties) {
  const all = secondsOfLinks(timeout);
  const properties = (seconds: number, link: number) => ({
    ...shared,
    ServiceTimeout: SERVICE_TIMEOUT,
    TimeoutSeconds: Tokenization.stringifyNumber(seconds),
    Link: String(link),
    Links: String(all.length),
  });
  const first = new CfnResource(copy, 'Resource', { type: HUB_COPY_TYPE, properties: properties(all[0], 1) });
  let last = first;
  for (const [index, seconds] of all.slice(1).entries()) {
    const link = index + 2;
    const commit: keyof CopyAttributes = 'Commit';
    const execution: keyof CopyAttributes = 'Execution';
    const wait = new CfnResource(copy, `Wait${link}`, {
      type: HUB_COPY_WAIT_TYPE,
      properties: { ...properties(seconds, link), Commit: first.getAtt(commit), Execution: first.getAtt(execution) },
    });
    wait.addDependency(last);
    last = wait;
  }
  return { first, last };
}
