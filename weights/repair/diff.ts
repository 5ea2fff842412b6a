import { printable } from '../printable';
import type { Repair } from './repair';

/** Lines around a change. */
const CONTEXT = 3;

/** Beyond this many comparisons the changed middle is shown as a whole: a repair changes a few lines of a file. */
const MAX_COMPARED = 4_000_000;

/** The official index is one line of 36 kB; a terminal shows the beginning. */
const MAX_LINE = 160;

type Line = readonly [mark: ' ' | '-' | '+', text: string];

/** A repair as a unified diff, or a line for a file that is left out. Lines are cut, so it is for reading only. */
export function diff(repair: Repair): string {
  const name = printable(repair.file);
  if (repair.kind === 'leave-out') return `--- ${name}\n+++ /dev/null (left out: ${repair.what})\n`;
  const before = repair.before === undefined ? [] : split(repair.before);
  const from = repair.before === undefined ? '/dev/null' : name;
  const { start, lines } = changes(before, split(repair.after));
  return [`--- ${from}`, `+++ ${name} (${repair.what})`, ...hunks(lines, start), ''].join('\n');
}

function split(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** The differing middle of two texts with its context, and the number of its first line. */
function changes(a: readonly string[], b: readonly string[]): { start: number; lines: readonly Line[] } {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const start = Math.max(0, head - CONTEXT);
  const middle = common(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const same = (lines: readonly string[]) => lines.map((text): Line => [' ', text]);
  const after = same(a.slice(a.length - tail, a.length - tail + CONTEXT));
  return { start, lines: [...same(a.slice(start, head)), ...middle, ...after] };
}

/** The longest common subsequence of two short lists of lines. */
function common(a: readonly string[], b: readonly string[]): readonly Line[] {
  if (a.length * b.length > MAX_COMPARED) return [...marked('-', a), ...marked('+', b)];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push([' ', a[i] ?? '']);
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push(['-', a[i++] ?? '']);
    else lines.push(['+', b[j++] ?? '']);
  }
  return [...lines, ...marked('-', a.slice(i)), ...marked('+', b.slice(j))];
}

const marked = (mark: Line[0], lines: readonly string[]): Line[] => lines.map((text) => [mark, text]);

/** Splits where more than twice the context is unchanged. */
function hunks(lines: readonly Line[], start: number): readonly string[] {
  const near = new Set<number>();
  lines.forEach(([mark], at) => {
    if (mark !== ' ') for (let by = -CONTEXT; by <= CONTEXT; by++) near.add(at + by);
  });
  const output: string[] = [];
  let [oldLine, newLine] = [start + 1, start + 1];
  lines.forEach(([mark, text], at) => {
    if (near.has(at) && !near.has(at - 1)) output.push(`@@ -${oldLine} +${newLine} @@`);
    if (near.has(at)) output.push(mark + shown(text));
    if (mark !== '+') oldLine++;
    if (mark !== '-') newLine++;
  });
  return output;
}

/** Hostile text must not reach a terminal. */
function shown(text: string): string {
  const plain = text.replace(/(?!\t)[\p{C}\p{Zl}\p{Zp}]/gu, '�');
  return plain.length > MAX_LINE ? `${plain.slice(0, MAX_LINE)}… (${plain.length} characters)` : plain;
}
