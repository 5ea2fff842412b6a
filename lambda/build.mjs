// Bundles every lambda/<name>/index.ts into dist/lambda/<name>/index.mjs, byte for byte the same on every machine.
import { build } from 'esbuild';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, 'dist', 'lambda');
rmSync(out, { recursive: true, force: true });
const r = await build({
  absWorkingDir: root,
  outdir: out,
  outExtension: { '.js': '.mjs' },
  entryPoints: readdirSync(here)
    .filter((d) => existsSync(join(here, d, 'index.ts')))
    .sort()
    .map((d) => ({ in: join(here, d, 'index.ts'), out: `${d}/index` })),
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  tsconfigRaw: '{}',
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
});
// licences of what went in
const dirs = new Set(
  Object.keys(r.metafile.inputs)
    .map((f) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(f)?.[1])
    .filter(Boolean),
);
const text = [...dirs]
  .sort()
  .map((d) => {
    const p = JSON.parse(readFileSync(join(root, d, 'package.json'), 'utf8'));
    const f = readdirSync(join(root, d)).find((x) => /^licen[cs]e/i.test(x));
    return `${p.name} ${p.version} (${p.license})\n\n${f ? readFileSync(join(root, d, f), 'utf8').trim() : '(no licence file in the package)'}\n`;
  })
  .join('\n----\n\n');
writeFileSync(join(root, 'THIRD-PARTY-LICENSES.txt'), text);
console.log(
  Object.entries(r.metafile.outputs)
    .map(([f, o]) => `${f} ${(o.bytes / 1e3).toFixed(1)} kB`)
    .join('\n'),
);
