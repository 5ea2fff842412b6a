import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Root of this package: the nearest folder above that holds a package.json, so that it is the same from source and from dist. */
export function packageRoot(from: string = __dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const above = dirname(from);
  if (above === from) throw new Error(`no package.json in any folder above '${__dirname}'`);
  return packageRoot(above);
}

/** A path in `.local-aws`, the git-ignored folder that holds everything the local AWS writes. */
export function localFolder(...names: readonly string[]): string {
  return join(packageRoot(), '.local-aws', ...names);
}
