import { createHash } from 'node:crypto';
import {
  CallFailed,
  type Imports,
  type Job,
  type JobOrder,
  type Model,
  type Outside,
  type StackMoment,
  type TagMap,
} from '../../lambda/imported-model/port';
import type { ModelFile, ModelFolder } from '../../weights/model-folder';
import { bytesFolder, type Files } from '../weights/bytes-folder';
import { tinyModel } from '../weights/tiny-model';
import { jobArn, MINUTE, modelArn, STARTED } from './fixtures';

const MODEL = tinyModel();

interface Import {
  readonly order: JobOrder;
  readonly ends: number;
  readonly failure: string;
}

/**
 * Bedrock, S3 and CloudFormation in memory, on a clock that only calls and `pass` move. It records what was changed
 * (`effects`), every call to Bedrock (`calls`) and the log (`lines`).
 */
export class FakeOutside implements Outside {
  readonly effects: string[] = [];
  readonly calls: string[] = [];
  readonly lines: Record<string, unknown>[] = [];
  readonly imports: Imports;
  readonly stacks = {
    moment: () => this.call('DescribeStacks', () => this.stack),
    resourceStatus: (_: string, logicalId: string) =>
      this.call('DescribeStackResources', () => this.resources.get(logicalId) ?? 'UPDATE_IN_PROGRESS'),
    declares: (_: string, logicalId: string) => this.call('GetTemplate', () => !this.removed.has(logicalId)),
  };

  stack: StackMoment = { status: 'CREATE_IN_PROGRESS', since: '2026-11-21T10:00:00.000Z' };
  /** Status of the stack's resources by logical id; those not named are being updated. */
  readonly resources = new Map<string, string>();
  /** Resources that the template has no more, by logical id. */
  readonly removed = new Set<string>();
  millisecondsPerCall = 50;
  minutesPerImport = 12;
  /** A model appears this long after its job has completed. */
  millisecondsToAppear = 0;
  modelQuota = 3;
  /** What the next jobs will fail of; '' for those that succeed. */
  readonly failures: string[] = [];
  /** Refusals of the next calls, by the call's name. */
  readonly refusals: CallFailed[] = [];

  private readonly folders = new Map<string, ModelFile[]>();
  private readonly jobs = new Map<string, Import>();
  /** By ARN; of two with one name, Bedrock finds the first. */
  private readonly made = new Map<string, Model>();
  private readonly collected = new Set<string>();
  private clock = STARTED;

  constructor() {
    this.imports = this.bedrock();
  }

  now = () => this.clock;

  sleep = (milliseconds: number) => {
    this.pass(milliseconds);
    return Promise.resolve();
  };

  log = (line: Record<string, unknown>) => {
    this.lines.push(line);
  };

  pass(milliseconds: number): void {
    this.clock += milliseconds;
  }

  upload(address: string, content = 'first', names = COMPLETE): void {
    this.folders.set(
      address,
      names.map((name) => ({
        name,
        size: Buffer.byteLength(MODEL[name] ?? ''),
        etag: createHash('md5')
          .update(content + name)
          .digest('hex'),
      })),
    );
  }

  /** What is read under every prefix. */
  files: Files = MODEL;

  folder(bucket: string, prefix: string): ModelFolder {
    const address = `s3://${bucket}/${prefix}`;
    return {
      address,
      list: () => this.call('ListObjectsV2', () => this.folders.get(address) ?? []),
      readText: (name, maxBytes) => this.read(() => bytesFolder(this.files).readText(name, maxBytes)),
      readBytes: (name, offset, length) => this.read(() => bytesFolder(this.files).readBytes(name, offset, length)),
    };
  }

  /** A job of somebody else in the account. */
  strangersJob(name: string, minutes: number, failure = ''): void {
    const order = { jobName: name, modelName: `${name}-model`, tags: {} };
    this.jobs.set(name, { order: { ...ANY_ORDER, ...order }, ends: this.clock + minutes * MINUTE, failure });
  }

  strangersModel(name: string, tags: TagMap = {}): void {
    const made = modelOf({ ...ANY_ORDER, jobName: `${name}-job`, modelName: name, tags });
    this.made.set(made.arn, made);
  }

  /** A model of somebody else with the name of one that is still being made. */
  strangersNamesake(name: string): Model {
    const namesake = { ...modelOf({ ...ANY_ORDER, jobName: 'theirs', modelName: name }), arn: modelArn('theirs') };
    this.made.set(namesake.arn, namesake);
    return namesake;
  }

  /** Names of the models that exist now. */
  models(): string[] {
    this.collect();
    return [...this.made.values()].map(({ name }) => name);
  }

  model(name: string): Model | undefined {
    this.collect();
    return [...this.made.values()].find((model) => model.name === name);
  }

  private bedrock(): Imports {
    const counted = <T>(name: string, answer: () => T) => {
      this.calls.push(name);
      return this.call(name, answer);
    };
    return {
      job: (name) =>
        counted('GetModelImportJob', () => {
          const job = this.jobs.get(name);
          return job && this.jobOf(job);
        }),
      unsettledJobs: (since) =>
        counted('ListModelImportJobs', () =>
          [...this.jobs.values()]
            .filter(({ ends, failure }) => ends > this.clock || (failure === '' && ends >= since))
            .map(({ order, ends }) => ({ ...named(order), modelName: order.modelName, isRunning: ends > this.clock })),
        ),
      model: (name) => counted('GetImportedModel', () => this.model(name)),
      models: () =>
        counted('ListImportedModels', () => {
          this.collect();
          return [...this.made.values()].map(({ name, arn }) => ({ name, arn }));
        }),
      tags: (arn) => counted('ListTagsForResource', () => this.tagsOf(arn)),
      createJob: (order) =>
        counted('CreateModelImportJob', () => {
          this.create(order);
        }),
      deleteModel: (arn) =>
        counted('DeleteImportedModel', () => {
          const found = this.made.get(arn);
          if (found && this.made.delete(arn)) this.effects.push(`delete ${found.name}`);
        }),
      setTags: (arn, tags) =>
        counted('TagResource', () => {
          this.retag(arn, (old) => ({ ...old, ...tags }));
        }),
      dropTags: (arn, keys) =>
        counted('UntagResource', () => {
          this.retag(arn, (old) => Object.fromEntries(Object.entries(old).filter(([key]) => !keys.includes(key))));
        }),
    };
  }

  /** Takes time, lets others have their turn, and then answers or refuses. */
  private async call<T>(name: string, answer: () => T): Promise<T> {
    this.clock += this.millisecondsPerCall;
    await Promise.resolve();
    const refusal = this.refusals.findIndex((refused) => refused.call === name);
    const [refused] = refusal < 0 ? [] : this.refusals.splice(refusal, 1);
    if (refused) throw refused;
    return answer();
  }

  private create(order: JobOrder): void {
    const refuse = (kind: CallFailed['kind'], message: string) => new CallFailed(kind, 'CreateModelImportJob', message);
    if (this.jobs.has(order.jobName)) throw refuse('conflict', `ConflictException: job ${order.jobName} exists`);
    if (this.models().includes(order.modelName))
      throw refuse('conflict', `ConflictException: model ${order.modelName} exists`);
    if (this.running().length > 0 || this.made.size >= this.modelQuota) {
      throw refuse('quota', 'ServiceQuotaExceededException: ask for an increase');
    }
    const ends = this.clock + this.minutesPerImport * MINUTE;
    this.jobs.set(order.jobName, { order, ends, failure: this.failures.shift() ?? '' });
    this.effects.push(`import ${order.modelName}`);
  }

  private running(): Import[] {
    return [...this.jobs.values()].filter((job) => job.ends > this.clock);
  }

  /** Jobs that have ended make their models. */
  private collect(): void {
    for (const [name, { order, ends, failure }] of this.jobs) {
      if (ends + this.millisecondsToAppear > this.clock || this.collected.has(name)) continue;
      this.collected.add(name);
      if (failure === '') this.made.set(modelArn(order.modelName), modelOf(order));
    }
  }

  private jobOf({ order, ends, failure }: Import): Job {
    const ended = failure === '' ? 'Completed' : 'Failed';
    const status = ends > this.clock ? 'InProgress' : ended;
    return { ...named(order), status, modelName: order.modelName, failure: status === 'Failed' ? failure : '' };
  }

  private tagsOf(arn: string): TagMap {
    const job = [...this.jobs.values()].find(({ order }) => jobArn(order.jobName) === arn);
    return this.made.get(arn)?.tags ?? job?.order.tags ?? {};
  }

  private async read<T>(read: () => Promise<T>): Promise<T> {
    await this.call('GetObject', () => undefined);
    return read();
  }

  private retag(arn: string, change: (tags: TagMap) => TagMap): void {
    const found = this.made.get(arn);
    if (!found) throw new CallFailed('invalid', 'TagResource', 'ResourceNotFoundException: no such model');
    this.made.set(arn, { ...found, tags: change(found.tags) });
    this.effects.push(`retag ${found.name}`);
  }
}

export const COMPLETE = Object.keys(MODEL);

const ANY_ORDER: JobOrder = {
  jobName: '',
  modelName: '',
  roleArn: '',
  s3Uri: '',
  modelKeyArn: '',
  subnetIds: [],
  securityGroupIds: [],
  tags: {},
};

const named = (order: JobOrder) => ({ name: order.jobName, arn: jobArn(order.jobName) });

function modelOf(order: JobOrder): Model {
  return {
    arn: modelArn(order.modelName),
    name: order.modelName,
    tags: order.tags,
    architecture: 'gpt_oss',
    jobArn: jobArn(order.jobName),
    jobName: order.jobName,
    unitsPerCopy: '2',
    unitsVersion: 'v1.0',
  };
}
