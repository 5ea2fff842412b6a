import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { AccountPrincipal, IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { checkedOptions } from './prop-kinds';
import { listingOf } from './read-weights';
import { requirePrefix } from './weights-prefix';

/** Long enough to resume the 65 GB upload of gpt-oss-120b after a weekend; parts are billed and no listing shows them. */
const DAYS_TO_RESUME_AN_UPLOAD = 7;

/** How a bucket for weights differs from the default. */
export interface WeightsBucketProps {
  /**
   * Name of the bucket. Bedrock needs it in the import's Region.
   *
   * @default - CloudFormation makes one
   */
  readonly bucketName?: string;

  /**
   * KMS key that encrypts the weights. Bedrock's import role and the import handler are given the right to decrypt with
   * it. An imported key's policy is its owner's to write: it must let policies of this account decide, as KMS's default
   * policy does, and name the `readerAccounts` itself.
   *
   * @default - encrypted with keys that S3 manages (SSE-S3)
   */
  readonly encryptionKey?: IKey;

  /**
   * Keep the old bytes of an object that is overwritten or deleted. They are billed until somebody removes them, and
   * the weights of gpt-oss-20b are 14 to 42 GB.
   *
   * @default false
   */
  readonly versioned?: boolean;

  /**
   * Other accounts that may read the weights, for `bedrock-gpt-oss copy` into buckets of theirs: their administrators
   * give the right on to roles of their own. They may decrypt with `encryptionKey`, too, where the key is made in this
   * app; see there for an imported one. 12 digits each, in a list that is known at synth.
   *
   * @default - none
   */
  readonly readerAccounts?: string[];

  /**
   * Folder that `readerAccounts` may read, such as `med/`.
   *
   * @default - the whole bucket
   */
  readonly readerPrefix?: string;

  /**
   * What happens to the bucket when its stack goes. CloudFormation refuses to delete a bucket that isn't empty.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Bucket that receives this one's server access logs.
   *
   * @default - no server access logs
   */
  readonly serverAccessLogsBucket?: IBucket;

  /**
   * Where in `serverAccessLogsBucket` the logs go.
   *
   * @default - at its root
   */
  readonly serverAccessLogsPrefix?: string;
}

/**
 * A bucket for model weights: no public access, TLS only, encrypted, incomplete uploads removed after seven days,
 * retained when its stack goes.
 *
 * `ModelSource.upload()` makes one. Make it yourself, perhaps in a stack of its own, to share it between models or to
 * keep the weights apart from what is deployed.
 */
export class WeightsBucket extends Bucket {
  constructor(scope: Construct, id: string, props?: WeightsBucketProps) {
    const given = checkedOptions('props', props, '{ versioned: true }');
    const readers = readerAccounts(given);
    super(scope, id, {
      bucketName: given.bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: given.encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      encryptionKey: given.encryptionKey,
      bucketKeyEnabled: given.encryptionKey ? true : undefined,
      versioned: given.versioned ?? false,
      removalPolicy: given.removalPolicy ?? RemovalPolicy.RETAIN,
      serverAccessLogsBucket: given.serverAccessLogsBucket,
      serverAccessLogsPrefix: given.serverAccessLogsPrefix,
      lifecycleRules: [
        {
          id: 'AbortIncompleteUploads',
          abortIncompleteMultipartUploadAfter: Duration.days(DAYS_TO_RESUME_AN_UPLOAD),
        },
      ],
    });
    for (const account of readers) {
      const reader = new AccountPrincipal(account);
      grantFolder(this, reader, given.readerPrefix ?? '');
      given.encryptionKey?.grantDecrypt(reader);
    }
  }
}

function readerAccounts(props: WeightsBucketProps): readonly string[] {
  const accounts = props.readerAccounts ?? [];
  if (Token.isUnresolved(accounts)) {
    throw new Error(
      `'readerAccounts' is a list that is known at deploy time only, and each account gets statements of its own; write the list down, whose accounts may be tokens`,
    );
  }
  for (const account of accounts) {
    if (!Token.isUnresolved(account) && !/^\d{12}$/.test(account)) {
      throw new Error(`'readerAccounts' must be account ids of 12 digits, got '${account}'`);
    }
  }
  if (props.readerPrefix !== undefined) {
    if (accounts.length === 0) {
      throw new Error(
        `'readerPrefix' is for 'readerAccounts', which are not given; list them too, or leave 'readerPrefix' out`,
      );
    }
    requirePrefix(props.readerPrefix);
  }
  return accounts;
}

function grantFolder(bucket: Bucket, reader: IPrincipal, prefix: string): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [reader],
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects(`${prefix}*`)],
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [reader],
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: listingOf(prefix),
    }),
  );
}
