import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../local/paths';

interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function listed(): readonly Listed[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [, pid = '', parent = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command };
  });
}

/** The guardian of a ground's folder and everything below it. */
export function processesOf(folder: string): readonly Listed[] {
  const all = listed();
  const below = (pids: readonly number[]): readonly Listed[] => {
    const children = all.filter(({ parent }) => pids.includes(parent));
    return children.length === 0 ? [] : [...children, ...below(children.map(({ pid }) => pid))];
  };
  const guardians = all.filter(({ command }) => command.includes(`guardian.py ${folder}`));
  return [...guardians, ...below(guardians.map(({ pid }) => pid))];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Those of the processes that still live when all are gone or the time is up. */
export async function survivors(processes: readonly Listed[], seconds = 5): Promise<readonly Listed[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const alive = processes.filter(({ pid }) => isAlive(pid));
    if (alive.length === 0 || Date.now() > deadline) return alive;
    await sleep(50);
  }
}

/** Runs a TypeScript program of this package on the Node that runs us. */
export function startProgram(file: string, options: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', file, ...options], {
    cwd: packageRoot(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What a program has printed as soon as it matches. */
export async function printed(program: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    program.stdout?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (pattern.test(text)) resolve(text);
    });
    program.once('close', (code) => {
      reject(new Error(`the program ended with ${String(code)} after printing: ${text}`));
    });
  });
}
