import type { Clock } from '../clock';
import { openLine } from '../call/line';
import type { FieldRules } from '../request/fields';
import { Refusal } from '../refusal';
import { requireVersion, targetOf } from '../target';
import { ENDS, type BatchOutside, type BatchProgress } from './port';
import { MINIMUM_RECORDS, recordLines } from './records';
import { joined, type BatchResult } from './results';

export interface BatchOrder {
  /** Id or ARN of a base model, such as `openai.gpt-oss-20b-1:0`. Imported models have no batch inference on Bedrock. */
  readonly model: string;
  /** Chat completion requests as for `openai.chat.completions.create`, without `stream`. Their `model` does not matter. */
  readonly requests: readonly object[];
  /** Folder for the requests, such as `s3://bucket/in/`. */
  readonly input: string;
  /** Folder for the results, such as `s3://bucket/out/`. */
  readonly output: string;
  /** ARN of the role that Bedrock reads and writes the two folders with; the caller needs `iam:PassRole` on it. */
  readonly roleArn: string;
  /**
   * Up to 63 letters, digits, `-`, `+` and `.`. A repeat under the same name goes with the same token, so that Bedrock can tell.
   * @default - `gpt-oss-` and a new id
   */
  readonly jobName?: string;
  /**
   * ARN of the KMS key that encrypts the results.
   * @default - as the bucket does it
   */
  readonly outputKeyArn?: string;
  /**
   * Hours after which Bedrock ends the job, 24 to 168.
   * @default - Bedrock's: 24
   */
  readonly timeoutHours?: number;
}

/** A job that was made. It is plain data: keep it as JSON, and wait for it or read its results elsewhere. */
export interface BatchJob {
  readonly arn: string;
  readonly model: string;
  /** How many requests it has. */
  readonly requests: number;
  /** Folder of this job's results. */
  readonly output: string;
}

export interface BatchOptions {
  /**
   * Least number of requests in a job, by your quota for the model.
   * @default 100
   */
  readonly minimumRequests?: number;
  /** Fields of requests that are handed on although Bedrock does not document them. @default - none */
  readonly passFields?: readonly string[];
  /** Fields of requests that may be left out. Without this they are refused by name. @default - none */
  readonly dropFields?: readonly string[];
}

export interface WaitOptions {
  /** Milliseconds between two looks. @default 30000 */
  readonly interval?: number;
  /** Called at each look. */
  readonly onProgress?: (progress: BatchProgress) => void;
  /** Ends the waiting at once; the job goes on. */
  readonly signal?: AbortSignal;
}

/** Batch inference with a base model. */
export interface BatchInference {
  /** The file of a batch as text, to look at or to upload yourself: lines of `{ recordId, modelInput }`. */
  write(requests: readonly object[]): string;
  /** Uploads the requests and starts a job. Throws an `Error` if one is wrong, before anything is uploaded. */
  create(order: BatchOrder): Promise<BatchJob>;
  /** Waits for the job's end, for as long as it takes. Throws a `BatchNotCompleted` if it ended otherwise than by completing. */
  wait(job: BatchJob, options?: WaitOptions): Promise<BatchProgress>;
  /** A result for each request, in the requests' order; of a job that did not complete, those that there are. */
  results(job: BatchJob): Promise<BatchResult[]>;
}

/** A job that failed, was stopped or ran out of time. Its message has Bedrock's; `results()` gives what was done before. */
export class BatchNotCompleted extends Error {
  constructor(readonly progress: BatchProgress) {
    super(`The batch ended as ${progress.status}${progress.message && `: ${progress.message}`}`);
  }
}

export function batchOver({ files, jobs }: BatchOutside, options: BatchOptions, clock: Clock): BatchInference {
  const rules: FieldRules = { pass: new Set(options.passFields), drop: new Set(options.dropFields) };
  const write = (requests: readonly object[]) =>
    recordLines(requests, options.minimumRequests ?? MINIMUM_RECORDS, rules);

  return {
    write,

    create: async (order) => {
      requireBaseModel(order.model);
      const [input, output] = [folder(order.input, 'input'), folder(order.output, 'output')];
      const jobName = order.jobName ?? `gpt-oss-${clock.newId()}`;
      requireJobName(jobName);
      const inputUri = `${input}${jobName}.jsonl`;
      await files.write(inputUri, write(order.requests));
      const { model: modelId, roleArn, outputKeyArn, timeoutHours } = order;
      const token = jobName.replace(/[^a-zA-Z0-9]/g, '-');
      const arn = await jobs.create({
        ...{ jobName, token, modelId, roleArn, inputUri, outputUri: output },
        ...{ outputKeyArn, timeoutHours },
      });
      const id = arn.slice(arn.lastIndexOf('/') + 1);
      return { arn, model: modelId, requests: order.requests.length, output: `${output}${id}/` };
    },

    wait: async ({ arn }, { interval = 30_000, onProgress, signal } = {}) => {
      const line = openLine(signal, clock);
      try {
        for (;;) {
          line.signal.throwIfAborted();
          const progress = await jobs.progress(arn);
          onProgress?.(progress);
          if (progress.status === 'Completed' || progress.status === 'PartiallyCompleted') return progress;
          if (ENDS.some((end) => end === progress.status)) throw new BatchNotCompleted(progress);
          await line.sleep(interval);
        }
      } finally {
        line.close();
      }
    },

    results: async ({ output, requests, model }) => {
      const uris = (await files.list(output)).filter((uri) => uri.endsWith('.jsonl.out'));
      return joined(
        uris.map((uri) => files.read(uri)),
        requests,
        model,
        clock,
      );
    },
  };
}

function requireBaseModel(model: string): void {
  const target = targetOf(model, undefined);
  if (target instanceof Refusal) throw target;
  if (target.kind === 'imported') {
    throw new Error(`Bedrock has no batch inference for imported models; chat with it instead: ${model}`);
  }
  requireVersion(target.id);
}

function folder(uri: string, name: string): string {
  if (!/^s3:\/\/[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](\/|$)/.test(uri)) {
    throw new Error(`'${name}' must be a folder such as 's3://bucket/prefix/', got '${uri}'`);
  }
  return uri.endsWith('/') ? uri : `${uri}/`;
}

/** Narrower than Bedrock's pattern, which also bounds where signs may stand. */
function requireJobName(name: string): void {
  if (/^[a-zA-Z0-9](?:[-+.a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/.test(name)) return;
  throw new Error(
    `'jobName' must be up to 63 letters, digits, '-', '+' and '.', with a letter or digit at both ends, got '${name}'`,
  );
}
