import { printable, sizeText } from '../../weights/printable';
import { count } from './findings';
import type { FileProgress, Progress } from './progress';

/** Columns that the total line needs behind its bar: "100%  41.83 GB of 41.83 GB, 100.0 MB/s, 1:06:40 left". */
const BEHIND = 52;

/** How a line is divided: a name, a bar, and what stands behind it. */
interface Layout {
  readonly name: number;
  readonly bar: number;
}

function layoutOf(columns: number): Layout {
  const bar = columns < 110 ? 10 : 20;
  return { bar, name: Math.max(12, Math.min(40, columns - bar - BEHIND - 4)) };
}

/** As seen on a terminal: a line a file in flight, and one for all. */
export function bars(progress: Progress, columns: number): string[] {
  const layout = layoutOf(columns);
  return [...progress.inFlight.map((file) => fileBar(file, layout)), totalBar(progress, layout)].map((line) =>
    // a line that wraps would not be overwritten
    line.slice(0, columns - 1),
  );
}

/** As written to a log every few seconds. */
export function progressLine(progress: Progress): string {
  const { phase, files, totalFiles, bytes, total } = progress;
  const done = `${percent(bytes, total)}, ${sizeText(bytes)} of ${sizeText(total)}`;
  const count = phase === 'hashing' ? 'hashing' : `${files} of ${totalFiles} files`;
  return [count, done, ...pace(progress)].join(', ');
}

/** 75 as "1:15", 4000 as "1:06:40". */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number: number) => number.toString().padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function fileBar({ name, bytes, total }: FileProgress, layout: Layout): string {
  return barLine(printable(name.replace(/\.safetensors$/, '')), bytes, total, layout, sizeText(total));
}

function totalBar(progress: Progress, layout: Layout): string {
  const { phase, bytes, total, files, totalFiles } = progress;
  const what = phase === 'hashing' ? 'hashing' : `all: ${files} of ${totalFiles} files`;
  const done = `${sizeText(bytes)} of ${sizeText(total)}`;
  return barLine(what, bytes, total, layout, [done, ...pace(progress)].join(', '));
}

function barLine(what: string, bytes: number, total: number, { name, bar }: Layout, behind: string): string {
  const full = Math.floor(share(bytes, total) * bar);
  const drawn = `[${'='.repeat(full)}${' '.repeat(bar - full)}]`;
  return `${shortened(what, name).padEnd(name)} ${drawn} ${percent(bytes, total).padStart(4)}  ${behind}`;
}

function pace({ rate, left, repeated }: Progress): string[] {
  return [
    ...(rate > 0 ? [`${sizeText(rate)}/s`] : []),
    ...(left !== undefined ? [`${clock(left)} left`] : []),
    ...(repeated > 0 ? [`${count(repeated, 'call')} repeated`] : []),
  ];
}

/** 100 % only when it is all. */
function percent(bytes: number, total: number): string {
  return `${Math.floor(share(bytes, total) * 100)}%`;
}

function share(bytes: number, total: number): number {
  return total === 0 ? 1 : Math.min(1, bytes / total);
}

/** The end tells shards apart. */
function shortened(name: string, width: number): string {
  return name.length <= width ? name : `…${name.slice(name.length - width + 1)}`;
}
