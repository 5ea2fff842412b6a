import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../error-code';
import { placeOf, READ } from '../links/local-folder';
import { Unreadable } from '../model-folder';
import { writeAll } from '../write-all';
import type { OpenFile, Source } from './source';
import { type PartFile, partName, type Target } from './target';

/** The files of a local folder. Links are followed within it and into the blobs of Hugging Face's cache. */
export function localSource(folder: string): Source {
  return {
    address: folder,
    open: (name) => openFile(folder, name),
  };
}

/**
 * A local folder to download into, made when it is not there. Nothing is read or written through a link that leads out of
 * it.
 */
export function localTarget(folder: string): Target {
  return {
    address: folder,
    async open(name) {
      try {
        return await openFile(folder, name);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    async part(name) {
      const path = join(await madeFolder(folder, name), basename(name));
      const handle = await open(partName(path), WRITE);
      return partFile(path, await regular(partName(name), handle));
    },
  };
}

/** A link is not written through, wherever it leads, and a pipe never makes us wait. */
const WRITE = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function partFile(path: string, handle: FileHandle): Promise<PartFile> {
  return {
    size: (await handle.stat()).size,
    read: (position, buffer) => readFully(handle, position, buffer),
    write: (position, bytes) => writeAll(handle, bytes, position),
    truncate: (size) => handle.truncate(size),
    async finish() {
      await handle.sync();
      await rename(partName(path), path);
    },
    close: () => handle.close(),
  };
}

/** The folder that a name lies in, made one below the other: a link on the way must not lead out. */
async function madeFolder(folder: string, name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  let made = '.';
  for (const part of name.split('/').slice(0, -1)) {
    made = join(made, part);
    await mkdir(join(folder, made)).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    await placeOf(folder, made);
  }
  return placeOf(folder, made);
}

async function openFile(folder: string, name: string): Promise<OpenFile> {
  const path = await placeOf(folder, name);
  const handle = await regular(name, await open(path, READ));
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

async function regular(name: string, handle: FileHandle): Promise<FileHandle> {
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new Unreadable(name, 'is no file');
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
