import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { inspect } from 'node:util';

/** Of the format that `bedrock-gpt-oss upload` writes. */
const LOCK_VERSION = 1;

/** SHA-256 in hexadecimal. */
const HASH = /^[0-9a-f]{64}$/;

/** As for whoever writes them: 200 bytes a file, and a model has dozens. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The hash over all files of a lock file, which is all that a template needs to know of it. The list must be the hash's,
 * so that whoever reviews its diff has reviewed what is deployed.
 */
export function lockedHash(path: string): string {
  const lock = parsed(path);
  if (lock['version'] !== LOCK_VERSION) {
    throw new Error(
      `lock file '${path}' must have "version" ${LOCK_VERSION}, got ${JSON.stringify(lock['version'])}; write it again with 'bedrock-gpt-oss upload' of this release`,
    );
  }
  const hash = lock['hash'];
  if (typeof hash !== 'string' || !HASH.test(hash)) {
    throw new Error(
      `lock file '${path}' must have a SHA-256 as "hash", got ${inspect(hash, { maxStringLength: 80 })}; don't edit it, write it again with 'bedrock-gpt-oss upload'`,
    );
  }
  if (hash !== contentHash(lock['files'])) {
    throw new Error(
      `lock file '${path}' must have the hash of its files, got another; a merge or an edit has changed it, so write it again with 'bedrock-gpt-oss upload'`,
    );
  }
  return hash;
}

/** SHA-256 over one line `["name",size,"sha256"]` a file, sorted by name; undefined when there is no proper list. */
function contentHash(files: unknown): string | undefined {
  const entries = Array.isArray(files) ? files.map(lockedFile) : [];
  const names = new Set(entries.map((entry) => entry?.name));
  if (entries.length === 0 || names.size < entries.length) {
    return undefined;
  }
  const hash = createHash('sha256');
  for (const entry of entries.sort(byName)) {
    if (!entry) {
      return undefined;
    }
    hash.update(`${JSON.stringify([entry.name, entry.size, entry.sha256])}\n`);
  }
  return hash.digest('hex');
}

interface LockedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

function lockedFile(entry: unknown): LockedFile | undefined {
  if (!isObject(entry)) {
    return undefined;
  }
  const { name, size, sha256 } = entry;
  const isOne = typeof name === 'string' && typeof size === 'number' && typeof sha256 === 'string';
  return isOne ? { name, size, sha256 } : undefined;
}

/** In UTF-16 code units, as whoever wrote the lock has sorted. */
function byName(one: LockedFile | undefined, other: LockedFile | undefined): number {
  const [a, b] = [one?.name ?? '', other?.name ?? ''];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where `bedrock-gpt-oss upload` puts weights when it is told a bucket only. */
export function prefixOfHash(hash: string): string {
  return `gpt-oss-${hash.slice(0, 16)}/`;
}

function parsed(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  let value: unknown;
  try {
    text = readBounded(path);
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(
      `lock file '${path}' could not be read: ${String(error)}; give the path of the gpt-oss.lock.json that 'bedrock-gpt-oss upload' wrote`,
      { cause: error },
    );
  }
  if (!isObject(value)) {
    throw new Error(
      `lock file '${path}' must hold a JSON object; give the gpt-oss.lock.json that 'bedrock-gpt-oss upload' wrote`,
    );
  }
  if (keysIn(text) !== keysOf(value)) {
    throw new Error(
      `lock file '${path}' must have every key once, got one twice; a merge has mixed two, so take one side of it, or write it again with 'bedrock-gpt-oss upload'`,
    );
  }
  return value;
}

function readBounded(path: string): string {
  const { size } = statSync(path);
  if (size > MAX_BYTES) {
    throw new Error(`it has ${size} bytes, and no lock file has more than ${MAX_BYTES}`);
  }
  return readFileSync(path, 'utf8');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys as they are written in JSON: texts before a colon. */
function keysIn(json: string): number {
  const texts = json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g);
  return [...texts].filter(([, colon]) => colon !== undefined).length;
}

/** Keys as they are read: of a key that stands twice in an object, JSON.parse keeps the last. */
function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + keysOf(inner), own);
}
