import { isObject, parseJson, type JsonObject } from '../json';
import { MAX_FILES, MAX_TEXT } from '../model-folder';
import { printable } from '../printable';
import { nameProblem } from './file-name';
import { contentHash, LOCK_VERSION, type Lock, type LockedFile, type LockSource } from './lock';

/** Of a lock or a receipt. */
export const MAX_LOCK_BYTES = MAX_TEXT;

/** A lock file that nobody should act on; the message says what is wrong with it, after the file's name. */
export class InvalidLockError extends Error {
  /** @param isDamaged whether it has to be written again; else the message says what to do */
  constructor(
    message: string,
    readonly isDamaged = true,
  ) {
    super(message);
  }
}

/** As git writes them, at the beginning of a line. */
const CONFLICT = /^(<{7}|={7}|>{7})(?: |\r?$)/m;

/** Whether a text was a lock file once, however damaged: what was none is not to be written over. */
export function isMeantAsLock(text: string): boolean {
  return /"version"\s*:\s*\d/.test(text) && /"(hash|files)"\s*:/.test(text);
}

/** The one text of a lock: equal content, equal bytes; one file a line, so that a diff shows which have changed. */
export function lockText(lock: Lock): string {
  const { version, hash, source, files } = lock;
  const fields = [`"version": ${version}`, `"hash": ${JSON.stringify(hash)}`];
  if (source) {
    const { repository, revision } = source;
    fields.push(`"source": ${JSON.stringify({ repository, ...(revision !== undefined && { revision }) })}`);
  }
  const lines = files.map(({ name, size, sha256, crc32 }) => `    ${JSON.stringify({ name, size, sha256, crc32 })}`);
  fields.push(`"files": [\n${lines.join(',\n')}\n  ]`);
  return `{\n  ${fields.join(',\n  ')}\n}\n`;
}

/**
 * Reads a lock that may come from anywhere.
 *
 * @throws InvalidLockError when it is too long, in conflict, no JSON or with a key twice, of a later version, names a file that may leave
 * its folder or one file twice, or when its hash is not that of its files
 */
export function parseLock(text: string): Lock {
  if (Buffer.byteLength(text) > MAX_LOCK_BYTES) throw new InvalidLockError(`it has more than ${MAX_LOCK_BYTES} bytes`);
  const value = json(text);
  const version = versionOf(value);
  const list = value['files'];
  if (!Array.isArray(list) || list.length === 0) throw new InvalidLockError('it has no list "files"');
  if (list.length > MAX_FILES) throw new InvalidLockError(`it lists more than ${MAX_FILES} files`);
  const files = list.map(lockedFile);
  const seen = new Set<string>();
  for (const { name } of files) {
    if (seen.has(name)) throw new InvalidLockError(`it lists ${printable(name)} twice`);
    seen.add(name);
  }
  const hash = contentHash(files);
  if (value['hash'] !== hash) throw new InvalidLockError(`its "hash" is not that of its files, which is ${hash}`);
  const source = value['source'] === undefined ? undefined : sourceOf(value['source']);
  const sorted = [...files].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { version, hash, ...(source && { source }), files: sorted };
}

function versionOf({ version }: JsonObject): typeof LOCK_VERSION {
  if (version === LOCK_VERSION) return version;
  if (typeof version !== 'number' || version < LOCK_VERSION) {
    throw new InvalidLockError(`its "version" is not ${LOCK_VERSION}`);
  }
  throw new InvalidLockError(`its "version" is ${version}: a later release wrote it, so update this package`, false);
}

function lockedFile(entry: unknown): LockedFile {
  const value = object(entry, 'an entry of "files"');
  const name = string(value, 'name', 'a file');
  const problem = nameProblem(name);
  if (problem) throw new InvalidLockError(`the name ${printable(name)} cannot be used: ${problem}`);
  const size = value['size'];
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new InvalidLockError(`the "size" of ${printable(name)} is not a number of bytes`);
  }
  const sha256 = string(value, 'sha256', printable(name));
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new InvalidLockError(`the "sha256" of ${printable(name)} is none`);
  const crc32 = string(value, 'crc32', printable(name));
  if (!/^[A-Za-z0-9+/]{6}==$/.test(crc32)) throw new InvalidLockError(`the "crc32" of ${printable(name)} is none`);
  return { name, size, sha256, crc32 };
}

function sourceOf(entry: unknown): LockSource {
  const value = object(entry, '"source"');
  const repository = string(value, 'repository', '"source"');
  return value['revision'] === undefined
    ? { repository }
    : { repository, revision: string(value, 'revision', '"source"') };
}

function json(text: string): JsonObject {
  if (CONFLICT.test(text)) {
    const sides = "take one side as it is, a mixture of both is no model's";
    throw new InvalidLockError(`it has git's marks of a conflict: ${sides}`, false);
  }
  const parsed = parseJson(text);
  if ('value' in parsed) return parsed.value;
  throw new InvalidLockError(`it ${parsed.problem}`);
}

function object(value: unknown, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new InvalidLockError(`${what} is not an object`);
}

function string(from: JsonObject, key: string, of: string): string {
  const value = Object.hasOwn(from, key) ? from[key] : undefined;
  if (typeof value === 'string') return value;
  throw new InvalidLockError(`the "${key}" of ${of} is not a text`);
}
