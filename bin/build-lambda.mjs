// Bundles every lambda/<name>/index.ts into dist/lambda/<name>/index.mjs.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, clear, finish, root } from './bundling.mjs';

const rooms = readdirSync(join(root, 'lambda')).filter((name) => existsSync(join(root, 'lambda', name, 'index.ts')));
clear('lambda');
const metafile = await bundle('lambda', {
  entryPoints: rooms.sort().map((name) => ({ in: join(root, 'lambda', name, 'index.ts'), out: `${name}/index` })),
  outExtension: { '.js': '.mjs' },
  target: 'node22',
});
finish('lambda', metafile);
