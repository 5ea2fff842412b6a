import type { ModelFolder } from '../../weights/model-folder';

/** The outside as the handler needs it. Every call may throw a `CallFailed`. */
export interface Outside {
  readonly imports: Imports;
  readonly stacks: Stacks;
  folder(bucket: string, prefix: string): ModelFolder;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  log(line: Record<string, unknown>): void;
}

export interface Imports {
  job(name: string): Promise<Job | undefined>;
  /** Jobs of the account that run, or have completed since `since` (milliseconds since 1970). */
  unsettledJobs(since: number): Promise<UnsettledJob[]>;
  model(name: string): Promise<Model | undefined>;
  models(): Promise<NamedModel[]>;
  tags(arn: string): Promise<TagMap>;
  createJob(order: JobOrder): Promise<void>;
  deleteModel(arn: string): Promise<void>;
  setTags(arn: string, tags: TagMap): Promise<void>;
  dropTags(arn: string, keys: readonly string[]): Promise<void>;
}

export interface Stacks {
  moment(stackId: string): Promise<StackMoment>;
  /** Status of one resource of the stack, such as `UPDATE_IN_PROGRESS`; '' when the stack has none of that logical id. */
  resourceStatus(stackId: string, logicalId: string): Promise<string>;
  /** Whether the stack's template has a resource of that logical id; true as well when the template can't be read. */
  declares(stackId: string, logicalId: string): Promise<boolean>;
}

export type TagMap = Readonly<Record<string, string>>;

export interface Job {
  readonly arn: string;
  readonly name: string;
  readonly status: 'InProgress' | 'Completed' | 'Failed';
  readonly modelName: string;
  readonly failure: string;
  /** Milliseconds since 1970; none while it runs. */
  readonly endedAt?: number;
}

/** A job whose model is not there yet, or may not be visible yet. */
export interface UnsettledJob {
  readonly arn: string;
  readonly name: string;
  readonly modelName: string;
  readonly isRunning: boolean;
}

export interface NamedModel {
  readonly arn: string;
  readonly name: string;
}

/** A model that carries our marks. */
export interface OwnedModel extends NamedModel {
  /** Whether the template retains it. */
  readonly isKept: boolean;
}

export interface Model extends NamedModel {
  readonly tags: TagMap;
  readonly architecture: string;
  readonly jobArn: string;
  readonly jobName: string;
  readonly unitsPerCopy: string;
  readonly unitsVersion: string;
}

export interface JobOrder {
  readonly jobName: string;
  readonly modelName: string;
  readonly roleArn: string;
  readonly s3Uri: string;
  readonly modelKeyArn: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly tags: TagMap;
}

/** Where the stack stands: a request is alive while this stays as it was when the request came. */
export interface StackMoment {
  readonly status: string;
  readonly since: string;
}

/**
 * Why a call was refused, in the kinds that are answered differently. Catch it to decide; anything else is a bug.
 * - `passing`: throttled, 5xx, no answer; the call may or may not have taken effect. Ask again later.
 * - `denied`: no permission, perhaps not yet: IAM needs minutes to spread a new policy.
 * - `role`: Bedrock cannot use the import role, perhaps not yet.
 * - `quota`: of running jobs or of models; Bedrock has one name for both.
 * - `conflict`: the name is taken, or the model is in use.
 * - `invalid`: will not become right by waiting.
 */
export class CallFailed extends Error {
  constructor(
    readonly kind: 'passing' | 'denied' | 'role' | 'quota' | 'conflict' | 'invalid',
    readonly call: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
