import type { Figure } from '../weights/statistics';
import type { Added } from './added';
import type { ColdImport } from './cold-import';
import type { Cpu } from './cpu';
import type { Held } from './held';

/** All that one run of the bench found. */
export interface Figures {
  readonly machine: string;
  readonly added: readonly Added[];
  readonly held: readonly Held[];
  readonly cpu: Cpu;
  readonly imports: readonly ColdImport[];
}

/** The figures in Markdown, as they stand in README.md. */
export function report({ machine, added, held, cpu, imports }: Figures): string {
  return [
    `Measured by \`npm run bench:chat\` on ${machine}.`,
    ...addedPart(added),
    ...heldPart(held),
    ...cpuPart(cpu),
    ...importPart(imports),
  ].join('\n\n');
}

/** Goals in milliseconds. */
const MOST = { request: 0.5, chunk: 0.05 };

function addedPart(added: readonly Added[]): string[] {
  const rows = added.map(({ what, unit, ways: [bare, rewritten, ours, official] }) => {
    const more = ours.wall.median - bare.wall.median;
    const cpu = ours.cpu && bare.cpu && ours.cpu.median - bare.cpu.median;
    return [
      what,
      `a ${unit}`,
      milliseconds(bare.wall.median),
      milliseconds(rewritten.wall.median - bare.wall.median),
      `**${milliseconds(more)}**`,
      cpu === undefined ? '' : milliseconds(cpu),
      milliseconds(official.wall.median - ours.wall.median),
      `≤ ${MOST[unit]}: ${more <= MOST[unit] ? 'met' : '**missed**'}`,
    ];
  });
  const head = [
    '',
    'ms for',
    'the SDK bare',
    'parsing and writing add',
    '`bedrockFetch` adds',
    'of it CPU',
    'the `openai` package adds',
    'goal',
  ];
  return ['### Added time, p50', table(head, rows)];
}

/** What a process may hold more after 10,000 requests than after 1,000 and still count as flat. */
const FLAT = 1e6;

function heldPart(held: readonly Held[]): string[] {
  const [first] = held;
  const last = held.at(-1);
  if (!first || !last) return [];
  const more = last.heap - first.heap;
  const rows = held.map(({ requests, heap, resident }) => [requests.toLocaleString('en'), mb(heap), mb(resident)]);
  return [
    '### Memory',
    `Between request 1,000 and request 10,000, half of them streams, the heap grew by ${(more / 1e3).toFixed(0)} kB: ${more <= FLAT ? 'flat' : '**not flat**'}.`,
    table(['requests', 'heap after a collection', 'resident'], rows),
  ];
}

function cpuPart({ tokens, runs, clients, absent }: Cpu): string[] {
  const ours = clients.find(({ name }) => name === 'bedrockFetch');
  const rows = clients.map(({ name, cpu, pieces }) => [
    name,
    spread(cpu),
    ours ? `${(cpu.median / ours.cpu.median).toFixed(1)} ×` : '',
    String(pieces),
  ]);
  return [
    '### CPU of a stream',
    `Streams of ${tokens} tokens, one after another, from one server over HTTP on loopback; ${runs} runs of each, taken in turn; the client's process alone, its start and its first 20 streams not counted.`,
    table(['client', 'CPU ms a stream: median (least to most)', 'of ours', 'pieces read'], rows),
    ...absent.map((reason) => `Left out: ${reason}.`),
  ];
}

function importPart(imports: readonly ColdImport[]): string[] {
  const rows = imports.map(({ name, bytes, gzipped, load }) => [name, kb(bytes), kb(gzipped), spread(load)]);
  return ['### Cold import of `/chat`', table(['bundle', 'size', 'gzipped', 'ms to load, CommonJS'], rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function spread({ median, least, most }: Figure): string {
  return `${median.toFixed(1)} (${least.toFixed(1)} to ${most.toFixed(1)})`;
}

const milliseconds = (value: number) => value.toFixed(3);
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const kb = (bytes: number) => `${(bytes / 1e3).toFixed(0)} kB`;
