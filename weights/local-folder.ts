import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { inParallel } from './in-parallel';
import { MAX_FILES, Unreadable, type ModelFile, type ModelFolder } from './model-folder';

/** Directories of tools, with thousands of files of their own: named in a listing, not looked into. */
const CLOSED = new Set(['.git', '.cache']);

/** Models lie one or two deep; what lies deeper than this is not looked into. */
const MAX_DEPTH = 16;

/** Node's file calls run on four threads: a few more keep them busy. */
const AT_ONCE = 8;

/**
 * The folder at a path. Links are followed where Hugging Face's cache makes them: from `snapshots/<commit>/` into
 * `blobs/` beside `snapshots/`. Any other way out of the folder is refused.
 */
export function localFolder(path: string): ModelFolder {
  return {
    address: path,
    list: () => listFolder(path),

    async readText(name, maxBytes) {
      const bytes = await reading(path, name, (file) => readFrom(file, 0, maxBytes + 1));
      if (bytes.length > maxBytes) throw new Unreadable(name, `is larger than ${maxBytes} bytes`);
      return bytes.toString('utf8');
    },

    readBytes: (name, offset, length) => reading(path, name, (file) => readFrom(file, offset, length)),
  };
}

async function listFolder(path: string): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  const folders = [{ name: '', depth: 0 }];
  for (const folder of folders) {
    if (files.length > MAX_FILES) break;
    const entries = await entriesOf(path, folder.name);
    const found = await inParallel(entries.files, AT_ONCE, (name) => describe(path, name));
    files.push(...found.filter((file) => file !== undefined));
    for (const name of entries.folders) {
      if (CLOSED.has(basename(name)) || folder.depth === MAX_DEPTH) files.push({ name: `${name}/`, size: 0, etag: '' });
      else folders.push({ name: `${name}/`, depth: folder.depth + 1 });
    }
  }
  return files;
}

/** Names below `folder`, which is '' or ends in '/'. Sockets, pipes and devices are no files. */
async function entriesOf(path: string, folder: string) {
  try {
    const entries = await readdir(join(path, folder), { withFileTypes: true });
    const named = (entry: { readonly name: string }) => `${folder}${entry.name}`;
    return {
      files: entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(named),
      folders: entries.filter((entry) => entry.isDirectory()).map(named),
    };
  } catch (error) {
    if (folder === '') throw new Error(`'${path}' is not a folder that can be read`, { cause: error });
    throw unreadable(folder, error);
  }
}

/** Undefined for a link to a folder, which is listed where it really lies. */
async function describe(path: string, name: string): Promise<ModelFile | undefined> {
  try {
    const link = (await lstat(join(path, name))).isSymbolicLink();
    const stats = await stat(link ? await followed(path, name) : join(path, name));
    return stats.isFile() ? { name, size: stats.size, etag: `${stats.ino}-${stats.mtimeMs}` } : undefined;
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** Where a link leads, if it may be followed. */
async function followed(path: string, name: string): Promise<string> {
  const root = await realpath(path);
  const target = await realpath(join(path, name));
  const snapshots = dirname(root);
  const blobs = basename(snapshots) === 'snapshots' ? [join(dirname(snapshots), 'blobs')] : [];
  if ([root, ...blobs].some((place) => target.startsWith(place + sep))) return target;
  throw new Unreadable(name, "is a link out of the folder; only links of Hugging Face's cache are followed");
}

/** A link is opened by where it leads, so that no swapped link leaves the folder; a pipe never makes us wait. */
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
const FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

async function reading(path: string, name: string, read: (file: FileHandle) => Promise<Buffer>): Promise<Buffer> {
  try {
    const file = await open(join(path, name), FLAGS).catch(async (error: unknown) => {
      if (codeOf(error) !== 'ELOOP') throw error;
      return open(await followed(path, name), FLAGS);
    });
    try {
      return await read(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function readFrom(file: FileHandle, offset: number, most: number): Promise<Buffer> {
  const length = Math.min(most, Math.max(0, (await file.stat()).size - offset));
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

const CLAUSES: Readonly<Record<string, string>> = {
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ENOENT: 'is not there, or is a link to nothing',
  ELOOP: 'is a link that leads to itself',
  EISDIR: 'is a folder',
};

function unreadable(name: string, error: unknown): Unreadable {
  if (error instanceof Unreadable) return error;
  const code = codeOf(error);
  return new Unreadable(name, CLAUSES[code] ?? `cannot be read (${code || String(error)})`, { cause: error });
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
