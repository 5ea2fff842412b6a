/** How long a copy takes, as the docs estimate it. Bytes, and bytes a second. */
export interface Workers {
  /** Of one worker alone. */
  readonly rate: number;
  /** Of all together, however many there are. @default - nothing bounds them but their number */
  readonly most?: number;
  /** How many work at once. */
  readonly concurrency: number;
}

/** Seconds: the whole by all workers' rate, or the largest file by one's, whichever is more. */
export function predicted(sizes: readonly number[], { rate, most = Infinity, concurrency }: Workers): number {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const all = Math.min(most, rate * Math.min(concurrency, sizes.length));
  return Math.max(total / all, Math.max(...sizes) / rate);
}

/** The shards that OpenAI's repositories hold. */
export const GPT_OSS_20B = [4_792_272_488, 4_798_702_184, 4_170_342_232];
/** Fifteen shards of 65,248,815,744 bytes in all, the largest of 4.63 GB; the others are taken for equal. */
export const GPT_OSS_120B = [4_630_000_000, ...Array.from({ length: 14 }, () => (65_248_815_744 - 4_630_000_000) / 14)];

/** What a function's network brings, as others have measured it: 400 to 700 Mbit/s, more with more memory. */
export const LAMBDA_RATES = [50e6, 88e6] as const;
