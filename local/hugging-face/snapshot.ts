import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Content, onDisk } from './contents';
import { blobOid, commitOid, lfsPointer, oid, treeOid } from './git';

/** A revision's files: those of a folder, or made up, or both; a made-up one wins over the folder's of its name. */
export type Files = string | { readonly folder?: string; readonly made?: Readonly<Record<string, Content>> };

/** A file as the Hub knows it. */
export interface StoredFile {
  readonly path: string;
  readonly content: Content;
  /** What git calls it; of a large file, what it calls the pointer to it. */
  readonly oid: string;
  readonly lfs?: LargeFile;
}

export interface LargeFile {
  readonly sha256: string;
  /** Bytes of the pointer that git keeps in its place. */
  readonly pointerSize: number;
  readonly xetHash: string;
}

export interface Folder {
  readonly path: string;
  readonly oid: string;
}

/** One commit. */
export interface Snapshot {
  readonly commit: string;
  readonly files: ReadonlyMap<string, StoredFile>;
  readonly folders: readonly Folder[];
}

/** Endings that the Hub's own .gitattributes of a new repository hands to LFS, of those that models have. */
const LFS_ENDING = /\.(safetensors|bin|gguf|h5|model|msgpack|onnx|pt|pth|pickle|pkl|npz|zip|gz)$/;

/** Lists the files with their sizes; hashes none. @throws the system's error when a folder is not there */
export async function list(files: Files): Promise<ReadonlyMap<string, Content>> {
  const { folder, made = {} } = typeof files === 'string' ? { folder: files } : files;
  const found = new Map<string, Content>();
  if (folder !== undefined) {
    for (const path of await pathsIn(folder)) found.set(path, await onDisk(join(folder, path)));
  }
  for (const [path, content] of Object.entries(made)) found.set(path, content);
  return found;
}

/** Hashes everything once, one file after the other. */
export async function snapshotOf(contents: ReadonlyMap<string, Content>, lfsBytes: number): Promise<Snapshot> {
  const files = new Map<string, StoredFile>();
  for (const [path, content] of [...contents].sort(byPath)) {
    const isLarge = content.size >= lfsBytes || LFS_ENDING.test(path);
    files.set(path, isLarge ? await largeFile(path, content) : { path, content, oid: await blobOid(content) });
  }
  const folders: Folder[] = [];
  const root = hashFolder(nested(files.values()), '', folders);
  return { commit: commitOid(root), files, folders: folders.sort((one, other) => (one.path < other.path ? -1 : 1)) };
}

/** The real hash is a BLAKE3 tree over chunks. Nobody can check it without the chunks: any 64 digits do that follow the content. */
const xetHash = (sha256: string) => createHash('sha256').update(`xet ${sha256}`).digest('hex');

async function largeFile(path: string, content: Content): Promise<StoredFile> {
  const sha256 = await content.sha256();
  const pointer = lfsPointer(sha256, content.size);
  const lfs = { sha256, pointerSize: pointer.length, xetHash: xetHash(sha256) };
  return { path, content, oid: oid('blob', pointer), lfs };
}

type Nested = Map<string, string | Nested>;

function nested(files: Iterable<StoredFile>): Nested {
  const root: Nested = new Map();
  for (const { path, oid: fileOid } of files) {
    const names = path.split('/');
    const name = names.pop() ?? '';
    names.reduce(folderIn, root).set(name, fileOid);
  }
  return root;
}

function folderIn(parent: Nested, name: string): Nested {
  const known = parent.get(name);
  if (typeof known === 'string') throw new Error(`'${name}' is both a file and a folder`);
  const folder = known ?? new Map<string, string | Nested>();
  parent.set(name, folder);
  return folder;
}

/** @param found takes the folders inside, each with its path from the root */
function hashFolder(folder: Nested, path: string, found: Folder[]): string {
  const entries = [...folder].map(([name, within]) => {
    if (typeof within === 'string') return { name, oid: within, isFolder: false };
    const inside = `${path}${name}`;
    const entry = { name, oid: hashFolder(within, `${inside}/`, found), isFolder: true };
    found.push({ path: inside, oid: entry.oid });
    return entry;
  });
  return treeOid(entries);
}

async function pathsIn(folder: string): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths: string[] = [];
  for (const entry of all) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file).split(sep).join('/');
    if (path === '.git' || path.startsWith('.git/')) continue;
    if (entry.isFile() || (entry.isSymbolicLink() && (await stat(file)).isFile())) paths.push(path);
  }
  return paths;
}

const byPath = ([one]: [string, unknown], [other]: [string, unknown]) => (one < other ? -1 : 1);
