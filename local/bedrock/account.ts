import type { Verdict } from './inspection';
import type { InputOf } from './operations';

export type ImportRequest = InputOf<'CreateModelImportJob'>;
/** Key → value. */
export type Tags = Map<string, string>;

export interface ImportJob {
  readonly arn: string;
  readonly request: ImportRequest;
  /** All times are in milliseconds since 1970. */
  readonly createdAt: number;
  readonly endsAt: number;
  readonly tags: Tags;
  /** What the job finds; reads the prefix at the first call, and once. */
  readonly verdict: () => Promise<Verdict>;
  status: 'InProgress' | 'Completed' | 'Failed';
  failureMessage?: string;
  modelArn?: string;
}

export interface ImportedModel {
  readonly arn: string;
  readonly name: string;
  readonly architecture: string;
  readonly job: ImportJob;
  readonly createdAt: number;
  readonly visibleAt: number;
  readonly tags: Tags;
  goneAt?: number;
  lastInvokedAt?: number;
  /** When the loading ends or ended that a call has started. */
  readyAt?: number;
}

/** What one account holds in one Region: every job there ever was, and every model, deleted ones included. */
export class Account {
  readonly jobs: ImportJob[] = [];
  readonly models: ImportedModel[] = [];

  constructor(
    readonly id: string,
    readonly region: string,
  ) {}

  arnOf(kind: 'model-import-job' | 'imported-model', id: string): string {
    return `arn:aws:bedrock:${this.region}:${this.id}:${kind}/${id}`;
  }

  runningJobs(): ImportJob[] {
    return this.jobs.filter(({ status }) => status === 'InProgress');
  }

  /** Models that count against the quota and hold their names, known to Get and List yet or not. */
  existingModels(now: number): ImportedModel[] {
    return this.models.filter(({ goneAt }) => goneAt === undefined || now < goneAt);
  }

  visibleModels(now: number): ImportedModel[] {
    return this.existingModels(now).filter(({ visibleAt }) => visibleAt <= now);
  }

  /** By ARN or name. Of several with one name, the newest. */
  findModel(identifier: string, now: number): ImportedModel | undefined {
    return this.visibleModels(now).findLast(({ arn, name }) => arn === identifier || name === identifier);
  }
}
