import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { localFolder, packageRoot } from '../../local/paths';
import { findPython } from '../../local/python';
import { chart } from './chart';
import { measureCheck } from './check';
import { ours, uploadClients } from './clients';
import type { Figures } from './figures';
import { machine } from './machine';
import { measure, type Measuring } from './measure';
import { GPT_OSS_120B, modelOfSize, writeModelFolder } from './model-folder';
import { report } from './report';
import { measureResume } from './resume';
import { startServer } from './server';
import { measureUploads } from './upload';

const PARTS = ['check', 'upload', 'resume', 'memory'] as const;

/** `npm run bench:weights -- [--gb 4] [--runs 3] [--memory-gb 8] [--only check,upload,resume,memory] [--publish]` */
const { values } = parseArgs({
  options: {
    gb: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
    'memory-gb': { type: 'string', default: '8' },
    only: { type: 'string', default: PARTS.join(',') },
    publish: { type: 'boolean', default: false },
  },
});

const SHARDS = 8;

/** A server has a file's parts and the file while it puts them together, here of up to four files at once. */
const ROOM = 1.6;

type Part = (typeof PARTS)[number];

async function main(): Promise<void> {
  mkdirSync(localFolder('run'), { recursive: true });
  const scratch = mkdtempSync(localFolder('run', 'bench-'));
  const wanted = new Set(values.only.split(','));
  const measuring: Measuring = { python: await findPython(), scratch };
  try {
    const check = wanted.has('check') ? await checkFigures(measuring) : undefined;
    const transfers = await transferFigures(
      PARTS.filter((part) => wanted.has(part)),
      measuring,
    );
    const argv = ['npm run bench:weights', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])];
    const command = argv
      .filter((word) => word !== '--publish')
      .join(' ')
      .replace(/ --$/, '');
    const figures: Figures = { machine: machine(), command, ...(check && { check }), ...transfers };
    console.log(report(figures));
    if (values.publish) await publish(figures);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function checkFigures(measuring: Measuring) {
  const folder = join(measuring.scratch, 'gpt-oss-120b');
  writeModelFolder(folder, { shape: GPT_OSS_120B, shards: 15, tensors: 'sparse' });
  console.error('check …');
  try {
    return await measureCheck(folder, measuring);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function transferFigures(wanted: readonly Part[], measuring: Measuring): Promise<Partial<Figures>> {
  if (wanted.every((part) => part === 'check')) return {};
  const { scratch } = measuring;
  const [bytes, memoryBytes, runs] = [Number(values.gb) * 1e9, Number(values['memory-gb']) * 1e9, Number(values.runs)];
  const server = await startServer(measuring, ROOM * Math.max(bytes, wanted.includes('memory') ? memoryBytes : 0));
  try {
    const folder = join(scratch, 'model');
    const size = writeModelFolder(folder, { shape: modelOfSize(bytes), shards: SHARDS, tensors: 'noise' });
    const [clients, absent] = wanted.includes('upload') ? await uploadClients(server, scratch) : [[], []];
    const figures = await measureUploads(clients, server, { folder, bytes: size, runs }, measuring);
    const { objectsIn } = server;
    const upload = { bytes: size, shards: SHARDS, runs, objectsIn, clients: figures, absent };
    const again = { folder, bytes: size, scratch };
    const resume = wanted.includes('resume') ? await measureResume(ours(server), server, again) : undefined;
    rmSync(folder, { recursive: true });
    const memory = wanted.includes('memory') ? await memoryFigures(memoryBytes, server, measuring) : undefined;
    return { ...(figures.length > 0 && { upload }), ...(resume && { resume }), ...(memory && { memory }) };
  } finally {
    await server.stop();
  }
}

/** One upload of much more than before: a client that holds what it sends shows it. */
async function memoryFigures(bytes: number, server: Parameters<typeof ours>[0], measuring: Measuring) {
  const folder = join(measuring.scratch, 'large-model');
  const size = writeModelFolder(folder, { shape: modelOfSize(bytes), shards: 4 * SHARDS, tensors: 'sparse' });
  const { peakBytes, wall } = await measure(ours(server).command(folder, 'large/'), measuring);
  await server.clear('large/');
  return { bytes: size, peakBytes, wall };
}

/** Puts the figures into bench/README.md, between its two marks, and the plot beside it. */
async function publish(figures: Figures): Promise<void> {
  const bench = join(packageRoot(), 'bench');
  const readme = await readFile(join(bench, 'README.md'), 'utf8');
  const [begin, end] = ['<!-- figures -->\n', '\n<!-- end of figures -->'];
  const [before] = readme.split(begin);
  const after = readme.split(end)[1];
  if (before === undefined || after === undefined) throw new Error('bench/README.md has no place for the figures');
  await writeFile(join(bench, 'README.md'), `${before}${begin}\n${report(figures)}\n${end}${after}`);
  const { upload } = figures;
  if (!upload) return;
  const title = `Upload of ${(upload.bytes / 1e9).toFixed(1)} GB in ${upload.shards} shards to one S3 server over TLS`;
  await writeFile(join(bench, 'upload.svg'), chart(upload.clients, title));
}

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
