// Bundles the CLI with everything it needs into dist/bin: the package has no runtime dependencies. What is imported when
// it is needed, the SDK above all, goes into files of its own, which `--help` does not load.
import { build } from 'esbuild';
import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const out = join(root, 'dist', 'bin');
rmSync(out, { recursive: true, force: true });
const r = await build({
  absWorkingDir: root,
  outdir: out,
  entryPoints: [join(here, 'bedrock-gpt-oss.ts')],
  bundle: true,
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  platform: 'node',
  target: 'node20',
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
chmodSync(join(out, 'bedrock-gpt-oss.js'), 0o755);
// the package is CommonJS, which esbuild cannot split
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
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
writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), text);
const bytes = Object.values(r.metafile.outputs).reduce((sum, o) => sum + o.bytes, 0);
console.log(`dist/bin ${(bytes / 1e3).toFixed(1)} kB in ${Object.keys(r.metafile.outputs).length} files`);
