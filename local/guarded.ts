import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from './paths';

export interface GuardedOptions {
  /** A Python interpreter, to run the guardian. */
  readonly python: string;
  /** Folder of the command's files, removed when it is ended; what the command leaves when it ends by itself stays. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingFolder: string;
  /** Where output goes: a file's descriptor, or 'pipe'. */
  readonly output: number | 'pipe';
}

/** A command that cannot outlive this process, nor can anything that it starts. */
export interface Guarded {
  readonly process: ChildProcess;
  /** The command's exit code, 128 and more for a signal, when all of its processes have ended. */
  readonly ended: Promise<number>;
  readonly running: () => boolean;
  /** What Ctrl-C does to a command in a terminal. */
  interrupt(): void;
  /** Ends the command and everything that it has started, and removes its folder. */
  end(): Promise<void>;
}

/** Starts a command under the guardian, in a session of its own: Ctrl-C in the terminal reaches only this process. */
export function spawnGuarded(command: readonly string[], options: GuardedOptions): Guarded {
  const guardian = join(packageRoot(), 'local', 'guardian.py');
  const stdio: StdioOptions = ['pipe', options.output, options.output];
  const child = spawn(options.python, [guardian, options.folder, ...command], {
    stdio,
    detached: true,
    env: options.environment,
    cwd: options.workingFolder,
  });
  const ended = once(child, 'close').then(() => child.exitCode ?? 1);
  child.unref(); // it must not keep us alive: it ends when we do
  return {
    process: child,
    ended,
    running: () => child.exitCode === null && child.signalCode === null,
    interrupt: () => child.kill('SIGINT'),
    end: async () => {
      child.ref();
      child.stdin?.end();
      await ended;
    },
  };
}
