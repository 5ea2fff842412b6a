/** The outside of batch inference, in the few calls that it needs. Errors are the SDK's own, with AWS's names. */
export interface BatchOutside {
  readonly files: BatchFiles;
  readonly jobs: BatchJobs;
}

export interface BatchFiles {
  write(uri: string, text: string): Promise<void>;
  /** URIs of the objects whose URI begins so. */
  list(uri: string): Promise<string[]>;
  read(uri: string): AsyncIterable<Uint8Array>;
}

export interface BatchJobs {
  /** The new job's ARN. Bedrock ignores a repeat with the same token. */
  create(order: JobOrder): Promise<string>;
  progress(arn: string): Promise<BatchProgress>;
}

export interface JobOrder {
  readonly jobName: string;
  readonly token: string;
  readonly modelId: string;
  readonly roleArn: string;
  readonly inputUri: string;
  readonly outputUri: string;
  readonly outputKeyArn?: string;
  readonly timeoutHours?: number;
}

export const ENDS = ['Completed', 'PartiallyCompleted', 'Failed', 'Stopped', 'Expired'] as const;

/** How far a job is. */
export interface BatchProgress {
  /** Bedrock's word: `Submitted`, `Validating`, `Scheduled`, `InProgress`, `Stopping`, or one of the ends. */
  readonly status: string;
  /** Why it failed, or what Bedrock has to say besides. */
  readonly message: string;
  /** Records done so far, with or without an error; 0 where Bedrock does not count. */
  readonly processed: number;
}
