import type { PolicyDocument } from './policy';

/** Time as Bedrock sees it; jobs progress by it alone, so a virtual one makes hours pass at once. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Used by the fault `slow`. A virtual clock moves itself on. */
  sleep(milliseconds: number): Promise<void>;
}

export interface Bucket {
  readonly region: string;
  /** The owning account's 12 digits. */
  readonly owner: string;
  readonly policy?: PolicyDocument;
}

export interface WeightFile {
  readonly key: string;
  readonly size: number;
}

/** The buckets that import jobs read. */
export interface Weights {
  /** Undefined when there is no such bucket. */
  bucket(name: string): Promise<Bucket | undefined>;
  list(bucket: string, prefix: string): Promise<readonly WeightFile[]>;
  /** `length` bytes from `start`; fewer when the object ends sooner. */
  read(bucket: string, key: string, start: number, length: number): Promise<Uint8Array>;
}

export interface Role {
  readonly arn: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Who may assume it, under which conditions. */
  readonly trust: PolicyDocument;
  /** Inline and attached policies. */
  readonly policies: readonly PolicyDocument[];
}

/** The account's IAM roles. */
export interface Roles {
  /** Undefined when there is no such role. */
  find(roleArn: string): Promise<Role | undefined>;
}
