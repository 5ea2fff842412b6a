import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../weights/error-code';
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
  const bytes = await beginning(path, MAX_LOCK_BYTES + 1).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new UsageError(`'${path}' could not be read: ${String(error)}`, { cause: error });
  });
  if (bytes === undefined) return undefined;
  if (bytes.length > MAX_LOCK_BYTES) throw unusable(path, `it has more than ${MAX_LOCK_BYTES} bytes`);
  const text = bytes.toString('utf8');
  if (MERGE_MARKER.test(text)) {
    throw unusable(path, "it has git's marks of a conflict: take one side as it is, a mixture of both is no model's");
  }
  try {
    return parseLock(text);
  } catch (error) {
    if (error instanceof InvalidLockError) throw unusable(path, error.message, error);
    throw error;
  }
}

/** As git writes them, at the beginning of a line. */
const MERGE_MARKER = /^(<{7}|={7}|>{7})(?: |\r?$)/m;

function unusable(path: string, why: string, cause?: unknown): UsageError {
  return new UsageError(`'${path}' is not a lock file that can be used: ${why}`, { cause });
}

/** Never more of a file than was asked for, whatever was taken for a lock file. */
async function beginning(path: string, most: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of file.createReadStream({ end: most - 1, autoClose: false })) {
      if (!Buffer.isBuffer(chunk)) throw new Error('a file is read in bytes');
      chunks.push(chunk);
      length += chunk.length;
    }
    return Buffer.concat(chunks, length);
  } finally {
    await file.close();
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
