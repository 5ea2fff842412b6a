import type { Out, Stream } from './out';

type Paint = (text: string) => string;

export interface Colours {
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly bold: Paint;
  readonly dim: Paint;
}

/** For a terminal, unless NO_COLOR says otherwise (no-color.org) or the terminal is a dumb one. */
export function coloursFor(stream: Stream, { env }: Pick<Out, 'env'>): Colours {
  const on = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint = (start: number, end: number) => (text: string) => (on ? `\u001b[${start}m${text}\u001b[${end}m` : text);
  return { red: paint(31, 39), yellow: paint(33, 39), green: paint(32, 39), bold: paint(1, 22), dim: paint(2, 22) };
}
