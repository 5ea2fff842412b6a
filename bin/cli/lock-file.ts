import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidLockError, type Lock, lockText, MAX_LOCK_BYTES, parseLock } from '../../weights/lock';
import { LOCK } from '../../weights/file-names';
import { UsageError } from './usage-error';

/** Where a lock file is written when nobody says where: `cdk` runs an app in the folder that it lies in. */
export const LOCK_FILE = LOCK;

/** @throws UsageError when it is not there, or is none */
export async function readLockFile(path: string): Promise<Lock> {
  const lock = await lockFileIfThere(path);
  if (!lock) throw new UsageError(`there is no lock file '${path}'`);
  return lock;
}

/** @throws UsageError when something else lies there, which nobody wants overwritten */
export async function lockFileIfThere(path: string): Promise<Lock | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UsageError(`'${path}' could not be read: ${String(error)}`, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    return parseLock(text.slice(0, MAX_LOCK_BYTES + 1));
  } catch (error) {
    if (!(error instanceof InvalidLockError)) throw error;
    throw new UsageError(`'${path}' is not a lock file that can be used: ${error.message}`, { cause: error });
  }
}

/** At once or not at all: a lock file is committed. */
export async function writeLockFile(path: string, lock: Lock): Promise<void> {
  const half = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(half, lockText(lock));
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
}
