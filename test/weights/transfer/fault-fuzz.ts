import { S3Client } from '@aws-sdk/client-s3';
import { type Fault, type Mischief, type Operation } from '../../../local/misbehaving-s3';
import { parseLock } from '../../../weights/lock';
import { s3Folder } from '../../../weights/s3';
import { localSource } from '../../../weights/transfer/local-folder';
import { type Failure, StoreError } from '../../../weights/transfer/store';
import { upload } from '../../../weights/transfer/upload';
import { LOCK } from '../../../weights/file-names';
import { uploadState } from '../../../weights/upload-state';
import { clientOf, MODEL, transferGround, type TransferGround } from './ground';

/** What can happen to any request, and what only to some. */
const ANYWHERE: readonly Fault[] = [
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'RequestTimeout',
  'cut-request',
  'cut-answer',
  'slow',
  'hang',
];
const SOMEWHERE: Readonly<Partial<Record<Fault, readonly Operation[]>>> = {
  'damage-request': ['UploadPart', 'PutObject'],
  'damage-store': ['UploadPart'],
  'lose-part': ['UploadPart'],
  'error-in-success': ['CompleteMultipartUpload'],
  NoSuchUpload: ['UploadPart', 'CompleteMultipartUpload'],
};
/** From some request on, until somebody does something about it. */
const LASTING: readonly Fault[] = ['ExpiredToken', 'AccessDenied', 'cut-request', 'SlowDown'];

/** Why a run may fail. Damage and loss alone are mended on the way, unless they are too many. */
const REASONS: readonly Failure[] = ['busy', 'cut', 'expired', 'forbidden', 'damaged', 'lost'];

export interface Outcome {
  readonly seed: number;
  readonly runs: number;
  readonly requests: number;
  readonly faults: ReadonlyMap<Fault, number>;
  /** Reasons of the runs that failed. */
  readonly failures: readonly string[];
}

/**
 * One story of an upload to a server that misbehaves as the seed says: runs until one succeeds, the last one undisturbed.
 *
 * @throws when a run ends without a reason, or with something that looks whole and isn't, or when the last one fails
 */
export async function playFaults(seed: number): Promise<Outcome> {
  const random = randomNumbers(seed);
  const ground = await transferGround({ pageSize: 1 + Math.floor(random() * 5) });
  const faults = new Map<Fault, number>();
  const failures: string[] = [];
  try {
    ground.write(MODEL);
    const runs = 1 + Math.floor(random() * 3);
    for (let run = 0; run <= runs; run++) {
      ground.s3.mischief = run === runs ? undefined : counted(mischief(random), faults);
      const backoff = { firstMs: 1, longestMs: 2, attempts: 6 };
      const files = Object.keys(MODEL);
      const source = localSource(ground.folder);
      try {
        await upload({ ...ground.common, source, files, store: ground.store, prefix: 'v1/', backoff });
      } catch (error) {
        if (run === runs || !(error instanceof StoreError) || !REASONS.includes(error.failure)) throw error;
        failures.push(`${error.failure} ${error.code}`);
        await requireNotFalselyWhole(ground);
        continue;
      }
      await requireNotFalselyWhole(ground);
      if (!ground.s3.objects('weights').has(`v1/${LOCK}`)) throw new Error('an upload succeeded without a lock');
    }
    if (ground.s3.unfinished() > 0) throw new Error('something unfinished was left');
    return { seed, runs: runs + 1, requests: ground.s3.asked.length, faults, failures };
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await ground.end();
  }
}

function mischief(random: () => number): Mischief {
  const often = [0.02, 0.1, 0.3][Math.floor(random() * 3)] ?? 0;
  const lasting = random() < 0.3 ? pick(LASTING, random) : undefined;
  const until = Math.floor(random() * 40);
  const kinds = [...ANYWHERE, ...(Object.keys(SOMEWHERE) as Fault[])].filter(() => random() < 0.4);
  let count = 0;
  return ({ operation }) => {
    if (lasting && count++ >= until) return lasting;
    // there are few of these, and most can go wrong with them
    const rate = operation === 'CompleteMultipartUpload' ? Math.max(often, 0.3) : often;
    if (random() >= rate) return undefined;
    const able = kinds.filter((kind) => SOMEWHERE[kind]?.includes(operation) ?? true);
    const special = able.filter((kind) => SOMEWHERE[kind]);
    if (special.length > 0 && random() < 0.5) return pick(special, random);
    return able.length > 0 ? pick(able, random) : undefined;
  };
}

function counted(from: Mischief, faults: Map<Fault, number>): Mischief {
  return (asked) => {
    const fault = from(asked);
    if (fault) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    return fault;
  };
}

/** What looks whole, by its lock or without one, must be the model, byte by byte. */
async function requireNotFalselyWhole(ground: TransferGround): Promise<void> {
  await ground.s3.idle();
  ground.s3.mischief = undefined;
  const objects = ground.s3.objects('weights');
  const lock = objects.get(`v1/${LOCK}`);
  const state = await uploadState(s3Folder(new S3Client(clientOf(ground.s3.url)), 'weights', 'v1/'));
  if (!lock && state.state !== 'whole') return;
  for (const [name, content] of Object.entries(MODEL)) {
    if (!objects.get(`v1/${name}`)?.bytes.equals(content)) throw new Error(`it looks whole, but ${name} isn't`);
  }
  if (lock && parseLock(lock.bytes.toString()).files.length !== Object.keys(MODEL).length) {
    throw new Error('the lock lists other files');
  }
}

function pick<T>(from: readonly T[], random: () => number): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}

/** Mulberry32: the same seed tells the same story. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
