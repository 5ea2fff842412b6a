import type { CheckFigures } from './check';
import type { Figures } from './figures';
import { goals } from './goals';
import type { Figure } from './statistics';

/** The figures in Markdown, as they stand in README.md. */
export function report(figures: Figures): string {
  const { machine, command, check, upload, memory } = figures;
  const parts = [`Measured by \`${command}\` on ${machine}.`];
  if (upload) parts.push(...uploadPart(upload));
  if (memory) {
    const { bytes, peakBytes, wall } = memory;
    parts.push(
      `Ours with ${gb(bytes)} (sparse files): ${mb(peakBytes)} of memory at its peak, ${wall.toFixed(1)} s, one run.`,
    );
  }
  if (check) parts.push(...checkPart(check));
  const rows = goals(figures).map(({ what, wanted, found, met }) => [what, wanted, found, met ? 'met' : '**missed**']);
  parts.push('### Goals', table(['goal', 'wanted', 'found', ''], rows));
  return parts.join('\n\n');
}

function uploadPart({ bytes, shards, runs, objectsIn, clients, absent }: NonNullable<Figures['upload']>): string[] {
  const [ours] = clients;
  const rows = clients.map(({ title, wall, cpu, peakBytes, bound }) => [
    title,
    withSpread(wall, 1),
    ours ? `${(wall.median / ours.wall.median).toFixed(2)} ×` : '',
    bound ? bound.median.toFixed(1) : '',
    withSpread(cpu, 1),
    ours ? `${(cpu.median / ours.cpu.median).toFixed(2)} ×` : '',
    mb(peakBytes.most),
  ]);
  return [
    `### Upload: ${gb(bytes)} in ${shards} shards`,
    `To one versitygw on the same machine over TLS, its objects in ${objectsIn}; ${runs} runs of each, taken in turn; median (least to most), and by how much it is ours. CPU seconds are the client's alone; what the cores allow is those of client and server together, divided by the number of cores.`,
    table(['client', 'wall, s', '', 'the cores allow, s', 'CPU, s', '', 'peak memory'], rows),
    ...absent.map((reason) => `Left out: ${reason}.`),
  ];
}

function checkPart({ command, commandRead, folderRead, first, later, python }: CheckFigures): string[] {
  const row = (who: string, one: Figure, others: Figure) => [who, inMs(one), inMs(others)];
  const rows = [row('`check` in process: every rule', first, later)];
  if (typeof python !== 'string') {
    rows.push(row(`Python's \`safe_open\` and \`keys()\`: ${python.tensors} names`, python.first, python.later));
  }
  return [
    '### Check: gpt-oss-120b, 65 GB in 15 shards',
    `Real headers and a tokenizer.json of its real size; the tensors are holes in the files. The whole command takes ${withSpread(command.wall, 2)} s, ${withSpread(command.cpu, 2)} CPU s and ${mb(command.peakBytes.most)} of memory; it reads ${mb(commandRead)}, ${mb(folderRead)} of it from the folder.`,
    table(['over the same 15 shards', 'first time in a process, ms', 'later times, ms'], rows),
    ...(typeof python === 'string' ? [`Left out: safe_open: ${python}.`] : []),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function withSpread({ median, least, most }: Figure, digits: number): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

const inMs = ({ median, least, most }: Figure) =>
  withSpread({ median: median * 1000, least: least * 1000, most: most * 1000 }, 1);
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
