import type { Lock, LockSource } from '../../weights/lock';
import { printable } from '../../weights/printable';

/** What is known of a folder before it is read. */
export interface Listed {
  readonly source: LockSource | undefined;
  readonly files: readonly { readonly name: string; readonly size: number }[];
}

/** Whether a lock is of another model than the folder is, as far as its listing tells; only a hash tells all. */
export function isOfAnother(lock: Lock, { source, files }: Listed): boolean {
  if (lock.source && source) return !isSameSource(lock.source, source);
  const sizes = new Map(files.map(({ name, size }) => [name, size]));
  return lock.files.length !== files.length || lock.files.some(({ name, size }) => sizes.get(name) !== size);
}

/** Whether one lock may take the other's place unasked: it is of the same content, or a later state of the same model. */
export function isSameModel(one: Lock, other: Lock): boolean {
  return one.hash === other.hash || (one.source && other.source ? isSameSource(one.source, other.source) : false);
}

/** Why a lock file was left alone, and what to do. */
export function otherModelText(path: string, { hash, source, files }: Lock): string {
  const what = source ? printable(source.repository) : `${files.length} files, ${hash.slice(0, 16)}`;
  return `'${path}' is the lock file of another model (${what}); name one with --lock, this one to replace it`;
}

/** Another revision is another state of the same model. */
function isSameSource(one: LockSource, other: LockSource): boolean {
  return one.repository === other.repository;
}
