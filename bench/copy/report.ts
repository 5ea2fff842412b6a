import type { Figure } from '../weights/statistics';
import type { ManyFiles, OneFile } from './measure';
import { GPT_OSS_120B, GPT_OSS_20B, LAMBDA_RATES, predicted } from './model';

/** All that one run of the bench found. */
export interface CopyFigures {
  readonly machine: string;
  readonly command: string;
  readonly one: readonly OneFile[];
  readonly many: readonly ManyFiles[];
}

const GOAL = 0.8;

/** The figures in Markdown, as they stand in README.md. */
export function report({ machine, command, one, many }: CopyFigures): string {
  return [
    `Measured by \`${command}\` on ${machine}.`,
    '### One file',
    "Median (least to most). The hash is the copier's own, over bytes in memory, in the same process before and after the copy.",
    table(
      [
        'file',
        'runs',
        'MB/s',
        'the hash alone, MB/s',
        `ratio (goal ≥ ${GOAL})`,
        'the cores allow',
        'ratio by CPU s',
        'CPU s',
        'peak memory',
      ],
      one.map(row),
    ),
    ...memory(one),
    '### Several files side by side, each by a worker of its own',
    table(
      ['files', 'wall, s', 'predicted, s', 'found by predicted'],
      many.map(({ files, bytes, wall, predicted }) => [
        `${files} × ${size(bytes)}`,
        spread(wall, 1),
        predicted.toFixed(1),
        `${(wall.median / predicted).toFixed(2)} ×`,
      ]),
    ),
    '### What the model says of AWS',
    table(
      ['model', ...LAMBDA_RATES.map((rate) => `${rate / 1e6} MB/s a function`)],
      [
        ['gpt-oss-20b, 3 shards', ...LAMBDA_RATES.map((rate) => seconds(GPT_OSS_20B, rate))],
        ['gpt-oss-120b, 15 shards', ...LAMBDA_RATES.map((rate) => seconds(GPT_OSS_120B, rate))],
      ],
    ),
  ].join('\n\n');
}

function row({ bytes, runs, rate, hashRate, ratio, bound, cpuRatio, cpu, peakBytes }: OneFile): string[] {
  const met = ratio.median >= GOAL ? 'met' : '**missed**';
  return [
    size(bytes),
    runs.toString(),
    spread(inMb(rate), 0),
    spread(inMb(hashRate), 0),
    `${spread(ratio, 2)}: ${met}`,
    bound === undefined ? '' : bound.toFixed(2),
    spread(cpuRatio, 2),
    spread(cpu, 1),
    `${(peakBytes.most / 1e6).toFixed(0)} MB`,
  ];
}

function memory(one: readonly OneFile[]): string[] {
  const [first] = one;
  const last = one.at(-1);
  if (!first || !last || first === last) return [];
  const [less, more] = [first.peakBytes.most / 1e6, last.peakBytes.most / 1e6];
  const times = (last.bytes / first.bytes).toFixed(0);
  return [`Of a file ${times} times as large, the peak is ${more.toFixed(0)} MB where it was ${less.toFixed(0)} MB.`];
}

function seconds(sizes: readonly number[], rate: number): string {
  return `${Math.round(predicted(sizes, { rate, concurrency: 15 }))} s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const inMb = ({ median, least, most }: Figure): Figure => ({
  median: median / 1e6,
  least: least / 1e6,
  most: most / 1e6,
});
const size = (bytes: number) => (bytes < 1e9 ? `${bytes / 1e6} MB` : `${bytes / 1e9} GB`);

function spread({ median, least, most }: Figure, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}
