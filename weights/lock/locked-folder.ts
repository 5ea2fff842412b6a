import type { ModelFile, ModelFolder } from '../model-folder';
import { few } from '../printable';
import { LOCK, RECEIPT } from '../file-names';
import type { Lock } from './lock';
import { InvalidLockError, MAX_LOCK_BYTES, parseLock } from './lock-text';
import { receivedEtags } from './receipt';

/**
 * Says in clauses what keeps a prefix from being exactly what a lock pinned; none is right. Reads two small files: the
 * receipt was written after every object had been compared with the lock, so an object whose ETag is still the
 * receipt's holds those bytes.
 */
export async function lockProblems(folder: ModelFolder, pinned: string): Promise<string[]> {
  const listed = new Map((await folder.list()).map((file) => [file.name, file]));
  const large = [LOCK, RECEIPT].find((name) => (listed.get(name)?.size ?? 0) > MAX_LOCK_BYTES);
  if (large !== undefined) return [`${large} is larger than ${MAX_LOCK_BYTES} bytes`];
  if (!listed.has(LOCK)) return [`there is no ${LOCK} beside the weights, so they were not uploaded whole`];
  const lock = await readLock(folder);
  if (typeof lock === 'string') return [`${LOCK}: ${lock}`];
  if (lock.hash !== pinned) {
    return [`the weights there have the hash ${shortened(lock.hash)}, and the app's lock file ${shortened(pinned)}`];
  }
  const etags = listed.has(RECEIPT) ? receivedEtags(await folder.readText(RECEIPT, MAX_LOCK_BYTES), pinned) : undefined;
  if (!etags) return [`there is no ${RECEIPT} of this upload, which tells how the bucket holds it`];
  return [
    ...said(
      'missing',
      namesOf(lock, (name) => !listed.has(name)),
    ),
    ...said(
      'changed after the upload',
      namesOf(lock, (name, size) => listed.has(name) && !isAsReceived(listed.get(name), size, etags)),
    ),
    ...said('not in the lock file', surplus(listed, lock)),
  ];
}

async function readLock(folder: ModelFolder): Promise<Lock | string> {
  try {
    return parseLock(await folder.readText(LOCK, MAX_LOCK_BYTES));
  } catch (error) {
    if (error instanceof InvalidLockError) return error.message;
    throw error;
  }
}

function isAsReceived(file: ModelFile | undefined, size: number, etags: ReadonlyMap<string, string>): boolean {
  return file?.size === size && file.etag === etags.get(file.name);
}

function namesOf({ files }: Lock, isWrong: (name: string, size: number) => boolean): string[] {
  return files.filter(({ name, size }) => isWrong(name, size)).map(({ name }) => name);
}

function surplus(listed: ReadonlyMap<string, ModelFile>, { files }: Lock): string[] {
  const known = new Set([LOCK, RECEIPT, ...files.map(({ name }) => name)]);
  return [...listed.keys()].filter((name) => !known.has(name));
}

function said(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${few(names)}`];
}

function shortened(hash: string): string {
  return `${hash.slice(0, 16)}…`;
}
