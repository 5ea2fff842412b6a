import { constants } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { Unreadable } from '../model-folder';

/** For opening a place: a link that was swapped in is not followed, and a pipe never makes us wait. */
export const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Where a path inside a folder really leads, as a path without links. Links are followed within the folder, and where
 * Hugging Face's cache makes them: from `snapshots/<commit>/` into `blobs/` beside `snapshots/`.
 *
 * @throws Unreadable when it leads out of the folder
 * @throws the system's own error when it leads nowhere, such as ENOENT or ELOOP
 */
export async function placeOf(folder: string, name: string): Promise<string> {
  const [root, place] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
  const snapshots = dirname(root);
  const blobs = basename(snapshots) === 'snapshots' ? [join(dirname(snapshots), 'blobs')] : [];
  if ([root, ...blobs].some((home) => holds(home, place))) return place;
  throw new Unreadable(name, "is a link out of the folder; only links of Hugging Face's cache are followed", {
    remedy: 'put a copy of the file there instead of the link (cp -L follows it), or a hard link to it (ln without -s)',
  });
}

function holds(home: string, place: string): boolean {
  const way = relative(home, place);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
