import { Grant, IRole } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { HUB_COPY_ROOT } from './contract';
import { explainWildcard } from './explained-findings';
import { keyGrant } from './key-grant';
import { listingOf } from './read-weights';

/** Folder of all copies of a repository. */
export function repositoryFolder(repository: string): string {
  return `${HUB_COPY_ROOT}${repository}/`;
}

/** Lets the copying function write below one repository's folder, read back what it wrote, and give uploads up. */
export function grantCopiedFiles(grantee: IRole, bucket: IBucket, repository: string): void {
  const folder = repositoryFolder(repository);
  const files = bucket.arnForObjects(`${folder}*`);
  grantBelow(grantee, bucket, folder, [
    's3:GetObject',
    's3:PutObject',
    's3:DeleteObject',
    's3:AbortMultipartUpload',
    's3:ListMultipartUploadParts',
  ]);
  // whoever may not list is told 403 of an object that is not there, and a look at one object names no prefix
  Grant.addToPrincipal({
    grantee,
    actions: ['s3:ListBucket'],
    resourceArns: [bucket.bucketArn],
    conditions: ofOwner(bucket),
  });
  if (bucket.encryptionKey) {
    keyGrant(bucket.encryptionKey, grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
  explainWildcard(grantee, files, 'writes the files of one repository, which have any names');
}

/** Lets the provider's handler remove the copies of a bucket that is the construct's own. */
export function grantRemovingCopies(grantee: IRole, bucket: IBucket): void {
  grantBelow(grantee, bucket, HUB_COPY_ROOT, ['s3:DeleteObject', 's3:AbortMultipartUpload']);
  explainWildcard(grantee, bucket.arnForObjects(`${HUB_COPY_ROOT}*`), 'removes copies, whose files have any names');
}

function grantBelow(grantee: IRole, bucket: IBucket, folder: string, actions: string[]): void {
  Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns: [bucket.arnForObjects(`${folder}*`)],
    conditions: ofOwner(bucket),
  });
  Grant.addToPrincipal({
    grantee,
    actions: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
    resourceArns: [bucket.bucketArn],
    conditions: { ...ofOwner(bucket), ...listingOf(folder) },
  });
}

/** Whoever takes over a deleted bucket's name gets nothing. */
function ofOwner(bucket: IBucket): Record<string, Record<string, string>> {
  return { StringEquals: { 'aws:ResourceAccount': bucket.env.account } };
}
