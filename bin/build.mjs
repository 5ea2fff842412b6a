// Bundles the CLI with everything it needs into dist/bin: the package has no runtime dependencies. What is imported when
// it is needed, the SDK above all, goes into files of its own, which `--help` does not load.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, clear, finish, root } from './bundling.mjs';

clear('bin');
const metafile = await bundle('bin', {
  entryPoints: [join(root, 'bin', 'bedrock-gpt-oss.ts')],
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  target: 'node20',
});
const out = join(root, 'dist', 'bin');
chmodSync(join(out, 'bedrock-gpt-oss.js'), 0o755);
// the package is CommonJS, which esbuild cannot split
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
finish('bin', metafile);
