import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { localFolder, packageRoot } from '../../local/paths';

const run = promisify(execFile);

/** What a program of its own prints, as JSON: each part is measured in a process that does nothing else. */
export async function printed(program: string, argv: readonly string[]): Promise<unknown> {
  const { stdout } = await run(program, argv, { cwd: packageRoot(), maxBuffer: 1024 * 1024 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/**
 * A file of this folder as a program, made as the package is: run from source by tsx, every closure would carry its name, and
 * the figures would be of that.
 */
export async function built(file: string): Promise<string> {
  const outfile = localFolder('run', 'bench-chat', file.replace(/ts$/, 'cjs'));
  await build({
    entryPoints: [join(__dirname, file)],
    ...{ outfile, bundle: true, packages: 'external', minify: true, tsconfigRaw: '{}' },
    ...{ platform: 'node', target: 'node20', format: 'cjs' },
  });
  return outfile;
}
