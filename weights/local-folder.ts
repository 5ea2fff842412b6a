import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from './error-code';
import { placeOf, READ } from './links/local-folder';
import { MAX_FILES, Unreadable, type ModelFile, type ModelFolder } from './model-folder';

/** Directories of tools, with thousands of files of their own: named in a listing, not looked into. */
const CLOSED = new Set(['.git', '.cache']);

/** Models lie one or two deep; what lies deeper than this is not looked into. */
const MAX_DEPTH = 16;

/**
 * The folder at a path. Links are followed within it and into the blobs of Hugging Face's cache, and no other way out of
 * the folder.
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
    if (entries.unreadable) files.push({ ...notLookedInto(folder.name), unreadable: entries.unreadable });
    for (const { name, link } of entries.files) {
      const file = await describe(path, name, link);
      if (file) files.push(file);
    }
    for (const name of entries.folders) {
      if (CLOSED.has(basename(name)) || folder.depth === MAX_DEPTH) files.push(notLookedInto(`${name}/`));
      else folders.push({ name: `${name}/`, depth: folder.depth + 1 });
    }
  }
  return files;
}

/** Names below `folder`, which is '' or ends in '/'. Sockets, pipes and devices are no files. */
async function entriesOf(path: string, folder: string): Promise<Entries> {
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
    return { files: [], folders: [], unreadable: unreadable(folder, error) };
  }
}

interface Entries {
  readonly files: readonly { readonly name: string; readonly link: boolean }[];
  readonly folders: readonly string[];
  readonly unreadable?: Unreadable;
}

/** Undefined for a link to a folder, which is listed where it really lies. */
async function describe(path: string, name: string, link: boolean): Promise<ModelFile | undefined> {
  try {
    const stats = statSync(link ? await placeOf(path, name) : join(path, name));
    return stats.isFile() ? { name, size: stats.size, etag: `${stats.ino}-${stats.mtimeMs}` } : undefined;
  } catch (error) {
    return { name, size: 0, etag: '', unreadable: unreadable(name, error) };
  }
}

const notLookedInto = (folder: string): ModelFile => ({ name: folder, size: 0, etag: '' });

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

/** Asks where a path leads only when it may be a link: the last part is seen on opening, a folder on the way is not. */
async function openFile(path: string, name: string): Promise<number> {
  if (name.includes('/')) return openSync(await placeOf(path, name), READ);
  try {
    return openSync(join(path, name), READ);
  } catch (error) {
    if (errorCode(error) !== 'ELOOP') throw error;
    return openSync(await placeOf(path, name), READ);
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

const RIGHTS = ['may not be read by this user', 'give yourself the right to read it: chmod u+r'] as const;

const CLAUSES: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  EACCES: RIGHTS,
  EPERM: RIGHTS,
  ENOENT: ['is not there, or is a link to nothing', 'put the file itself there'],
  ELOOP: ['is a link that leads to itself', 'put the file itself there'],
  EISDIR: ['is a folder', 'put the file itself there'],
};

function unreadable(name: string, error: unknown): Unreadable {
  if (error instanceof Unreadable) return error;
  const code = errorCode(error);
  const [problem, remedy] = CLAUSES[code] ?? [`cannot be read (${code || String(error)})`];
  return new Unreadable(name, problem, { cause: error, ...(remedy && { remedy }) });
}
