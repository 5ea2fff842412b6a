import { Bedrock, type BedrockOptions } from '../../../local/bedrock/bedrock';
import type { AnswerOf } from '../../../local/bedrock/bedrock';
import type { Clock, Role, Roles, Weights } from '../../../local/bedrock/ports';
import type { PolicyDocument } from '../../../local/bedrock/policy';
import type { Switches } from '../../../local/bedrock/switches';

export const account = '000000000000';
export const roleArn = `arn:aws:iam::${account}:role/import`;

export class VirtualClock implements Clock {
  #now = Date.parse('2026-11-21T12:00:00Z');

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    return Promise.resolve();
  }

  pass(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

/** Buckets as maps from key to bytes. */
export class MemoryWeights implements Weights {
  readonly buckets = new Map<string, Map<string, Uint8Array>>();
  readonly policies = new Map<string, PolicyDocument>();
  region = 'us-east-1';
  owner = account;

  put(uri: string, content: Uint8Array | string | object): void {
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
    const files = this.buckets.get(bucket) ?? new Map<string, Uint8Array>();
    this.buckets.set(bucket, files.set(key, content instanceof Uint8Array ? content : Buffer.from(textOf(content))));
  }

  bucket(name: string): ReturnType<Weights['bucket']> {
    const policy = this.policies.get(name);
    const found = { region: this.region, owner: this.owner, ...(policy ? { policy } : {}) };
    return Promise.resolve(this.buckets.has(name) ? found : undefined);
  }

  list(bucket: string, prefix: string): ReturnType<Weights['list']> {
    const files = [...(this.buckets.get(bucket) ?? [])].filter(([key]) => key.startsWith(prefix));
    return Promise.resolve(files.map(([key, { length }]) => ({ key, size: length })));
  }

  read(bucket: string, key: string, start: number, length: number): Promise<Uint8Array> {
    const bytes = this.buckets.get(bucket)?.get(key);
    if (!bytes) throw new Error(`NoSuchKey: ${key}`);
    return Promise.resolve(bytes.subarray(start, start + length));
  }
}

export class MemoryRoles implements Roles {
  readonly byArn = new Map<string, Role>();

  find(arn: string): Promise<Role | undefined> {
    return Promise.resolve(this.byArn.get(arn));
  }
}

/** The trust policy of AWS's user guide. */
export const bedrockTrust: PolicyDocument = {
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'bedrock.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnEquals: { 'aws:SourceArn': `arn:aws:bedrock:us-east-1:${account}:model-import-job/*` },
    },
  },
};

/** The S3 policy of AWS's user guide, for one folder. */
export const readsFolder: PolicyDocument = {
  Statement: [
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::weights/med/*',
      Condition: { StringEquals: { 'aws:ResourceAccount': account } },
    },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: 'arn:aws:s3:::weights',
      Condition: { StringEquals: { 'aws:ResourceAccount': account }, StringLike: { 's3:prefix': ['med/*'] } },
    },
  ],
};

/** A safetensors file: header length, header, data of zeros. `dataBytes` is what the offsets need, if not told. */
export function safetensors(header: Record<string, unknown> | string, dataBytes?: number): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const ends = typeof header === 'string' ? [] : Object.values(header).map(endOf);
  return Buffer.concat([length, text, Buffer.alloc(dataBytes ?? Math.max(0, ...ends))]);
}

function endOf(entry: unknown): number {
  const offsets: unknown = typeof entry === 'object' && entry !== null && 'data_offsets' in entry && entry.data_offsets;
  return Array.isArray(offsets) ? Number(offsets[1]) : 0;
}

export const folder = 's3://weights/med/';
export const config = {
  architectures: ['GptOssForCausalLM'],
  model_type: 'gpt_oss',
  max_position_embeddings: 131_072,
};
export const goodIndex = {
  metadata: { total_size: 24 },
  weight_map: {
    'lm_head.weight': 'model-00001-of-00002.safetensors',
    'model.norm.weight': 'model-00002-of-00002.safetensors',
  },
};

/** A small folder that imports; the last file of every name that is given instead. */
export function putFolder(
  weights: MemoryWeights,
  instead: Record<string, Uint8Array | string | object | undefined> = {},
): void {
  const files: Record<string, Uint8Array | string | object | undefined> = {
    'config.json': config,
    'tokenizer.json': { version: '1.0' },
    'tokenizer_config.json': { tokenizer_class: 'PreTrainedTokenizerFast' },
    'model.safetensors.index.json': goodIndex,
    'model-00001-of-00002.safetensors': safetensors({
      __metadata__: { format: 'pt' },
      'lm_head.weight': { dtype: 'BF16', shape: [4, 2], data_offsets: [0, 16] },
    }),
    'model-00002-of-00002.safetensors': safetensors({
      'model.norm.weight': { dtype: 'BF16', shape: [4], data_offsets: [0, 8] },
    }),
    ...instead,
  };
  for (const [name, content] of Object.entries(files))
    if (content !== undefined) weights.put(`${folder}${name}`, content);
}

function textOf(content: string | object): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

export interface Testbed {
  readonly bedrock: Bedrock;
  readonly clock: VirtualClock;
  readonly weights: MemoryWeights;
  readonly roles: MemoryRoles;
  /** Creates a job that would succeed, but for what is given. */
  readonly create: (jobName?: string, request?: object) => Promise<string>;
  /** Creates a job, waits for its end and returns it. */
  readonly importModel: (jobName?: string, request?: object) => Promise<AnswerOf<'GetModelImportJob'>>;
}

/** A Bedrock with a good folder, an old role and models that are loaded at once, on a clock of its own. */
export function testbed(switches: Partial<Switches> = {}, options: Partial<BedrockOptions> = {}): Testbed {
  const clock = new VirtualClock();
  const weights = new MemoryWeights();
  const roles = new MemoryRoles();
  putFolder(weights);
  roles.byArn.set(roleArn, {
    arn: roleArn,
    createdAt: clock.now() - 3_600_000,
    trust: bedrockTrust,
    policies: [readsFolder],
  });
  const bedrock = new Bedrock({
    clock,
    weights,
    roles,
    switches: { importSeconds: 600, loadSeconds: 0, ...switches },
    ...options,
  });
  const create = async (jobName = 'job-1', request: object = {}): Promise<string> => {
    const modelDataSource = { s3DataSource: { s3Uri: folder } };
    const standard = { jobName, importedModelName: `model-of-${jobName}`, roleArn, modelDataSource };
    return (await bedrock.call('CreateModelImportJob', { ...standard, ...request })).jobArn;
  };
  const importModel = async (jobName = 'job-1', request: object = {}): Promise<AnswerOf<'GetModelImportJob'>> => {
    await create(jobName, request);
    clock.pass(600);
    return bedrock.call('GetModelImportJob', { jobIdentifier: jobName });
  };
  return { bedrock, clock, weights, roles, create, importModel };
}
