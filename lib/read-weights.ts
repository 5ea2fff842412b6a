import { Stack, Token } from 'aws-cdk-lib';
import { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Dependable, IConstruct, IDependable } from 'constructs';
import { explainWildcard } from './explained-findings';
import { keyGrant } from './key-grant';
import { ModelSourceConfig } from './model-source';

/**
 * Lets somebody list and read one folder of weights, in the account that the bucket is known to belong to: whoever
 * takes over a deleted bucket's name can't feed us a model.
 *
 * The statements go to the reader's role only. A bucket of another account, and its key, need policies of their own.
 */
export function readWeights(grantee: IGrantable, weights: ModelSourceConfig): void {
  const { bucket, readableFolder: prefix = weights.prefix } = weights;
  const ofOwner = { StringEquals: { 'aws:ResourceAccount': bucket.env.account } };
  Grant.addToPrincipal({
    grantee,
    actions: ['s3:GetObject'],
    resourceArns: [bucket.arnForObjects(`${prefix}*`)],
    conditions: ofOwner,
  });
  Grant.addToPrincipal({
    grantee,
    actions: ['s3:ListBucket'],
    resourceArns: [bucket.bucketArn],
    conditions: { ...ofOwner, ...listingOf(prefix) },
  });
  if (bucket.encryptionKey) {
    keyGrant(bucket.encryptionKey, grantee, 'kms:Decrypt');
  }
}

/** Says why reading all files has a wildcard, on a role of ours. */
export function explainReading(role: IRole, weights: ModelSourceConfig): void {
  const files = weights.bucket.arnForObjects(`${weights.readableFolder ?? weights.prefix}*`);
  explainWildcard(role, files, 'reads one folder of weights, whose files have any names');
}

/**
 * Some S3 clients list `med/v3` for the folder `med/v3/`, so both are allowed. A listing of a whole bucket names no
 * prefix at all, which no condition on `s3:prefix` would match.
 */
export function listingOf(prefix: string): Record<string, Record<string, unknown>> {
  if (prefix === '') {
    return {};
  }
  const withoutSlash = Token.isUnresolved(prefix) ? [] : [prefix.slice(0, -1)];
  return { StringLike: { 's3:prefix': [...withoutSlash, `${prefix}*`] } };
}

/**
 * The bucket's policy, when it gets one in this stack, to depend on. Not the bucket: below it are its notifications,
 * whose function may well use the model.
 */
export function ownPolicy(model: IConstruct, bucket: IBucket): IDependable {
  const policy = {};
  Dependable.implement(policy, new PolicyInStack(Stack.of(model), bucket));
  return policy;
}

/** Asked at synth: a policy may be added to the bucket after the model. */
class PolicyInStack extends Dependable {
  constructor(
    private readonly stack: Stack,
    private readonly bucket: IBucket,
  ) {
    super();
  }

  public override get dependencyRoots(): IConstruct[] {
    const { policy } = this.bucket;
    return policy && Stack.of(policy) === this.stack ? [policy] : [];
  }
}
