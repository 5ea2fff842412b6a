import { createHash } from 'node:crypto';

/** Of the format that `bedrock-gpt-oss upload` writes. */
const LOCK_VERSION = 1;

/** As for whoever writes them: 200 bytes a file, and a model has dozens. */
export const MAX_LOCK_BYTES = 8 * 1024 * 1024;

/** A folder of more is a dump of something else. */
const MAX_FILES = 10_000;

/** JSON nested in the thousands overflows the stacks of those who read it. */
const MAX_DEPTH = 64;

/** As git writes them, at the beginning of a line. */
const CONFLICT = /^(<{7}|={7}|>{7})(?: |\r?$)/m;

/** A lock file that nothing should be deployed by; the message is a clause about it. */
export class UnusableLock extends Error {
  /** @param isDamaged whether it has to be written again; else the message says what to do */
  constructor(
    message: string,
    public readonly isDamaged = true,
  ) {
    super(message);
  }
}

/**
 * The hash over all files of a lock file. The list must be the hash's, so that whoever reviews its diff has reviewed what
 * is deployed. The rules are those of `weights/`, which this room doesn't import; a test holds the two alike, less what
 * only those need who read the files themselves.
 *
 * @throws UnusableLock
 */
export function hashOfLock(text: string): string {
  const lock = jsonObject(text);
  requireVersion(lock['version']);
  const hash = contentHash(lockedFiles(lock['files']));
  if (lock['hash'] !== hash) {
    throw new UnusableLock(`its "hash" is not that of its files, which is ${hash}`);
  }
  return hash;
}

/** Whether a text was a lock file once, however damaged. */
export function isMeantAsLock(text: string): boolean {
  return /"version"\s*:\s*\d/.test(text) && /"(hash|files)"\s*:/.test(text);
}

interface LockedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

function requireVersion(version: unknown): void {
  if (version === LOCK_VERSION) {
    return;
  }
  if (typeof version !== 'number' || version < LOCK_VERSION) {
    throw new UnusableLock(`its "version" is not ${LOCK_VERSION}`);
  }
  throw new UnusableLock(`its "version" is ${version}: a later release wrote it, so update this package`, false);
}

function lockedFiles(list: unknown): LockedFile[] {
  if (!Array.isArray(list) || list.length === 0) {
    throw new UnusableLock('it has no list "files"');
  }
  if (list.length > MAX_FILES) {
    throw new UnusableLock(`it lists more than ${MAX_FILES} files`);
  }
  const files = list.map(lockedFile);
  const names = new Set<string>();
  for (const { name } of files) {
    if (names.has(name)) {
      throw new UnusableLock(`it lists ${quoted(name)} twice`);
    }
    names.add(name);
  }
  return files;
}

function lockedFile(entry: unknown): LockedFile {
  if (!isObject(entry)) {
    throw new UnusableLock('an entry of "files" is not an object');
  }
  const { name, size, sha256 } = entry;
  if (typeof name !== 'string') {
    throw new UnusableLock('the "name" of a file is not a text');
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new UnusableLock(`the "size" of ${quoted(name)} is not a number of bytes`);
  }
  if (typeof sha256 !== 'string') {
    throw new UnusableLock(`the "sha256" of ${quoted(name)} is not a text`);
  }
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new UnusableLock(`the "sha256" of ${quoted(name)} is none`);
  }
  return { name, size, sha256 };
}

/** SHA-256 over one line `["name",size,"sha256"]` a file, sorted by name in UTF-16 code units. */
function contentHash(files: readonly LockedFile[]): string {
  const hash = createHash('sha256');
  for (const { name, size, sha256 } of [...files].sort((one, other) => (one.name < other.name ? -1 : 1))) {
    hash.update(`${JSON.stringify([name, size, sha256])}\n`);
  }
  return hash.digest('hex');
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  if (CONFLICT.test(text)) {
    throw new UnusableLock(
      "it has git's marks of a conflict: take one side as it is, a mixture of both is no model's",
      false,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UnusableLock(`it is not JSON: ${quoted(error instanceof Error ? error.message : String(error))}`);
  }
  if (!isObject(value)) {
    throw new UnusableLock('it is not a JSON object');
  }
  requireKeysOnce(text);
  return value;
}

/** Of a key that stands twice in an object, JSON.parse keeps the last. */
function requireKeysOnce(json: string): void {
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(/[{}[\]]|("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (token === '{' || token === '[') {
      open.push(new Set());
      if (open.length > MAX_DEPTH) {
        throw new UnusableLock(`it nests deeper than ${MAX_DEPTH}`);
      }
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (text !== undefined && colon !== undefined) {
      const key = String(JSON.parse(text));
      const keys = open.at(-1);
      if (keys?.has(key)) {
        throw new UnusableLock(`it has the key ${quoted(key)} twice`);
      }
      keys?.add(key);
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fit for a line of a message, and cut. */
function quoted(text: string): string {
  const start = text.slice(0, 120);
  const shown = /^[\w./-]+$/.test(text) ? start : JSON.stringify(start);
  return text.length > start.length ? `${shown}… (${text.length} characters)` : shown;
}
