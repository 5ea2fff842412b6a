import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/**
 * What is mended in the small files of a model while it is copied. A set of rules never changes its meaning: a release
 * that knew more would copy every model again, so that it adds another one.
 */
export enum HubRepairs {
  /** What `bedrock-gpt-oss repair` of release 0.1 mends in texts: the index, end tokens, the chat template, the tokenizer's class. */
  R1 = 'r1',
  /** Nothing: the copy is the repository's files, byte for byte. */
  NONE = 'none',
}

/** How a model is copied from Hugging Face. */
export interface HuggingFaceCopyOptions {
  /**
   * Bucket to copy to, in the import's Region. Copies in it are a cache that is shared by whoever asks for the same
   * commit; no update and no destroy removes them. It must be of the stack's own account: copy into it, and let other
   * accounts read (`WeightsBucket`'s `readerAccounts`).
   *
   * @default - a `WeightsBucket` of the model's own, child `Weights`, whose copies go when no version of the model
   * wants them
   */
  readonly bucket?: IBucket;

  /**
   * Secret whose text is a token for Hugging Face, for private and gated repositories. Only the copying function may read it.
   *
   * @default - asks as nobody
   */
  readonly tokenSecret?: ISecret;

  /**
   * Origin of a mirror or a Hub of your own, such as `https://hub.example.com`; what `HF_ENDPOINT` is elsewhere. Scheme,
   * host and port: a slash behind them is dropped, a path is refused.
   *
   * @default https://huggingface.co
   */
  readonly endpoint?: string;

  /**
   * Files that are copied at the same time, 1 to 40. Each takes one of the account's concurrent Lambda executions, of which
   * the provider's functions need about three more, and a new account may have ten. 15 copy all of gpt-oss-120b's weight
   * files side by side.
   *
   * @default 8
   */
  readonly concurrency?: number;

  /**
   * VPC of the copying function, apart from the import job's. It needs a way out to the Hub (a NAT gateway or a mirror
   * inside), one to S3, and with `tokenSecret` one to Secrets Manager.
   *
   * @default - outside any VPC
   */
  readonly copyVpc?: IVpc;

  /**
   * Subnets of `copyVpc`.
   *
   * @default - its private subnets
   */
  readonly copyVpcSubnets?: SubnetSelection;

  /**
   * Security groups in `copyVpc`.
   *
   * @default - a new one
   */
  readonly copySecurityGroups?: ISecurityGroup[];

  /**
   * How long the copy may take, beside the import's own `timeout`; 5 minutes to 12 hours. Beyond 50 minutes it takes one
   * more resource for each further 50.
   *
   * @default Duration.minutes(50)
   */
  readonly copyTimeout?: Duration;

  /**
   * What is mended on the way.
   *
   * @default HubRepairs.R1
   */
  readonly repairs?: HubRepairs;

  /**
   * Codes of errors of `bedrock-gpt-oss check` that don't stop the copy, of those listed in `weights/FINDINGS.md`. The
   * model's own `acceptedFindings` say what doesn't stop the import.
   *
   * @default - every error does
   */
  readonly acceptedFindings?: string[];
}

/** Which content of a repository is copied, and how. */
export interface HuggingFaceSourceOptions extends HuggingFaceCopyOptions {
  /**
   * Commit (all of its 40 hexadecimal digits), tag or branch. A tag or a branch is looked up when the resource is created or
   * changed, and may be another content then.
   *
   * @default 'main' - with a warning: the content is not pinned
   */
  readonly revision?: string;
}
