// Bundles what runtime apps import, /chat, /batch and /weights, into dist/subpaths, as ES modules and as CommonJS, with
// their declarations. They name the SDK's types, and nothing of the CDK.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { bundle, clear, finish, root } from './bundling.mjs';

const ENTRIES = { chat: 'chat/index.ts', batch: 'chat/batch/index.ts', weights: 'weights/index.ts' };

clear('subpaths');
const entryPoints = Object.entries(ENTRIES).map(([out, file]) => ({ in: join(root, file), out }));
const shared = { entryPoints, target: 'node20' };
const metafiles = [
  await bundle('subpaths', { ...shared, outExtension: { '.js': '.mjs' } }),
  await bundle('subpaths', { ...shared, format: 'cjs', outExtension: { '.js': '.cjs' } }),
];
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.subpaths.json')],
  {
    stdio: 'inherit',
  },
);
finish('subpaths', ...metafiles);
