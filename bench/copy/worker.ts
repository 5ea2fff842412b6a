import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { z } from 'zod';
import { localFolder, packageRoot } from '../../local/paths';

const run = promisify(execFile);

const Worked = z.object({
  /** Of the copy alone, its process's start not counted. */
  seconds: z.number(),
  /** Seconds of all its threads, in the program and in the kernel. */
  cpu: z.number(),
  /** The most memory that it held at once. */
  peakBytes: z.number(),
  /** That the bytes hashed from memory took. */
  hashSeconds: z.number(),
  hashCpu: z.number(),
});

export type Worked = z.infer<typeof Worked>;

/** The worker as a program, made as the function's bundle is. */
export async function buildWorker(): Promise<string> {
  const outfile = localFolder('run', 'bench-copy', 'copy-program.cjs');
  await build({
    entryPoints: [join(__dirname, 'copy-program.ts')],
    ...{ outfile, bundle: true, packages: 'external', minify: true, tsconfigRaw: '{}' },
    ...{ platform: 'node', target: 'node20', format: 'cjs' },
  });
  return outfile;
}

/** A file to copy, from where to where. */
export interface Job {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** @param hashBytes that are hashed from memory before the copy, and after it @throws with its own words when it fails */
export async function work(program: string, { argv, environment }: Job, hashBytes = 0): Promise<Worked> {
  const options = { cwd: packageRoot(), env: { ...process.env, ...environment } };
  const { stdout } = await run(process.execPath, [program, ...argv, `--hash-bytes=${hashBytes}`], options);
  return Worked.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}
