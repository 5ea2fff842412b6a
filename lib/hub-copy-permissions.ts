import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { HUB_COPY_ROOT } from './contract';
import { explainWildcard } from './explained-findings';
import { keyGrant } from './key-grant';
import { listingOf } from './read-weights';

/** Folder of all copies of a repository. */
export function repositoryFolder(repository: string): string {
  return `${HUB_COPY_ROOT}${repository}/`;
}

/** Lets the copying function write below one repository's folder, read back what it wrote, and give uploads up. */
export function grantCopiedFiles(role: IRole, bucket: IBucket, repository: string): void {
  const files = bucket.arnForObjects(`${repositoryFolder(repository)}*`);
  const statements = [
    inBucket(bucket, files, [
      's3:GetObject',
      's3:PutObject',
      's3:DeleteObject',
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
    ]),
    // whoever may not list is told 403 of an object that is not there, and a look at one object names no prefix
    inBucket(bucket, bucket.bucketArn, ['s3:ListBucket', 's3:ListBucketMultipartUploads']),
  ];
  for (const statement of statements) {
    role.addToPrincipalPolicy(statement);
  }
  if (bucket.encryptionKey) {
    keyGrant(bucket.encryptionKey, role, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
  explainWildcard(role, files, 'writes the files of one repository, which have any names');
}

/**
 * What the provider's handler calls for a copy. A policy of its own, which the copy's resource depends on: in the role's
 * shared one these rights would be gone before the resource's Delete comes.
 */
export function handlerPolicy(
  copy: Construct,
  role: IRole,
  { machine, copier, resolves }: { machine: StateMachine; copier: IFunction; resolves: boolean },
): Policy {
  const executions = Stack.of(machine).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const policy = new Policy(copy, 'HandlerPolicy', {
    roles: [role],
    statements: [
      allow(['states:StartExecution', 'states:ListExecutions'], machine.stateMachineArn),
      allow(['states:DescribeExecution', 'states:StopExecution'], executions),
      // a commit needs nobody to look it up
      ...(resolves ? [allow(['lambda:InvokeFunction'], copier.functionArn)] : []),
    ],
  });
  explainWildcard(policy, executions, 'an execution is named after the request that starts it');
  return policy;
}

/** Lets the provider's handler give up what a stopped execution left, and remove copies from a bucket of the construct's own. */
export function removalPolicy(
  copy: Construct,
  role: IRole,
  { bucket, ownsBucket, repository }: { bucket: IBucket; ownsBucket: boolean; repository: string },
): Policy {
  const folder = ownsBucket ? HUB_COPY_ROOT : repositoryFolder(repository);
  const files = bucket.arnForObjects(`${folder}*`);
  const listing = inBucket(bucket, bucket.bucketArn, ['s3:ListBucket']);
  listing.addConditions(listingOf(folder));
  const policy = new Policy(copy, 'RemovalPolicy', {
    roles: [role],
    statements: [
      inBucket(bucket, files, ['s3:AbortMultipartUpload', ...(ownsBucket ? ['s3:DeleteObject'] : [])]),
      // knows no condition on a prefix
      inBucket(bucket, bucket.bucketArn, ['s3:ListBucketMultipartUploads']),
      listing,
    ],
  });
  explainWildcard(policy, files, 'gives up and removes copies, whose files have any names');
  return policy;
}

/** In the account that the bucket is known to belong to: whoever takes over a deleted bucket's name gets nothing. */
function inBucket(bucket: IBucket, resource: string, actions: string[]): PolicyStatement {
  const statement = allow(actions, resource);
  statement.addCondition('StringEquals', { 'aws:ResourceAccount': bucket.env.account });
  return statement;
}

function allow(actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource] });
}
