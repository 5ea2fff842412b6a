import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findPython } from '../../../local/python';

/** As it is published: built before the tests begin, and without this checkout's packages. */
export const PROGRAM = join(__dirname, '..', '..', '..', 'dist', 'bin', 'bedrock-gpt-oss.js');

/** Ends with the program that it gives a terminal, and with its exit code. */
const IN_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

const MILLISECONDS_TO_SAY_IT = 60_000;

/** `chat …` on a real terminal, and somebody at it. */
export interface Sitting {
  /** All that the terminal has shown, its control sequences included. */
  readonly shown: () => string;
  /** Waits for a text behind those that were waited for before. */
  readonly sees: (text: string) => Promise<void>;
  readonly types: (text: string) => void;
  /** Its exit code. */
  readonly ended: () => Promise<number | null>;
  /** Ends the program if it has not ended. */
  readonly leave: () => void;
}

export async function sitAt(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Sitting> {
  const command = ['-c', IN_TERMINAL, process.execPath, PROGRAM, 'chat', ...argv];
  const child = spawn(await findPython(), command, { env: { TERM: 'xterm', ...env }, stdio: 'pipe' });
  const ended = once(child, 'close');
  let shown = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  const find = (text: string): boolean => {
    const at = shown.indexOf(text, seen);
    if (at >= 0) seen = at + text.length;
    return at >= 0;
  };
  return {
    shown: () => shown,
    sees: async (text) => {
      const patience = AbortSignal.timeout(MILLISECONDS_TO_SAY_IT);
      while (!find(text)) {
        if (hasEnded(child) && !find(text)) throw new Error(`it ended and never said '${text}', but: ${shown}`);
        await Promise.race([once(child.stdout, 'data', { signal: patience }), ended]).catch(() => undefined);
        if (patience.aborted) throw new Error(`it never said '${text}', but: ${shown}`);
      }
    },
    types: (text) => {
      child.stdin.write(text);
    },
    ended: async () => {
      await ended;
      return child.exitCode;
    },
    leave: () => {
      if (!hasEnded(child)) child.kill();
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
