import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

const Measured = z.object({
  /** Seconds. */
  wall: z.number(),
  /** Seconds of all its threads, in the program and in the kernel. */
  cpu: z.number(),
  /** The most memory that it held at once. */
  peakBytes: z.number(),
  /** By read calls, its own program's files included; 0 where the kernel does not say (other than Linux). */
  bytesRead: z.number(),
});

/** What a command took. */
export type Measured = z.infer<typeof Measured>;

export interface Command {
  readonly argv: readonly string[];
  /** Beside the PATH and the home folder. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Measuring {
  readonly python: string;
  /** A folder for what commands leave in their working directory. */
  readonly scratch: string;
}

/**
 * Runs a command to its end and measures it. A separate Python does the waiting: Node does not tell what a child took.
 *
 * @throws with the command's own words when it fails
 */
export async function measure({ argv, environment }: Command, { python, scratch }: Measuring): Promise<Measured> {
  const report = join(scratch, 'measured.json');
  const env = { PATH: process.env['PATH'], HOME: scratch, ...environment };
  const options = { cwd: scratch, env, maxBuffer: 64 * 1024 * 1024 };
  await run(python, [join(__dirname, 'measure.py'), report, ...argv], options).catch((cause: unknown) => {
    throw new Error(`${argv.join(' ')} failed: ${words(cause)}`, { cause });
  });
  return Measured.parse(JSON.parse(await readFile(report, 'utf8')));
}

function words(cause: unknown): string {
  const { stdout, stderr } = z
    .object({ stdout: z.string().catch(''), stderr: z.string().catch('') })
    .catch({ stdout: '', stderr: String(cause) })
    .parse(cause);
  return `${stderr}\n${stdout}`.trim().slice(-1000);
}
