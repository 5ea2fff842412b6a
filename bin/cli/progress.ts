import type { TransferEvent } from '../../weights/transfer/events';

/** How far a transfer is. Bytes throughout. */
export interface Progress {
  /** What it does now. */
  readonly phase: 'hashing' | 'moving';
  readonly bytes: number;
  readonly total: number;
  readonly files: number;
  readonly totalFiles: number;
  /** In the order in which they began. */
  readonly inFlight: readonly FileProgress[];
  /** A second, over the last few; 0 where nothing is known yet. */
  readonly rate: number;
  /** Seconds left at that rate. */
  readonly left?: number;
  /** Calls that failed and were made again. */
  readonly repeated: number;
}

export interface FileProgress {
  readonly name: string;
  readonly bytes: number;
  readonly total: number;
}

/** Milliseconds over which the rate is taken: short enough to show a change, long enough not to jump with every part. */
const WINDOW = 10_000;

export interface Amounts {
  readonly files: number;
  readonly bytes: number;
}

/** Adds up what a transfer tells. `now` is in milliseconds. */
export function progressOf(planned: Amounts) {
  let { files: totalFiles, bytes: total } = planned;
  let hashed = 0;
  let repeated = 0;
  const finished = new Map<string, number>();
  const inFlight = new Map<string, { bytes: number; readonly total: number }>();
  let samples: { readonly at: number; readonly bytes: number }[] = [];

  return {
    hear(event: TransferEvent, now: number): void {
      switch (event.type) {
        case 'plan':
          [totalFiles, total, samples] = [event.files, event.bytes, []];
          return;
        case 'hashed':
          hashed += event.bytes;
          samples = recent([...samples, { at: now, bytes: event.bytes }], now);
          return;
        case 'started':
          inFlight.set(event.file, { bytes: 0, total: event.size });
          return;
        case 'part': {
          const file = inFlight.get(event.file);
          if (file) file.bytes = Math.min(file.total, file.bytes + event.bytes);
          if (event.moved) samples = recent([...samples, { at: now, bytes: event.bytes }], now);
          return;
        }
        case 'skipped':
        case 'done':
          inFlight.delete(event.file);
          finished.set(event.file, event.size);
          return;
        case 'restarted':
          inFlight.delete(event.file);
          return;
        case 'retried':
          repeated++;
          return;
        case 'unfinished':
        case 'stale':
        case 'replaced':
        case 'total':
          return;
      }
    },

    view(now: number): Progress {
      const phase = finished.size === 0 && inFlight.size === 0 && hashed > 0 ? 'hashing' : 'moving';
      const sent = sum([...finished.values()]) + sum([...inFlight.values()].map(({ bytes }) => bytes));
      const bytes = phase === 'hashing' ? hashed : sent;
      const rate = rateOf(recent(samples, now), now);
      return {
        phase,
        bytes,
        total,
        files: finished.size,
        totalFiles,
        inFlight: [...inFlight].map(([name, file]) => ({ name, ...file })),
        rate,
        ...(rate > 0 && { left: Math.max(0, total - bytes) / rate }),
        repeated,
      };
    },
  };
}

function recent<T extends { readonly at: number }>(samples: readonly T[], now: number): T[] {
  return samples.filter(({ at }) => now - at <= WINDOW);
}

function rateOf(samples: readonly { readonly at: number; readonly bytes: number }[], now: number): number {
  const [first, ...rest] = samples;
  if (!first || rest.length === 0) return 0;
  // the first one's bytes moved before the time that is measured began
  return (sum(rest.map(({ bytes }) => bytes)) / Math.max(1, now - first.at)) * 1000;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, next) => total + next, 0);
}
