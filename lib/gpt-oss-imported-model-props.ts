import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { GptOssImportProvider } from './gpt-oss-import-provider';
import { ModelSource } from './model-source';

/** How a model is imported. Every property has a default that suits a first model. */
export interface GptOssImportedModelProps {
  /**
   * Where the weights come from. Another bucket, prefix or version makes another model, which replaces the old one when
   * it is ready.
   *
   * @default ModelSource.upload() - makes a bucket and waits until somebody has uploaded the weights
   */
  readonly source?: ModelSource;

  /**
   * Errors that don't stop the import, by their codes, such as `chat-template-missing`. Codes that are not listed in
   * `weights/FINDINGS.md` are refused. The weights are checked before the import job is created, as
   * `bedrock-gpt-oss check` does; what AWS doesn't document may be judged too strictly.
   *
   * @default - weights with an error are not imported
   */
  readonly acceptedFindings?: string[];

  /**
   * Beginning of the imported model's name: at most 43 letters and digits with single `-` or `_` between them, no
   * dots. A hash is added to it. Another name makes another model.
   *
   * @default - made of the construct's path
   */
  readonly modelName?: string;

  /**
   * Role that Bedrock assumes to read the weights. It must trust `bedrock.amazonaws.com` and be of the stack's account.
   * What the import needs is added to it, unless it was imported with `mutable: false`: then it must have it all.
   *
   * @default - a new role that can only be assumed by import jobs, and only read this model's weights
   */
  readonly importRole?: IRole;

  /**
   * Symmetric KMS key that encrypts the imported model. Another key makes another model. For one of another account
   * see `GptOssImportedModel`.
   *
   * @default - a key that AWS owns
   */
  readonly modelKey?: IKey;

  /**
   * VPC that the import job reads the weights through. It needs an S3 gateway endpoint or another way to S3.
   * Routes, endpoints for S3 and security groups that are deployed with the model are waited for.
   *
   * @default - the job uses Bedrock's own network
   */
  readonly importVpc?: IVpc;

  /**
   * Subnets of `importVpc`, at most 16.
   *
   * @default - the private subnets of `importVpc`
   */
  readonly importSubnets?: SubnetSelection;

  /**
   * Security groups of the import job in `importVpc`, at most 5.
   *
   * @default - a new one that lets everything out and nothing in
   */
  readonly importSecurityGroups?: ISecurityGroup[];

  /**
   * How long to wait for upload, queue and import together: 5 minutes to 12 hours. Every 50 minutes begun after the
   * first add one custom resource, because CloudFormation waits at most an hour for one.
   * One that is known at deploy time only must be in seconds and at most 50 minutes, or the deployment fails.
   *
   * @default Duration.minutes(50)
   */
  readonly timeout?: Duration;

  /**
   * What happens to the imported model when it is removed from the stack or the stack is deleted. RETAIN keeps it (it
   * costs storage until deleted, and takes one of the account's three places); a failed create and a replaced version
   * are deleted all the same. SNAPSHOT is refused.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Functions that import the model; they must be of this stack.
   *
   * @default GptOssImportProvider.getOrCreate(this) - one for all models of the stack
   */
  readonly provider?: GptOssImportProvider;
}
