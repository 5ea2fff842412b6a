import { cpus } from 'node:os';
import { type Figure, figure } from '../weights/statistics';
import type { CopyGround } from './ground';
import { predicted } from './model';
import { work, type Worked } from './worker';

/** One file, copied by one worker. */
export interface OneFile {
  readonly bytes: number;
  readonly runs: number;
  /** Bytes a second. */
  readonly rate: Figure;
  /** Of the same hash over bytes in memory, in the same process. */
  readonly hashRate: Figure;
  /** The one by the other, of each run. */
  readonly ratio: Figure;
  /** The same in bytes a CPU second, which what else the machine does changes little. */
  readonly cpuRatio: Figure;
  /** Seconds of the worker's. */
  readonly cpu: Figure;
  readonly peakBytes: Figure;
  /** Of worker, Hub and S3 for a byte; undefined where it cannot be known. */
  readonly cpuOfAll?: number;
  /** The ratio that worker, Hub and S3 could reach if all cores were busy all the time; undefined where it cannot be known. */
  readonly bound?: number;
}

const HASHED_AT_MOST = 500e6;

export async function measureOneFile(
  program: string,
  ground: CopyGround,
  { file, bytes, runs }: { readonly file: number; readonly bytes: number; readonly runs: number },
): Promise<OneFile> {
  const hashBytes = Math.min(bytes, HASHED_AT_MOST);
  const measured: Worked[] = [];
  const before = ground.cpu();
  for (let run = 0; run < runs; run++) {
    const one = await work(program, ground.job(file), hashBytes);
    console.error(`${bytes / 1e6} MB: ${one.seconds.toFixed(1)} s, ${(one.peakBytes / 1e6).toFixed(0)} MB of memory`);
    measured.push(one);
    await ground.clear();
  }
  const after = ground.cpu();
  const of = (value: (one: Worked) => number) => figure(measured.map(value));
  const rate = (one: Worked) => bytes / one.seconds;
  const hashRate = (one: Worked) => (2 * hashBytes) / one.hashSeconds;
  const ofWorkers = measured.reduce((sum, { cpu }) => sum + cpu, 0);
  const cpuOfAll =
    before === undefined || after === undefined ? undefined : (ofWorkers + after - before) / (runs * bytes);
  return {
    bytes,
    runs,
    rate: of(rate),
    hashRate: of(hashRate),
    ratio: of((one) => rate(one) / hashRate(one)),
    cpuRatio: of(({ cpu, hashCpu }) => bytes / cpu / ((2 * hashBytes) / hashCpu)),
    cpu: of(({ cpu }) => cpu),
    peakBytes: of(({ peakBytes }) => peakBytes),
    ...(cpuOfAll !== undefined && { cpuOfAll, bound: cpus().length / cpuOfAll / of(hashRate).median }),
  };
}

/** Several files side by side, each by a worker of its own. */
export interface ManyFiles {
  readonly files: number;
  /** Of each. */
  readonly bytes: number;
  /** Seconds until the last one was there. */
  readonly wall: Figure;
  readonly predicted: number;
}

const CONCURRENCY = 15;

/** @param one what the prediction is made of: a worker's rate, and what all programs together take of the cores */
export async function measureManyFiles(
  program: string,
  ground: CopyGround,
  { files, bytes, runs }: { readonly files: readonly number[]; readonly bytes: number; readonly runs: number },
  { rate, cpuOfAll }: OneFile,
): Promise<ManyFiles> {
  const walls: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    await Promise.all(files.map((file) => work(program, ground.job(file))));
    walls.push((performance.now() - began) / 1000);
    console.error(`${files.length} files of ${bytes / 1e6} MB: ${walls.at(-1)?.toFixed(1)} s`);
    await ground.clear();
  }
  const most = cpuOfAll === undefined ? {} : { most: cpus().length / cpuOfAll };
  const workers = { rate: rate.median, concurrency: CONCURRENCY, ...most };
  const sizes = files.map(() => bytes);
  return { files: files.length, bytes, wall: figure(walls), predicted: predicted(sizes, workers) };
}
