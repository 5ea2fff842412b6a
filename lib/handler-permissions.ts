import { Stack } from 'aws-cdk-lib';
import { Grant, IRole } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { OWNER_TAGS } from './contract';
import { explainWildcard } from './explained-findings';
import { ImportAccess, MODEL_KEY_ACTIONS } from './import-role';
import { keyGrant } from './key-grant';
import { readWeights } from './read-weights';

/** What the handler calls for any model of its stack. */
export function grantReconciling(provider: IConstruct, grantee: IRole): void {
  const stack = Stack.of(provider);
  const { jobs, models } = bedrockArns(stack);

  Grant.addToPrincipal({
    grantee,
    // these three have no resource level
    resourceArns: ['*'],
    actions: ['bedrock:CreateModelImportJob', 'bedrock:ListModelImportJobs', 'bedrock:ListImportedModels'],
  });
  // ids are random, so no narrower ARN is known beforehand
  Grant.addToPrincipal({ grantee, actions: ['bedrock:GetModelImportJob'], resourceArns: [jobs] });
  Grant.addToPrincipal({ grantee, actions: ['bedrock:GetImportedModel'], resourceArns: [models] });
  Grant.addToPrincipal({
    grantee,
    actions: ['bedrock:DeleteImportedModel'],
    resourceArns: [models],
    conditions: { StringEquals: { [`aws:ResourceTag/${OWNER_TAGS.stack}`]: stack.stackId } },
  });
  Grant.addToPrincipal({
    grantee,
    // a model that an earlier stack of this name left behind carries that stack's id until we have marked it again
    actions: ['bedrock:TagResource', 'bedrock:UntagResource', 'bedrock:ListTagsForResource'],
    resourceArns: [models, jobs],
  });
  Grant.addToPrincipal({
    grantee,
    actions: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResources', 'cloudformation:GetTemplate'],
    resourceArns: [stack.stackId],
  });
}

/** Says why these permissions have wildcards, where the role is ours and its policies hold nothing else. */
export function explainReconciling(provider: IConstruct, role: IRole): void {
  const { jobs, models } = bedrockArns(Stack.of(provider));
  explainWildcard(role, '*', 'CreateModelImportJob, the two Lists and the network interfaces have no resource level');
  explainWildcard(role, jobs, 'the ids of import jobs are random');
  explainWildcard(role, models, 'the ids of imported models are random; only those that carry our tag can be deleted');
}

/** What the handler calls for one model. */
export function grantModel(grantee: IRole, importRole: IRole, access: ImportAccess): void {
  Grant.addToPrincipal({
    grantee,
    actions: ['iam:PassRole'],
    resourceArns: [importRole.roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
  });
  readWeights(grantee, access.weights);
  if (access.modelKey) {
    keyGrant(access.modelKey, grantee, ...MODEL_KEY_ACTIONS);
  }
}

/**
 * What Lambda does in the handler's name in a VPC; creating a function there fails without it. Lambda asks for it on
 * every interface. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function grantLambdaNetworkInterfaces(grantee: IRole): void {
  Grant.addToPrincipal({
    grantee,
    resourceArns: ['*'],
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
  });
}

function bedrockArns(stack: Stack): { jobs: string; models: string } {
  return {
    jobs: stack.formatArn({ service: 'bedrock', resource: 'model-import-job', resourceName: '*' }),
    models: stack.formatArn({ service: 'bedrock', resource: 'imported-model', resourceName: '*' }),
  };
}
