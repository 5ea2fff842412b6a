/**
 * All that construct and handler share: names and types, no imports.
 *
 * Every name here is API: stacks deployed by an older release go on sending it, in Deletes and rollbacks above all.
 */

/** The custom resource that owns one imported model. */
export const IMPORTED_MODEL_TYPE = 'Custom::BedrockImportedModel';

/** A further hour of waiting for the same import: CloudFormation waits at most one hour for one resource. */
export const IMPORT_WAIT_TYPE = 'Custom::BedrockImportWait';

/** Minutes that one resource waits before it hands on to the next: CloudFormation's hour, less a margin to answer in. */
export const MINUTES_PER_LINK = 50;

/** Tags on every import job and imported model that we make: the proof that it is ours. */
export const OWNER_TAGS = {
  /** Full StackId (ARN) of the owning stack. */
  stack: 'cdk-bedrock-gpt-oss:stack',
  /** Logical id of the owning `IMPORTED_MODEL_TYPE` resource. */
  resource: 'cdk-bedrock-gpt-oss:resource',
  /** Hash of keys, sizes and ETags under the prefix when the job was created. */
  listing: 'cdk-bedrock-gpt-oss:listing',
  /** 'true' on a model that the template retains when it is removed or replaced: it is never swept away. */
  kept: 'cdk-bedrock-gpt-oss:kept',
} as const;

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The properties of the custom resources. CloudFormation sends every scalar as a string. */
export interface ImportProperties {
  /** Name of the bucket that holds the weights. */
  readonly Bucket: string;
  /** Folder of the weights in the bucket: ends in '/', or is '' for the whole bucket. */
  readonly Prefix: string;
  /** Anything whose change means "other bytes under the same prefix". */
  readonly Version?: string;
  /** Hash of the lock file that the folder must match. */
  readonly LockHash?: string;
  /** Codes of the check's errors that don't stop the import. */
  readonly AcceptedFindings?: readonly string[];
  /** Base of the imported model's name; the handler adds a hash of what makes another model. */
  readonly ModelName: string;
  /** ARN of the key that encrypts the imported model. */
  readonly ModelKeyArn?: string;
  /** ARN of the role that Bedrock assumes to read the weights. */
  readonly ImportRoleArn: string;
  /** Network of the import job: both or neither. */
  readonly SubnetIds?: readonly string[];
  readonly SecurityGroupIds?: readonly string[];
  /** 'true': an incomplete prefix means that somebody is still uploading; 'false': it is an error. */
  readonly WaitForUpload: string;
  /** Regions where an import may be tried, checked by the handler for stacks that don't know theirs at synth. */
  readonly Regions: readonly string[];
  /** Seconds that this resource waits, at most `MINUTES_PER_LINK` minutes. */
  readonly TimeoutSeconds: string;
  /** Number of this resource in the chain of waits, from 1, and how many there are. */
  readonly Link: string;
  readonly Links: string;
  /** 'true' if the template retains the model when it is removed (`DeletionPolicy: RetainExceptOnCreate`). */
  readonly KeepRemoved?: string;
  /** 'true' if the template retains a replaced model (`UpdateReplacePolicy: Retain`). */
  readonly KeepReplaced?: string;
  /** Tags for job and model, besides `OWNER_TAGS`. */
  readonly Tags?: readonly Tag[];
  /** On links after the first: logical id of the first, and its answers, which make a replaced model run every link again. */
  readonly Owner?: string;
  readonly ImportedModelName?: string;
  readonly JobName?: string;
}

/** What the custom resources answer. Every attribute is always there: a missing one fails the stack. */
export interface ImportAttributes {
  readonly ModelArn: string;
  readonly ModelName: string;
  readonly ModelArchitecture: string;
  readonly JobArn: string;
  readonly JobName: string;
  /** Custom model units that one copy of the model uses: what is billed. */
  readonly CustomModelUnitsPerModelCopy: string;
  readonly CustomModelUnitsVersion: string;
}

/** The custom resource that copies one revision of a Hugging Face repository into S3. */
export const HUB_COPY_TYPE = 'Custom::HuggingFaceCopy';

/** A further hour of waiting for the same copy. */
export const HUB_COPY_WAIT_TYPE = 'Custom::HuggingFaceCopyWait';

/** All copies lie below this folder of a bucket: `hf/<owner>/<name>/<commit>-<repair rules>/`. */
export const HUB_COPY_ROOT = 'hf/';

/** The properties of the copying custom resources. */
export interface CopyProperties {
  /** As in `openai/gpt-oss-20b`. */
  readonly Repository: string;
  /** Commit, tag or branch. */
  readonly Revision: string;
  /** Which repairs are made on the way; a name in small letters and digits that never changes its meaning. */
  readonly RepairRules: string;
  /** Origin of another Hub than the public one. */
  readonly Endpoint?: string;
  /** ARN of the secret that holds the token for the Hub. */
  readonly TokenSecretArn?: string;
  readonly Bucket: string;
  /** Account id of the bucket's owner. */
  readonly BucketOwner: string;
  /** Codes of the check's errors that don't stop the copy. */
  readonly AcceptedFindings?: readonly string[];
  readonly StateMachineArn: string;
  /** ARN of the function that resolves a branch or a tag. */
  readonly CopierArn: string;
  /** 'true': the bucket is the construct's own, and its copies go when nothing wants them any more. */
  readonly RemoveCopies: string;
  /** See `ImportProperties`. */
  readonly TimeoutSeconds: string;
  readonly Link: string;
  readonly Links: string;
  /** On links after the first: its answers. */
  readonly Commit?: string;
  readonly Execution?: string;
}

/** What the copying resources answer. */
export interface CopyAttributes {
  /** Folder of the copy: ends in '/'. */
  readonly Prefix: string;
  readonly Commit: string;
  /** Name of the state machine's execution. */
  readonly Execution: string;
  /** Hash of the copy's lock file, number of its files and their bytes; empty or '0' before the copy is there. */
  readonly Hash: string;
  readonly Files: string;
  readonly Bytes: string;
}
