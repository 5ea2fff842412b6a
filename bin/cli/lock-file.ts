import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../weights/error-code';
import { InvalidLockError, isMeantAsLock, type Lock, lockText, MAX_LOCK_BYTES, parseLock } from '../../weights/lock';
import { LOCK } from '../../weights/file-names';
import { UsageError } from './usage-error';

/** Where a lock file is written when nobody says where: `cdk` runs an app in the folder that it lies in. */
export const LOCK_FILE = LOCK;

const GIVE_IT = `give the ${LOCK} that 'bedrock-gpt-oss upload' wrote`;

/** @throws UsageError when it is not there, or is none that can be used */
export async function readLockFile(path: string): Promise<Lock> {
  const text = await textIfThere(path);
  if (text === undefined) throw new UsageError(`there is no lock file '${path}'; ${GIVE_IT}`);
  return usable(path, text);
}

/**
 * The lock file in the place of which another is to be written; undefined where there is none.
 *
 * @param isNamed somebody wants this one written, also where it is damaged
 * @throws UsageError when something else lies there, or a lock that may still be of use, which nobody wants overwritten
 */
export async function lockFileBefore(path: string, isNamed: boolean): Promise<Lock | undefined> {
  const text = await textIfThere(path);
  if (text === undefined) return undefined;
  try {
    return parseLock(text);
  } catch (error) {
    if (isNamed && error instanceof InvalidLockError && isWrittenAgain(text, error)) return undefined;
    throw unusable(path, error, remedyBefore(text, error));
  }
}

function usable(path: string, text: string): Lock {
  try {
    return parseLock(text);
  } catch (error) {
    throw unusable(path, error, remedy(text, error));
  }
}

function unusable(path: string, error: unknown, next: string): unknown {
  if (!(error instanceof InvalidLockError)) return error;
  return new UsageError(`lock file '${path}' cannot be used: ${error.message}${next}`, { cause: error });
}

/** An empty file has nothing to lose either. */
function isWrittenAgain(text: string, { isDamaged }: InvalidLockError): boolean {
  return isDamaged && (text === '' || isMeantAsLock(text));
}

/** For who is about to write one. */
function remedyBefore(text: string, error: unknown): string {
  const isOther = error instanceof InvalidLockError && error.isDamaged && !isWrittenAgain(text, error);
  return isOther ? '; remove it, or name another file by --lock' : remedy(text, error);
}

function remedy(text: string, error: unknown): string {
  if (!(error instanceof InvalidLockError) || !error.isDamaged) return '';
  return isWrittenAgain(text, error)
    ? "; 'bedrock-gpt-oss upload' writes it again when --lock names it"
    : `; ${GIVE_IT}`;
}

async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return (await beginning(path, MAX_LOCK_BYTES + 1)).toString('utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    const why = code === 'EISDIR' ? 'it is a folder' : `it could not be read: ${code || String(error)}`;
    throw new UsageError(`lock file '${path}' cannot be used: ${why}; ${GIVE_IT}`, { cause: error });
  }
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
  await writing(path, lockText(lock), (half) => rename(half, path));
}

/** To be asked before hours of sending, at whose end a lock file is written. @throws UsageError when none can be */
export async function requireWritable(path: string): Promise<void> {
  await writing(path, '', () => Promise.resolve()).catch((cause: unknown) => {
    const why = errorCode(cause) || String(cause);
    throw new UsageError(`lock file '${path}' cannot be written: ${why}; name another by --lock`, { cause });
  });
}

async function writing(path: string, text: string, andThen: (half: string) => Promise<void>): Promise<void> {
  const half = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(half, text);
    await andThen(half);
  } finally {
    await rm(half, { force: true });
  }
}
