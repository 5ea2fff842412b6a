import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { z } from 'zod';
import { localFolder, packageRoot } from '../../local/paths';
import { figure, type Figure } from '../weights/statistics';
import { printed } from './child';

const RUNS = 15;

/** The bundle of `/chat`, and how long a new process takes to load it. */
export interface ColdImport {
  readonly name: string;
  readonly bytes: number;
  readonly gzipped: number;
  /** Milliseconds. */
  readonly load: Figure;
}

/** As it is published, and with AWS's SDK left outside, where a process that has loaded it before pays for the rest alone. */
export async function measureColdImports(): Promise<ColdImport[]> {
  const folder = mkdtempSync(localFolder('run', 'bench-chat-'));
  try {
    const bundles = [
      { name: "with the SDK's client inside, as published", file: await bundled(folder, 'with.cjs', []), before: '' },
      {
        name: "without it, where the app's own is loaded already",
        file: await bundled(folder, 'without.cjs', ['@aws-sdk/*']),
        before: join(packageRoot(), 'node_modules', '@aws-sdk', 'client-bedrock-runtime'),
      },
    ];
    const loads = bundles.map(() => new Array<number>());
    for (let run = 0; run < RUNS; run++) {
      for (const [place, { file, before }] of bundles.entries()) loads[place]?.push(await load(file, before));
    }
    return bundles.map(({ name, file: { bytes, gzipped } }, place) => ({
      ...{ name, bytes, gzipped },
      load: figure(loads[place] ?? []),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Bundle {
  readonly path: string;
  readonly bytes: number;
  readonly gzipped: number;
}

/** With the settings that the package is built with. */
async function bundled(folder: string, name: string, external: string[]): Promise<Bundle> {
  const path = join(folder, name);
  await build({
    entryPoints: [join(packageRoot(), 'chat', 'index.ts')],
    ...{ outfile: path, external, bundle: true, minify: true, charset: 'utf8', legalComments: 'none' },
    ...{ platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'], tsconfigRaw: '{}' },
  });
  const contents = readFileSync(path);
  return { path, bytes: contents.length, gzipped: gzipSync(contents).length };
}

async function load({ path }: Bundle, before: string): Promise<number> {
  const program = `
    ${before === '' ? '' : `require(${JSON.stringify(before)});`}
    const start = performance.now();
    require(${JSON.stringify(path)});
    console.log(performance.now() - start);`;
  return z.number().parse(await printed(process.execPath, ['-e', program]));
}
