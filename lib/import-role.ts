import { Stack, Token } from 'aws-cdk-lib';
import { Grant, IGrantable, IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { explainWildcard } from './explained-findings';
import { ImportNetwork } from './import-network';
import { keyGrant } from './key-grant';
import { ModelSourceConfig } from './model-source';
import { explainReading, readWeights } from './read-weights';

/**
 * The principal whose CreateGrant counts is not documented clearly, the job's caller or its role: both get all four.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-using-cmk.html
 */
export const MODEL_KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey', 'kms:CreateGrant'];

/** What an import job touches. */
export interface ImportAccess {
  readonly weights: ModelSourceConfig;
  readonly modelKey?: IKey;
  readonly network?: ImportNetwork;
}

/** A role that only import jobs of this account and Region can assume, or the given one. */
export function importRole(model: Construct, given?: IRole): IRole {
  if (given) {
    requireOwnAccount(model, given);
    return given;
  }
  return new Role(model, 'ImportRole', {
    description: `Lets Bedrock import ${model.node.path}`.slice(0, 1000),
    assumedBy: new ServicePrincipal('bedrock.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Stack.of(model).account },
        ArnLike: { 'aws:SourceArn': importJobArns(model) },
      },
    }),
  });
}

/** Lets the role read the weights, encrypt the model, and work in the network, and nothing else. */
export function grantImport(model: IConstruct, role: IGrantable, access: ImportAccess): void {
  const { weights, modelKey, network } = access;
  readWeights(role, weights);
  if (weights.bucket.encryptionKey) {
    keyGrant(weights.bucket.encryptionKey, role, 'kms:DescribeKey');
  }
  if (modelKey) {
    keyGrant(modelKey, role, ...MODEL_KEY_ACTIONS);
  }
  if (network) {
    grantNetworkInterfaces(model, role, network);
  }
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-custom-model-import.html */
function grantNetworkInterfaces(model: IConstruct, grantee: IGrantable, network: ImportNetwork): void {
  const ec2Arn = (resource: string, resourceName: string) =>
    Stack.of(model).formatArn({ service: 'ec2', resource, resourceName });
  const interfaces = networkInterfaceArns(model);
  const subnets = network.subnetIds.map((id) => ec2Arn('subnet', id));
  const groups = network.securityGroupIds.map((id) => ec2Arn('security-group', id));

  Grant.addToPrincipal({
    grantee,
    // EC2's Describe calls have no resource level
    resourceArns: ['*'],
    actions: ['NetworkInterfaces', 'Vpcs', 'DhcpOptions', 'Subnets', 'SecurityGroups'].map((x) => `ec2:Describe${x}`),
  });
  Grant.addToPrincipal({
    grantee,
    resourceArns: [interfaces],
    actions: ['ec2:CreateNetworkInterface'],
    conditions: {
      StringEquals: { 'aws:RequestTag/BedrockManaged': 'true' },
      ArnLike: { 'aws:RequestTag/BedrockModelImportJobArn': importJobArns(model) },
    },
  });
  Grant.addToPrincipal({
    grantee,
    resourceArns: [...subnets, ...groups],
    actions: ['ec2:CreateNetworkInterface'],
  });
  Grant.addToPrincipal({
    grantee,
    // bounded by the conditions: an interface that Bedrock made for an import job, in these subnets
    resourceArns: ['*'],
    actions: [
      'ec2:CreateNetworkInterfacePermission',
      'ec2:DeleteNetworkInterface',
      'ec2:DeleteNetworkInterfacePermission',
    ],
    conditions: {
      StringEquals: { 'ec2:ResourceTag/BedrockManaged': 'true' },
      ArnLike: { 'ec2:Subnet': subnets, 'ec2:ResourceTag/BedrockModelImportJobArn': importJobArns(model) },
    },
  });
  Grant.addToPrincipal({
    grantee,
    resourceArns: [interfaces],
    actions: ['ec2:CreateTags'],
    conditions: {
      StringEquals: { 'ec2:CreateAction': 'CreateNetworkInterface' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['BedrockManaged', 'BedrockModelImportJobArn'] },
    },
  });
}

/** Says why `grantImport` has wildcards, on a role of ours. */
export function explainImport(model: IConstruct, role: IRole, access: ImportAccess): void {
  explainReading(role, access.weights);
  if (access.network) {
    explainWildcard(
      role,
      '*',
      "EC2's Describe calls have no resource level; the others are bound to Bedrock's own tags",
    );
    explainWildcard(
      role,
      networkInterfaceArns(model),
      "the ids of network interfaces are random; bound to Bedrock's tags",
    );
  }
}

function networkInterfaceArns(model: IConstruct): string {
  return Stack.of(model).formatArn({ service: 'ec2', resource: 'network-interface', resourceName: '*' });
}

function importJobArns(model: IConstruct): string {
  return Stack.of(model).formatArn({ service: 'bedrock', resource: 'model-import-job', resourceName: '*' });
}

function requireOwnAccount(model: IConstruct, role: IRole): void {
  const here = Stack.of(model).account;
  const there = role.env.account;
  if (!Token.isUnresolved(here) && !Token.isUnresolved(there) && here !== there) {
    throw new Error(
      `'importRole' must be a role of the stack's account ${here}, got one of ${there}; a role can be passed to Bedrock in its own account only`,
    );
  }
}
