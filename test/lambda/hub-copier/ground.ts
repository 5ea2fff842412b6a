import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { carryOut } from '../../../lambda/hub-copier/carry-out';
import type { Copy, Task } from '../../../lambda/hub-copier/task';
import {
  type Fault,
  type Hub,
  type HubOptions,
  type Mischief,
  startHub,
  strike,
  type Where,
} from '../../../local/hugging-face';
import { type MisbehavingS3, type MisbehavingS3Options, startMisbehavingS3 } from '../../../local/misbehaving-s3';
import { hub as hubClient } from '../../../weights/hub/hugging-face';
import { s3Store } from '../../../weights/transfer/s3';
import { type Kill, mortal } from './killing';
import { markKeeper } from './marked-store';
import type { Files } from './tiny-model';

export const REPOSITORY = 'acme/tiny';
export const BUCKET = 'weights';
export const PREFIX = 'hf/acme/tiny/';
export const PART_BYTES = 16 * 1024;
export const TOKEN = 'hf_averysecrettokenindeed';

const QUARTER = 900_000;

/** What hangs is soon given up. */
const IDLE_MS = 300;

/** Waits that are over at once. */
const HASTE = { firstMs: 1, longestMs: 4 };

/** A Hub and an S3 on loopback, the copying function between them, and a clock that only it moves. */
export interface CopyGround {
  readonly hub: Hub;
  readonly s3: MisbehavingS3;
  readonly copy: Copy;
  /** Milliseconds; the copier's waits pass at once. */
  readonly clock: { now: number };
  /** What the function has said and answered, as text. */
  readonly said: string[];
  readonly waits: number[];
  /** Seconds between the invocations for an item. */
  readonly slept: number[];
  /** One invocation; its answer comes as JSON, as Lambda has it. */
  readonly invoke: (task: Task, options?: Invocation) => Promise<unknown>;
  /** The bytes below the prefix, by name. */
  objects(): ReadonlyMap<string, Buffer>;
  end(): Promise<void>;
}

export interface Invocation {
  /** Of its time. @default - a quarter of an hour, which is Lambda's own limit */
  readonly milliseconds?: number;
  /** Ends it in the middle. @throws Killed @default - it lives */
  readonly kill?: Kill;
}

export interface CopyGroundOptions {
  readonly files: Files;
  readonly hub?: Partial<HubOptions>;
  readonly s3?: Partial<MisbehavingS3Options>;
  readonly gated?: boolean;
  readonly token?: string;
  readonly copy?: Partial<Copy>;
}

export async function copyGround(options: CopyGroundOptions): Promise<CopyGround> {
  const { gated, token, files } = options;
  const folder = folderOf(files);
  const access = { ...(gated && { gated: 'auto' as const }), readers: [TOKEN] };
  const repositories = { [REPOSITORY]: { revisions: { main: folder }, ...access } };
  const hub = await startHub({ repositories, ...options.hub });
  const s3 = await startMisbehavingS3({ buckets: [BUCKET], smallestPart: PART_BYTES, ...options.s3 });
  const keepMarks = markKeeper(s3, BUCKET);
  const client = {
    endpoint: s3.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  const clock = { now: 0 };
  const [said, waits, slept]: [string[], number[], number[]] = [[], [], []];
  const { commit } = await hub.at(REPOSITORY);
  return {
    hub,
    s3,
    clock,
    said,
    waits,
    slept,
    copy: {
      ...{ repository: REPOSITORY, revision: 'main', commit, endpoint: hub.url, tokenSecretArn: '' },
      ...{ bucket: BUCKET, prefix: PREFIX, account: '123456789012', rules: 'r1', acceptedFindings: [] },
      ...options.copy,
    },
    async invoke(task, { milliseconds = QUARTER, kill = () => undefined } = {}) {
      const ends = clock.now + milliseconds;
      const alive = mortal(kill);
      const answer = await carryOut(task, {
        hub: ({ endpoint }) => Promise.resolve(alive(hubClient({ endpoint, token, idleMs: IDLE_MS }))),
        store: (bucket) => alive(keepMarks(s3Store({ bucket, client, idleMs: IDLE_MS }))),
        timeLeft: () => ends - clock.now,
        sleep(wait) {
          clock.now += wait;
          waits.push(wait);
          return Promise.resolve();
        },
        log: (line) => said.push(JSON.stringify(line)),
        partBytes: PART_BYTES,
        backoff: HASTE,
      });
      const text = JSON.stringify(answer);
      said.push(text);
      const told: unknown = JSON.parse(text);
      return told;
    },
    objects() {
      const below = [...s3.objects(BUCKET)].filter(([key]) => key.startsWith(PREFIX));
      return new Map(below.map(([key, { bytes }]) => [key.slice(PREFIX.length), bytes]));
    },
    async end() {
      await Promise.all([hub.close(), s3.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}

function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'copier-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Strikes so many of the next requests of a kind. */
export function soon(fault: Fault, where: Where = {}, times = 1): Mischief {
  const struck = strike(fault, where);
  let left = times;
  return (asked) => (left > 0 && struck(asked) && left-- > 0 ? fault : undefined);
}
