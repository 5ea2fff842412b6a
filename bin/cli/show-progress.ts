import type { TransferEvent } from '../../weights/transfer/events';
import { few, printable } from '../../weights/printable';
import { bars, clock, progressLine } from './bars';
import { count } from './findings';
import { columnsOf, type Out } from './out';
import { type Amounts, progressOf } from './progress';

export type ProgressMode = 'people' | 'quiet' | 'json';

/** Milliseconds between two drawings on a terminal, and between two lines in a log. */
const REDRAW = 100;
const LINE = 5_000;

/** Milliseconds from which on a wait gets a line beside the bars: the Hub asks for minutes after too many requests. */
const LONG_WAIT = 25_000;

export interface Shown {
  readonly tell: (event: TransferEvent) => void;
  /** Takes the bars away; what is written later begins on a line of its own. */
  end(): void;
}

/** Shows how a transfer goes on: bars on a terminal, a line every few seconds elsewhere, or each event as JSON. */
export function showProgress(out: Out, mode: ProgressMode, planned: Amounts): Shown {
  if (mode === 'json') return { tell: (event) => out.stdout.write(`${JSON.stringify(event)}\n`), end: () => undefined };
  if (mode === 'quiet') return { tell: () => undefined, end: () => undefined };
  const progress = progressOf(planned);
  const isTerminal = out.stderr.isTTY === true && out.env['TERM'] !== 'dumb';
  const screen = isTerminal ? terminal(out) : log(out);
  let isPlanned = planned.files > 0;
  const draw = () => {
    // before that it would look as if there were nothing to do
    if (!isPlanned) return;
    screen.draw(() => progress.view(Date.now()));
  };
  const timer = setInterval(draw, isTerminal ? REDRAW : LINE);
  timer.unref();
  return {
    tell(event) {
      progress.hear(event, Date.now());
      isPlanned ||= event.type === 'plan';
      if (event.type === 'unfinished') screen.say(unfinishedLine(event.files));
      if (event.type === 'replaced') screen.say(replacedLine(event.hash));
      if (event.type === 'restarted') screen.say(`${printable(event.file)} begins again: ${event.reason}`);
      const wait = waitLine(event, LONG_WAIT);
      if (wait !== undefined) screen.say(wait);
    },
    end() {
      clearInterval(timer);
      screen.clear();
    },
  };
}

/** Why nothing happens for a while; undefined for what is no wait, or one shorter than `leastMs`. */
export function waitLine(event: TransferEvent, leastMs: number): string | undefined {
  if (event.type !== 'retried' || event.waitMs < leastMs) return undefined;
  return `${event.what}; waiting ${clock(event.waitMs / 1000)}`;
}

function unfinishedLine(files: readonly string[]): string {
  const begun = `goes on with ${count(files.length, 'file')} that an earlier run began: ${few(files)}`;
  return `${begun}; if that still runs, stop one of the two: each undoes what the other does`;
}

function replacedLine(hash: string): string {
  const came = `another upload of other content (${hash.slice(0, 16)}) ended here meanwhile`;
  return `${came}, and this one takes its place: give each model a prefix of its own`;
}

interface Screen {
  draw(view: () => ReturnType<ReturnType<typeof progressOf>['view']>): void;
  say(line: string): void;
  clear(): void;
}

function terminal({ stderr }: Out): Screen {
  let drawn = 0;
  const erase = () => {
    // up over the lines of the last drawing, and away with everything below
    if (drawn > 0) stderr.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  return {
    draw(view) {
      const lines = bars(view(), columnsOf(stderr));
      erase();
      stderr.write(`${lines.join('\n')}\n`);
      drawn = lines.length;
    },
    say(line) {
      erase();
      stderr.write(`${line}\n`);
    },
    clear: erase,
  };
}

function log({ stderr }: Out): Screen {
  return {
    draw: (view) => stderr.write(`${progressLine(view())}\n`),
    say: (line) => stderr.write(`${line}\n`),
    clear: () => undefined,
  };
}
