import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { localFolder, packageRoot } from '../../local/paths';
import { machine } from '../weights/machine';
import { copyGround } from './ground';
import { measureManyFiles, measureOneFile, type ManyFiles, type OneFile } from './measure';
import { report, type CopyFigures } from './report';
import { buildWorker } from './worker';

/** `npm run bench:copy -- [--mb 100,1000] [--ten-gb] [--file-mb 200] [--runs 3] [--publish]` */
const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '100,1000' },
    'ten-gb': { type: 'boolean', default: false },
    'file-mb': { type: 'string', default: '200' },
    runs: { type: 'string', default: '3' },
    publish: { type: 'boolean', default: false },
  },
});

const SIDE_BY_SIDE = [1, 4, 15];

async function main(): Promise<void> {
  mkdirSync(localFolder('run'), { recursive: true });
  const scratch = mkdtempSync(localFolder('run', 'bench-'));
  try {
    const argv = process.argv.slice(2).filter((word) => word !== '--publish');
    const command = ['npm run bench:copy', ...(argv.length > 0 ? ['--', ...argv] : [])].join(' ');
    const figures = { machine: machine(), command, ...(await measured(scratch)) };
    console.log(report(figures));
    if (values.publish) await publish(figures);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measured(scratch: string): Promise<Pick<CopyFigures, 'one' | 'many'>> {
  const runs = Number(values.runs);
  const single = [...values.mb.split(','), ...(values['ten-gb'] ? ['10000'] : [])].map((mb) => Number(mb) * 1e6);
  const bytes = Number(values['file-mb']) * 1e6;
  const several = Array.from({ length: Math.max(...SIDE_BY_SIDE) }, () => bytes);
  const [program, ground] = [await buildWorker(), await copyGround([...single, ...several], scratch)];
  try {
    const one: OneFile[] = [];
    for (const [file, size] of single.entries()) {
      // the largest shows memory, for which one run is enough
      one.push(await measureOneFile(program, ground, { file, bytes: size, runs: size > 5e9 ? 1 : runs }));
    }
    const alone = await measureOneFile(program, ground, { file: single.length, bytes, runs });
    const many: ManyFiles[] = [];
    for (const count of SIDE_BY_SIDE) {
      const files = Array.from({ length: count }, (_, at) => single.length + at);
      many.push(await measureManyFiles(program, ground, { files, bytes, runs }, alone));
    }
    return { one, many };
  } finally {
    await ground.end();
  }
}

/** Puts the figures into bench/README.md, between their two marks. */
async function publish(figures: CopyFigures): Promise<void> {
  const file = join(packageRoot(), 'bench', 'README.md');
  const readme = await readFile(file, 'utf8');
  const [begin, end] = ['<!-- figures of a copy -->', '<!-- end of figures of a copy -->'];
  const [before, after] = [readme.split(begin)[0], readme.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error('bench/README.md has no place for the figures');
  await writeFile(file, `${before}${begin}\n\n${report(figures)}\n\n${end}${after}`);
}

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
