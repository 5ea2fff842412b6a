import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import type { OpenFile, Source } from './source';
import type { PartFile, Target } from './target';

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

/** A local folder to download into, made when it is not there. Names were checked by whoever made the list of them. */
export function localTarget(folder: string): Target {
  return {
    address: folder,
    async open(name) {
      const path = join(folder, name);
      try {
        return await openFile(path, await open(path, 'r'));
      } catch (error) {
        if (isNotThere(error)) return undefined;
        throw error;
      }
    },
    async part(name) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      return partFile(path, await open(`${path}.part`, constants.O_RDWR | constants.O_CREAT));
    },
  };
}

async function partFile(path: string, handle: FileHandle): Promise<PartFile> {
  return {
    size: (await handle.stat()).size,
    read: (position, buffer) => readFully(handle, position, buffer),
    async write(position, bytes) {
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
    },
    truncate: (size) => handle.truncate(size),
    async finish() {
      await handle.sync();
      await rename(`${path}.part`, path);
    },
    close: () => handle.close(),
  };
}

function isNotThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
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
    read: (position, buffer) => readFully(handle, position, buffer),
    // of the path, not of the handle: a file put in its place by a rename leaves the handle at the old one
    currentStamp: async () => stampOf(await stat(path, { bigint: true })),
    close: () => handle.close(),
  };
}

async function readFully(handle: FileHandle, position: number, buffer: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function stampOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs].join(' ');
}
