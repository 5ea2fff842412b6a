import { bytesOf } from '../bytes-of';
import { InvalidLockError, type Lock, nameProblem } from '../lock';
import { printable } from '../printable';
import { LOCK, RECEIPT } from '../file-names';
import { downloadFile, type Remote } from './download-file';
import { FILES_AT_ONCE } from './parts';
import { requirePrefix } from './prefix';
import { lockBelow } from './read-lock';
import { session, type Session, type TransferOptions } from './session';
import type { Store } from './store';
import { partName, type Target } from './target';
import { each } from './together';

export interface DownloadOptions extends TransferOptions {
  readonly store: Store;
  readonly prefix: string;
  readonly target: Target;
  /** What to get. @default - the lock file below the prefix; without one, every object below it, but of no whole bucket */
  readonly lock?: Lock;
  /** Put files in the place of others of the same name. @default false */
  readonly replace?: boolean;
}

export interface DownloadResult {
  /** Undefined when neither the caller nor the prefix had one. */
  readonly lock: Lock | undefined;
  readonly moved: readonly string[];
  /** Files that were there already. */
  readonly skipped: readonly string[];
  /** Files that nothing proves: there is no lock, and the bucket tells no checksum of them. */
  readonly unproven: readonly string[];
}

/** Neither a prefix nor a lock says what of a bucket is meant. */
export class WholeBucketError extends Error {
  constructor(bucket: string) {
    super(`s3://${bucket}/ has no ${LOCK} at its root; say which prefix, or give the lock file of what to get`);
  }
}

/**
 * Gets a model folder from a prefix: what is there already is not moved again, and what an earlier run has left of a file
 * (`<name>.part`) is gone on from. A file has its name only when its checksum is right.
 *
 * @throws InvalidLockError when the lock file below the prefix is none
 * @throws WholeBucketError when there is neither a prefix nor a lock
 * @throws StoreError when a call failed for good, or an object is not what the lock says
 * @throws FileInTheWayError when a file of the folder is another, and `replace` isn't set
 */
export async function download(options: DownloadOptions): Promise<DownloadResult> {
  const { store, prefix, target } = options;
  requirePrefix(prefix);
  const first = session(options, []);
  const lock = options.lock ?? (await lockBelow(store, prefix, first));
  const files: readonly Remote[] = lock?.files ?? (await listed(store, prefix, first));
  requireApart(files);
  const shared = session(
    options,
    files.map(({ size }) => size),
  );
  const bytes = bytesOf(files);
  shared.tell({ type: 'plan', files: files.length, bytes });
  const [moved, skipped, unproven]: [string[], string[], string[]] = [[], [], []];
  await each(files, FILES_AT_ONCE, shared.signal, async (file, signal) => {
    const way = { store, key: `${prefix}${file.name}`, target, replace: options.replace ?? false };
    const done = await downloadFile(way, file, { ...shared, signal });
    (done.moved ? moved : skipped).push(file.name);
    if (!done.proven) unproven.push(file.name);
    shared.tell({ type: done.moved ? 'done' : 'skipped', file: file.name, size: file.size });
  });
  shared.tell({ type: 'total', files: files.length, bytes, moved: shared.moved() });
  return { lock, moved: moved.sort(), skipped: skipped.sort(), unproven: unproven.sort() };
}

/**
 * Objects below the prefix.
 *
 * @throws WholeBucketError when there is no prefix
 * @throws InvalidLockError for a key that would not stay in the folder as a path
 */
async function listed(store: Store, prefix: string, { signal, retry }: Session): Promise<Remote[]> {
  if (prefix === '') throw new WholeBucketError(store.bucket);
  const objects = await retry(signal, () => store.list(prefix, signal));
  const files = objects.map(({ key, size }) => ({ name: key.slice(prefix.length), size }));
  const wanted = files.filter(({ name }) => !name.endsWith('/') && name !== LOCK && name !== RECEIPT && name !== '');
  for (const { name } of wanted) {
    const problem = nameProblem(name);
    if (problem) throw new InvalidLockError(`the key ${printable(name)} cannot be a file: ${problem}`);
  }
  return wanted;
}

/** @throws InvalidLockError where one file has the name that another has until it is whole */
function requireApart(files: readonly Remote[]): void {
  const names = new Set(files.map(({ name }) => name));
  const both = files.find(({ name }) => names.has(partName(name)));
  if (!both) return;
  const [name, part] = [printable(both.name), printable(partName(both.name))];
  throw new InvalidLockError(`${part} cannot be got beside ${name}, which has that name until it is whole`);
}
