import { createHash } from 'node:crypto';
import { bytesOf } from './bytes-of';
import { INDEX, LOCK } from './file-names';
import { isObject, parseJson, type JsonObject } from './json';
import { MAX_FILES, MAX_TEXT, type ModelFile, type ModelFolder } from './model-folder';
import { printable } from './printable';

/** How far an upload has come. */
export type Upload =
  | { readonly state: 'empty' }
  /** Names of what is `missing` are fit for a line of a message: an index may call its shards anything. */
  | { readonly state: 'partial'; readonly files: number; readonly missing: readonly string[] }
  /** `file` is '' when the folder itself is wrong; `problem` is one printable line. */
  | { readonly state: 'broken'; readonly file: string; readonly problem: string }
  | { readonly state: 'whole'; readonly files: number; readonly bytes: number; readonly listing: string };

const SINGLE = 'model.safetensors';
const ALWAYS = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * Says whether everything is there that the folder itself promises: the three files that every model has, and the
 * index with every shard that it names, or one `model.safetensors`; where a lock file lies, all that it lists.
 */
export async function uploadState(folder: ModelFolder): Promise<Upload> {
  const files = await folder.list();
  if (files.length === 0) return { state: 'empty' };
  if (files.length > MAX_FILES) {
    return { state: 'broken', file: '', problem: `more than ${MAX_FILES} files; is the prefix right?` };
  }
  const sizes = new Map(files.map((file) => [file.name, file.size]));
  try {
    const missing = new Set([
      ...ALWAYS.filter((name) => !sizes.has(name)),
      ...(await missingWeights(folder, sizes)),
      ...(sizes.has(LOCK) ? await missingFromLock(folder, sizes) : []),
    ]);
    if (missing.size > 0) return { state: 'partial', files: files.length, missing: [...missing] };
  } catch (error) {
    if (error instanceof BrokenFile) return { state: 'broken', file: error.file, problem: error.message };
    throw error;
  }
  return { state: 'whole', files: files.length, bytes: bytesOf(files), listing: listingHash(files) };
}

/** A fingerprint of names, sizes and ETags: equal listings hold equal bytes. */
export function listingHash(files: readonly ModelFile[]): string {
  const lines = files.map((file) => JSON.stringify([file.name, file.size, file.etag])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32);
}

async function missingWeights(folder: ModelFolder, sizes: ReadonlyMap<string, number>): Promise<string[]> {
  if (!sizes.has(INDEX)) return sizes.has(SINGLE) ? [] : [`${INDEX} (or ${SINGLE})`];
  const index = await readObject(folder, INDEX, sizes.get(INDEX) ?? 0);
  const map = index['weight_map'];
  if (!isObject(map)) throw new BrokenFile(INDEX, 'it has no "weight_map"');
  const shards = new Set(Object.values(map).map((shard) => text(shard, INDEX, 'a value of "weight_map"')));
  if (shards.size === 0) throw new BrokenFile(INDEX, 'its "weight_map" is empty');
  return [...shards]
    .filter((shard) => !sizes.has(shard))
    .sort()
    .map(printable);
}

async function missingFromLock(folder: ModelFolder, sizes: ReadonlyMap<string, number>): Promise<string[]> {
  const lock = await readObject(folder, LOCK, sizes.get(LOCK) ?? 0);
  const listed = lock['files'];
  if (!Array.isArray(listed)) throw new BrokenFile(LOCK, 'it has no list "files"');
  return listed.flatMap((entry: unknown) => {
    if (!isObject(entry)) throw new BrokenFile(LOCK, 'an entry of "files" is not an object');
    const name = text(entry['name'], LOCK, 'a "name"');
    const size = entry['size'];
    if (typeof size !== 'number') throw new BrokenFile(LOCK, `the "size" of ${printable(name)} is not a number`);
    return sizes.get(name) === size ? [] : [printable(name)];
  });
}

class BrokenFile extends Error {
  constructor(
    readonly file: string,
    problem: string,
  ) {
    super(problem);
  }
}

async function readObject(folder: ModelFolder, name: string, size: number): Promise<JsonObject> {
  if (size > MAX_TEXT) throw new BrokenFile(name, `it has ${size} bytes; more than ${MAX_TEXT} is not an index`);
  const parsed = parseJson(await folder.readText(name, MAX_TEXT));
  if ('value' in parsed) return parsed.value;
  throw new BrokenFile(name, `it ${parsed.problem}`);
}

function text(value: unknown, file: string, what: string): string {
  if (typeof value !== 'string') throw new BrokenFile(file, `${what} is not a string`);
  return value;
}
