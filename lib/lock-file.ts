import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';

/** Of the format that `bedrock-gpt-oss upload` writes. */
const LOCK_VERSION = 1;

/** SHA-256 in hexadecimal. */
const HASH = /^[0-9a-f]{64}$/;

/**
 * The hash over all files of a lock file, which is all that a template needs to know of it. The list must be the hash's,
 * so that whoever reviews its diff has reviewed what is deployed.
 */
export function lockedHash(path: string): string {
  const lock = parsed(path);
  if (lock.version !== LOCK_VERSION) {
    throw new Error(
      `lock file '${path}' must have "version" ${LOCK_VERSION}, got ${JSON.stringify(lock.version)}; write it again with 'bedrock-gpt-oss upload' of this release`,
    );
  }
  if (typeof lock.hash !== 'string' || !HASH.test(lock.hash)) {
    throw new Error(
      `lock file '${path}' must have a SHA-256 as "hash", got ${inspect(lock.hash, { maxStringLength: 80 })}; don't edit it, write it again with 'bedrock-gpt-oss upload'`,
    );
  }
  if (lock.hash !== contentHash(lock.files)) {
    throw new Error(
      `lock file '${path}' must have the hash of its files, got another; a merge or an edit has changed it, so write it again with 'bedrock-gpt-oss upload'`,
    );
  }
  return lock.hash;
}

/** SHA-256 over one line `["name",size,"sha256"]` a file, sorted by name; undefined when there is no such list. */
function contentHash(files: unknown): string | undefined {
  if (!Array.isArray(files)) {
    return undefined;
  }
  const entries = files.map((file: unknown) => Object(file) as { name?: unknown; size?: unknown; sha256?: unknown });
  const sorted = entries.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
  const lines = sorted.map(({ name, size, sha256 }) => `${JSON.stringify([name, size, sha256])}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** Where `bedrock-gpt-oss upload` puts weights when it is told a bucket only. */
export function prefixOfHash(hash: string): string {
  return `gpt-oss-${hash.slice(0, 16)}/`;
}

function parsed(path: string): { readonly version?: unknown; readonly hash?: unknown; readonly files?: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(
      `lock file '${path}' could not be read: ${String(error)}; give the path of the gpt-oss.lock.json that 'bedrock-gpt-oss upload' wrote`,
      { cause: error },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(
      `lock file '${path}' must hold a JSON object; give the gpt-oss.lock.json that 'bedrock-gpt-oss upload' wrote`,
    );
  }
  return value;
}
