import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { OpenFile, Source } from './source';

/**
 * The files of a local folder. Links are followed within it, and where Hugging Face's cache makes them: from
 * `snapshots/<commit>/` to the `blobs/` beside it.
 */
export function localSource(folder: string): Source {
  return {
    address: folder,
    async open(name) {
      const path = await inside(folder, name);
      return openFile(path, await open(path, 'r'));
    },
  };
}

async function inside(folder: string, name: string): Promise<string> {
  const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
  const allowed = basename(dirname(root)) === 'snapshots' ? [root, join(root, '..', '..', 'blobs')] : [root];
  if (allowed.some((home) => isBelow(home, path))) return path;
  throw new Error(`${name} is a link that leads out of the folder, to '${path}'; put the file itself there`);
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`);
}

async function openFile(path: string, handle: FileHandle): Promise<OpenFile> {
  const opened = await handle.stat({ bigint: true });
  return {
    size: Number(opened.size),
    stamp: stampOf(opened),
    async read(position, buffer) {
      let filled = 0;
      while (filled < buffer.length) {
        const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    },
    // of the path, not of the handle: a file put in its place by a rename leaves the handle at the old one
    currentStamp: async () => stampOf(await stat(path, { bigint: true })),
    close: () => handle.close(),
  };
}

function stampOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs].join(' ');
}
