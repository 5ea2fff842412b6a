import { gigabytes, printable } from '../../weights/printable';
import type { FileProgress, Progress } from './progress';

/** Columns of a bar; what is left of a line goes to the name. */
const BAR = 20;
const NAME = 44;

/** As seen on a terminal: a line a file in flight, and one for all. */
export function bars(progress: Progress, columns: number): string[] {
  const width = Math.max(12, Math.min(NAME, columns - BAR - 24));
  return [...progress.inFlight.map((file) => fileBar(file, width)), totalBar(progress, width)].map((line) =>
    // a line that wraps would not be overwritten
    line.slice(0, columns - 1),
  );
}

/** As written to a log every few seconds. */
export function progressLine(progress: Progress): string {
  const { phase, files, totalFiles, bytes, total } = progress;
  const done = `${percent(bytes, total)}, ${gigabytes(bytes)} of ${gigabytes(total)}`;
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

function fileBar({ name, bytes, total }: FileProgress, width: number): string {
  return `${shortened(printable(name), width).padEnd(width)} ${bar(bytes, total)} ${percent(bytes, total).padStart(4)}  ${gigabytes(total)}`;
}

function totalBar(progress: Progress, width: number): string {
  const { phase, bytes, total, files, totalFiles } = progress;
  const what = phase === 'hashing' ? 'hashing' : `all: ${files} of ${totalFiles} files`;
  const done = `${gigabytes(bytes)} of ${gigabytes(total)}`;
  return [
    `${what.padEnd(width)} ${bar(bytes, total)} ${percent(bytes, total).padStart(4)}  ${done}`,
    ...pace(progress),
  ].join(', ');
}

function pace({ rate, left, repeated }: Progress): string[] {
  return [
    ...(rate > 0 ? [`${gigabytes(rate)}/s`] : []),
    ...(left !== undefined ? [`${clock(left)} left`] : []),
    ...(repeated > 0 ? [`${repeated} calls repeated`] : []),
  ];
}

function bar(bytes: number, total: number): string {
  const full = Math.floor(share(bytes, total) * BAR);
  return `[${'='.repeat(full)}${' '.repeat(BAR - full)}]`;
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
