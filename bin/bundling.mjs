// Bundles rooms into dist/, byte for byte the same on every machine, and writes down the licences of what went in.
import { build } from 'esbuild';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What CommonJS packages in an ES module call. */
const REQUIRE = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

/** One esbuild run with our settings and those given, into `dist/<folder>`. */
export async function bundle(folder, options) {
  const outdir = join(root, 'dist', folder);
  const { metafile } = await build({
    absWorkingDir: root,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    tsconfigRaw: '{}',
    ...(options.format !== 'cjs' && { banner: { js: REQUIRE } }),
    ...options,
  });
  return metafile;
}

/** Empties `dist/<folder>`. */
export function clear(folder) {
  rmSync(join(root, 'dist', folder), { recursive: true, force: true });
}

/** Writes the licences of all packages that went into some bundles to `dist/<folder>`, and says how large these are. */
export function finish(folder, ...metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const packages = new Set(
    inputs.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean),
  );
  const text = [...packages].sort().map(licence).join('\n----\n\n');
  writeFileSync(join(root, 'dist', folder, 'THIRD-PARTY-LICENSES.txt'), text);
  const outputs = metafiles.flatMap(({ outputs }) => Object.values(outputs));
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  console.log(`dist/${folder} ${(bytes / 1e3).toFixed(1)} kB in ${outputs.length} files`);
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : '(no licence file in the package)';
  return `${name} ${version} (${license})\n\n${text}\n`;
}
