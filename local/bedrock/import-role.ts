import { decide } from './policy';
import type { Bucket, Role } from './ports';

/** Where an import job reads: `prefix` is empty or ends in '/'. */
export interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

/** Whether Bedrock may assume the role for this job: its trust policy must let it, conditions included. */
export function trustsBedrock(role: Role, jobArn: string, account: string): boolean {
  const context = { 'aws:SourceArn': jobArn, 'aws:SourceAccount': account, 'aws:SecureTransport': 'true' };
  const principal = { service: 'bedrock.amazonaws.com' };
  return decide([role.trust], { action: 'sts:AssumeRole', principal, context }) === 'allowed';
}

/** The first thing that the role may not do with these objects, as S3 would word it; undefined when it may read all. */
export function readProblem(role: Role, bucket: Bucket, place: Place, keys: readonly string[]): string | undefined {
  const context = { 'aws:ResourceAccount': bucket.owner, 'aws:SecureTransport': 'true', 'aws:PrincipalArn': role.arn };
  const arn = `arn:aws:s3:::${place.bucket}`;
  const accesses = [
    { action: 's3:ListBucket', resource: arn, context: { ...context, 's3:prefix': place.prefix } },
    ...keys.map((key) => ({ action: 's3:GetObject', resource: `${arn}/${key}`, context })),
  ];
  const refused = accesses.find((access) => {
    const byRole = decide(role.policies, access);
    const byBucket = bucket.policy
      ? decide([bucket.policy], { ...access, principal: { arn: role.arn } })
      : 'not mentioned';
    return !mayUse(byRole, byBucket, role.arn.split(':')[4] === bucket.owner);
  });
  return refused && `${role.arn} is not authorized to perform ${refused.action} on ${refused.resource}`;
}

/** Within an account either policy suffices; across accounts both must allow. */
function mayUse(byRole: string, byBucket: string, sameAccount: boolean): boolean {
  if (byRole === 'denied' || byBucket === 'denied') return false;
  if (sameAccount) return byRole === 'allowed' || byBucket === 'allowed';
  return byRole === 'allowed' && byBucket === 'allowed';
}
