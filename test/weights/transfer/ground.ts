import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type MisbehavingS3, type MisbehavingS3Options, startMisbehavingS3 } from '../../../local/misbehaving-s3';
import type { TransferEvent } from '../../../weights/transfer/events';
import { s3Store } from '../../../weights/transfer/s3';
import type { Store } from '../../../weights/transfer/store';

export const PART_BYTES = 1000;

/** Waits that are over at once. */
export const HASTE = { firstMs: 1, longestMs: 4 };

/** A server, a bucket `weights` in it, a local folder, and what a transfer tells. */
export interface TransferGround {
  readonly s3: MisbehavingS3;
  readonly store: Store;
  readonly folder: string;
  readonly events: TransferEvent[];
  /** Part size, haste and the listener, for every transfer of a test. */
  readonly common: {
    readonly partBytes: number;
    readonly backoff: { readonly firstMs: number; readonly longestMs: number };
    readonly onEvent: (event: TransferEvent) => void;
  };
  write(files: Readonly<Record<string, string | Buffer>>): void;
  storeOf(bucket: string): Store;
  end(): Promise<void>;
}

export async function transferGround(options: Partial<MisbehavingS3Options> = {}): Promise<TransferGround> {
  const s3 = await startMisbehavingS3({ buckets: ['weights', 'prod'], smallestPart: PART_BYTES, ...options });
  const folder = mkdtempSync(join(tmpdir(), 'transfer-'));
  const events: TransferEvent[] = [];
  const storeOf = (bucket: string) => s3Store({ bucket, client: clientOf(s3.url), idleMs: 400 });
  return {
    s3,
    folder,
    events,
    store: storeOf('weights'),
    common: { partBytes: PART_BYTES, backoff: HASTE, onEvent: (event) => events.push(event) },
    storeOf,
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), content);
      }
    },
    async end() {
      await s3.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function clientOf(endpoint: string) {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return { endpoint, region: 'us-east-1', forcePathStyle: true, credentials };
}

/** Bytes that look like weights: the same for the same seed, none like any other. */
export function noise(seed: string, size: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(size / 32) }, (_, block) =>
    createHash('sha256').update(`${seed} ${block}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, size);
}

export const INDEX = 'model.safetensors.index.json';
export const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;

/** A model of two shards: one of several parts, the last one shorter, and one of exactly three. */
export const MODEL: Readonly<Record<string, Buffer>> = {
  [SHARDS[0]]: noise('one', 4500),
  [SHARDS[1]]: noise('two', 3000),
  'config.json': Buffer.from('{"model_type": "gpt_oss"}'),
  'tokenizer.json': noise('tokenizer', 900),
  'tokenizer_config.json': Buffer.from('{}'),
  [INDEX]: Buffer.from(JSON.stringify({ metadata: {}, weight_map: { a: SHARDS[0], b: SHARDS[1] } })),
};
