import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Keyboard, Lines } from './keyboard';

const HINT = '(Ctrl-C again, or Ctrl-D, ends)';

/** Prompts go where progress goes, so that answers can be redirected. */
export function keyboard(): Keyboard {
  return {
    isTTY: process.stdin.isTTY,
    text: () => text(process.stdin),
    open: () => typedLines(process.stdin, process.stderr),
  };
}

/** While this is open the terminal sends no SIGINT: Ctrl-C is a key like others, and means what is said here. */
export function typedLines(input: Readable, output: Writable): Lines {
  const reader = createInterface({ input, output, terminal: true });
  const early: string[] = [];
  let isClosed = false;
  let isSecond = false;
  let answering: AbortController | undefined;
  let deliver: ((line: string | undefined) => void) | undefined;

  const take = (line: string | undefined) => {
    const waiting = deliver;
    deliver = undefined;
    waiting?.(line);
  };
  reader.on('line', (line) => {
    isSecond = false;
    if (deliver) take(line);
    else early.push(line);
  });
  reader.on('close', () => {
    isClosed = true;
    answering?.abort();
    // or the shell's prompt stands behind ours
    if (deliver) output.write('\n');
    take(undefined);
  });
  reader.on('SIGINT', () => {
    if (isSecond) {
      reader.close();
      return;
    }
    isSecond = true;
    if (answering) answering.abort();
    else startLineAnew();
  });
  const startLineAnew = () => {
    for (const name of ['e', 'u']) reader.write(null, { ctrl: true, name });
    output.write(`\n${HINT}\n`);
    reader.prompt();
  };

  return {
    next: (prompt) => {
      const [line] = early.splice(0, 1);
      if (line !== undefined || isClosed) return Promise.resolve(line);
      return new Promise((resolve) => {
        deliver = resolve;
        reader.setPrompt(prompt);
        // what was typed during the answer stays on the line
        reader.prompt(true);
      });
    },
    stoppable: async (run) => {
      answering = new AbortController();
      if (isClosed) answering.abort();
      try {
        return await run(answering.signal);
      } finally {
        answering = undefined;
      }
    },
    close: () => {
      reader.close();
    },
  };
}
