import { CreateBucketCommand, DeleteBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyBucket, uploadFolder } from '../../local/buckets';
import { bootstrap, cdk, startCdk, type CdkOptions, type CdkResult, type CdkRun } from '../../local/cdk';
import { aws } from '../../local/clients';
import { startGround, type Ground, type GroundOptions } from '../../local/ground';
import { localFolder } from '../../local/paths';
import { writeSampleWeights, type SampleWeightsOptions } from '../../local/sample-weights';
import { stackStatus } from '../../local/stacks';

/** Times short enough for a test: a role that is refused at first, and an import that takes longer than one poll. */
const SWITCHES = { roleDelaySeconds: 1, importSeconds: 1.5 };

/** A bootstrapped ground and what tests do on it. */
export interface Bench {
  readonly ground: Ground;
  deploy(stack: string, app: App): Promise<CdkResult>;
  /** As `deploy`, without waiting for the end. */
  startDeploy(stack: string, app: App): Promise<CdkRun>;
  destroy(stack: string, app: App): Promise<CdkResult>;
  /** Makes a bucket that belongs to no stack. */
  makeBucket(name: string): Promise<void>;
  removeBucket(name: string): Promise<void>;
  uploadWeights(bucket: string, prefix: string, options?: SampleWeightsOptions): Promise<void>;
  put(bucket: string, key: string, body: string): Promise<void>;
  stop(): Promise<void>;
}

/** One of `apps/`, with its context. */
export interface App {
  readonly name: string;
  readonly context: Readonly<Record<string, string>>;
}

export async function openBench(options: GroundOptions = {}): Promise<Bench> {
  const ground = await startGround({ ...options, switches: { ...SWITCHES, ...options.switches } });
  const prepared = await bootstrap(ground);
  if (prepared.exitCode !== 0) throw new Error(`cdk bootstrap failed: ${prepared.output}`);
  const s3 = new S3Client({ ...aws(ground), forcePathStyle: true });
  return {
    ground,
    deploy: async (stack, app) => cdk(ground, deployArguments(stack), cdkOptions(app)),
    startDeploy: async (stack, app) => startCdk(ground, deployArguments(stack), cdkOptions(app)),
    destroy: async (stack, app) => cdk(ground, ['destroy', stack, '--force', '--exclusively'], cdkOptions(app)),
    makeBucket: async (name) => {
      await s3.send(new CreateBucketCommand({ Bucket: name }));
    },
    removeBucket: async (name) => {
      await emptyBucket(ground, name);
      await s3.send(new DeleteBucketCommand({ Bucket: name }));
    },
    uploadWeights: async (bucket, prefix, weights) => {
      await withWeights(weights, (folder) => uploadFolder(ground, folder, { bucket, prefix }));
    },
    put: async (bucket, key, body) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    stop: async () => {
      s3.destroy();
      await ground.stop();
    },
  };
}

const deployArguments = (stack: string) => [
  'deploy',
  stack,
  ...['--require-approval', 'never', '--exclusively', '--progress', 'events'],
];

function cdkOptions({ name, context }: App): CdkOptions {
  return { app: join(__dirname, 'apps', `${name}.ts`), context };
}

async function withWeights(options: SampleWeightsOptions | undefined, use: (folder: string) => Promise<void>) {
  mkdirSync(localFolder('run'), { recursive: true });
  const folder = mkdtempSync(localFolder('run', 'weights-'));
  try {
    await writeSampleWeights(folder, options);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until something holds; the message says what never did. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean, seconds = 90): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(100);
  }
}

/** Waits until CloudFormation does nothing more with a stack. */
export async function settled(ground: Ground, stack: string): Promise<string | undefined> {
  let status: string | undefined;
  await eventually(`stack ${stack} settles`, async () => {
    status = await stackStatus(ground, stack);
    return !status?.endsWith('_IN_PROGRESS');
  });
  return status;
}
