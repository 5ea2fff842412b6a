import { readFileSync, statSync } from 'node:fs';
import { hashOfLock, isMeantAsLock, MAX_LOCK_BYTES, UnusableLock } from './lock-text';

/** The hash of a lock file, which is all that a template needs to know of it. @throws with the remedy */
export function lockedHash(path: string): string {
  const text = textOf(path);
  if (text === undefined) {
    throw new Error(`lock file '${path}' cannot be used: it has more than ${MAX_LOCK_BYTES} bytes; ${GIVE_IT}`);
  }
  try {
    return hashOfLock(text);
  } catch (error) {
    if (!(error instanceof UnusableLock)) {
      throw error;
    }
    throw new Error(`lock file '${path}' cannot be used: ${error.message}${remedy(text, error)}`, {
      cause: error,
    });
  }
}

/** Where `bedrock-gpt-oss upload` puts weights when it is told a bucket only. */
export function prefixOfHash(hash: string): string {
  return `gpt-oss-${hash.slice(0, 16)}/`;
}

const GIVE_IT = "give the gpt-oss.lock.json that 'bedrock-gpt-oss upload' wrote";

function remedy(text: string, { isDamaged }: UnusableLock): string {
  if (!isDamaged) {
    return '';
  }
  const isLost = text === '' || isMeantAsLock(text);
  return isLost ? "; 'bedrock-gpt-oss upload' writes it again when --lock names it" : `; ${GIVE_IT}`;
}

/** Undefined for a file that is too long to be a lock. */
function textOf(path: string): string | undefined {
  try {
    const { size } = statSync(path);
    return size > MAX_LOCK_BYTES ? undefined : readFileSync(path, 'utf8');
  } catch (error) {
    throw unread(path, error);
  }
}

function unread(path: string, error: unknown): Error {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') {
    return new Error(`there is no lock file '${path}'; ${GIVE_IT}, by its path from the folder that cdk runs in`, {
      cause: error,
    });
  }
  const why = code === 'EISDIR' ? 'it is a folder' : `it could not be read: ${code || String(error)}`;
  return new Error(`lock file '${path}' cannot be used: ${why}; ${GIVE_IT}`, { cause: error });
}
