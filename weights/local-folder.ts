import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { MAX_FILES, Unreadable, type ModelFile, type ModelFolder } from './model-folder';

/** Directories of tools, with thousands of files of their own: named in a listing, not looked into. */
const CLOSED = new Set(['.git', '.cache']);

/** Models lie one or two deep; what lies deeper than this is not looked into. */
const MAX_DEPTH = 16;

/**
 * The folder at a path. Links are followed where Hugging Face's cache makes them: from `snapshots/<commit>/` into
 * `blobs/` beside `snapshots/`. Any other way out of the folder is refused.
 *
 * Reads are synchronous: a header is microseconds away, and three asynchronous calls for it cost five times as much.
 */
export function localFolder(path: string): ModelFolder {
  return {
    address: path,
    list: () => listFolder(path),

    async readText(name, maxBytes) {
      const bytes = await read(path, name, 0, maxBytes + 1);
      if (bytes.length > maxBytes) throw new Unreadable(name, `is larger than ${maxBytes} bytes`);
      return bytes.toString('utf8');
    },

    readBytes: (name, offset, length) => read(path, name, offset, length),
  };
}

async function listFolder(path: string): Promise<ModelFile[]> {
  const files: ModelFile[] = [];
  const folders = [{ name: '', depth: 0 }];
  for (const folder of folders) {
    if (files.length > MAX_FILES) break;
    const entries = await entriesOf(path, folder.name);
    for (const { name, link } of entries.files) {
      const file = await describe(path, name, link);
      if (file) files.push(file);
    }
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
    return {
      files: entries
        .filter((entry) => entry.isFile() || entry.isSymbolicLink())
        .map((entry) => ({ name: `${folder}${entry.name}`, link: entry.isSymbolicLink() })),
      folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}${name}`),
    };
  } catch (error) {
    if (folder === '') throw new Error(`'${path}' is not a folder that can be read`, { cause: error });
    throw unreadable(folder, error);
  }
}

/** Undefined for a link to a folder, which is listed where it really lies. */
async function describe(path: string, name: string, link: boolean): Promise<ModelFile | undefined> {
  try {
    const stats = statSync(link ? await followed(path, name) : join(path, name));
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

/** So many bytes are read without asking how many there are. */
const SMALL = 64 * 1024;

async function read(path: string, name: string, offset: number, most: number): Promise<Buffer> {
  try {
    const file = await openFile(path, name);
    try {
      return readFrom(file, offset, most);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function openFile(path: string, name: string): Promise<number> {
  try {
    return openSync(join(path, name), FLAGS);
  } catch (error) {
    if (codeOf(error) !== 'ELOOP') throw error;
    return openSync(await followed(path, name), FLAGS);
  }
}

function readFrom(file: number, offset: number, most: number): Buffer {
  const length = most <= SMALL ? most : Math.min(most, Math.max(0, fstatSync(file).size - offset));
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const bytes = readSync(file, buffer, filled, length - filled, offset + filled);
    if (bytes === 0) break;
    filled += bytes;
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
