import { build, type Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { HandlerCode } from './handler-code';
import type { PlantedBug } from './planted-bugs';

const HANDLER = join(__dirname, '../../lambda/imported-model');

/** The handler with a bug in it. Throws when the handler has changed so that there is no place for the bug any more. */
export async function plant(bug: PlantedBug): Promise<HandlerCode> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'handler-code.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
    plugins: [planting(bug)],
  });
  const module: { exports: { handlerCode?: HandlerCode } } = { exports: {} };
  // in this realm, with this module's packages: the handler asks whether an error is an Error, and a client a client
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run: unknown = new Function('require', 'module', outputFiles[0]?.text ?? '');
  Reflect.apply(run as typeof Function, undefined, [createRequire(__filename), module]);
  const { handlerCode } = module.exports;
  if (!handlerCode) throw new Error('the bundle exports no handler');
  return handlerCode;
}

function planting({ name, file, from, to }: PlantedBug): Plugin {
  return {
    name: 'planting',
    setup(builder) {
      builder.onLoad({ filter: /[\\/]lambda[\\/]imported-model[\\/][a-z0-9-]+\.ts$/ }, async ({ path }) => {
        const contents = await readFile(path, 'utf8');
        if (path !== join(HANDLER, file)) return { contents, loader: 'ts' };
        const times = contents.split(from).length - 1;
        if (times !== 1) throw new Error(`'${name}' has ${times} places in ${file}, not one: ${from}`);
        return { contents: contents.replace(from, () => to), loader: 'ts' };
      });
    },
  };
}
