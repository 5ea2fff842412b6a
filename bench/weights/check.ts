import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { z } from 'zod';
import { localFolder, packageRoot } from '../../local/paths';
import { ensureVenv } from '../../local/python';
import { measure, type Measured, type Measuring } from './measure';
import { type Figure, figure } from './statistics';

const run = promisify(execFile);

const RUNS = 10;

/** How often a process repeats the check: the first time is what a command has, the others what a server has. */
const TIMES = 20;

/** Seconds and bytes. */
export interface CheckFigures {
  readonly command: { readonly wall: Figure; readonly cpu: Figure; readonly peakBytes: Figure };
  /** By every read call of the command, its own program's files included. */
  readonly commandRead: number;
  /** From the folder. */
  readonly folderRead: number;
  readonly first: Figure;
  readonly later: Figure;
  /** The same of Python's `safe_open`, or why there is none. */
  readonly python: { readonly first: Figure; readonly later: Figure; readonly tensors: number } | string;
}

export async function measureCheck(folder: string, measuring: Measuring): Promise<CheckFigures> {
  const program = join(packageRoot(), 'dist', 'bin', 'bedrock-gpt-oss.js');
  const python = await ensureVenv('bench-safetensors', ['safetensors==0.8.0', 'numpy==2.2.6']).catch(String);
  const inProcess = await bundled();
  const commands: Measured[] = [];
  const own = [];
  const peer = [];
  for (let time = 0; time < RUNS; time++) {
    commands.push(await measure({ argv: [process.execPath, program, 'check', folder] }, measuring));
    own.push(await checks(inProcess, folder));
    if (!python.startsWith('Error')) peer.push(await safeOpen(join(python, 'python'), folder));
  }
  const of = (name: 'wall' | 'cpu' | 'peakBytes' | 'bytesRead') => figure(commands.map((one) => one[name]));
  return {
    command: { wall: of('wall'), cpu: of('cpu'), peakBytes: of('peakBytes') },
    commandRead: of('bytesRead').median,
    folderRead: Math.max(...own.map(({ bytesRead }) => bytesRead)),
    ...firstAndLater(own),
    python: peer.length > 0 ? { ...firstAndLater(peer), tensors: peer[0]?.tensors ?? 0 } : python,
  };
}

function firstAndLater(runs: readonly { readonly seconds: readonly number[] }[]) {
  return {
    first: figure(runs.flatMap(({ seconds }) => seconds.slice(0, 1))),
    later: figure(runs.map(({ seconds }) => figure(seconds.slice(1)).median)),
  };
}

const Ours = z.object({ seconds: z.array(z.number()), bytesRead: z.number(), errors: z.array(z.string()) });

/** As it is published: run from source by tsx, every closure would carry its name, and that would be measured. */
async function bundled(): Promise<string> {
  const outfile = localFolder('bench-check', 'check-in-process.js');
  const entry = join(__dirname, 'check-in-process.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', mainFields: ['module', 'main'] });
  return outfile;
}

async function checks(program: string, folder: string): Promise<z.infer<typeof Ours>> {
  const found = Ours.parse(JSON.parse((await run(process.execPath, [program, folder, String(TIMES)])).stdout));
  if (found.errors.length > 0) throw new Error(`the folder was to be without errors: ${found.errors.join('; ')}`);
  return found;
}

const Python = z.object({ seconds: z.array(z.number()), tensors: z.number() });

async function safeOpen(python: string, folder: string): Promise<z.infer<typeof Python>> {
  const { stdout } = await run(python, [join(__dirname, 'safe_open.py'), folder, String(TIMES)]);
  return Python.parse(JSON.parse(stdout));
}
