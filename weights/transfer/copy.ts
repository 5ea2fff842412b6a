import type { Lock } from '../lock';
import { copyFile } from './copy-file';
import { publish, type PublishResult } from './publish';
import { requirePrefix } from './prefix';
import { session, type TransferOptions } from './session';
import { type Store, StoreError } from './store';

/** A copy moves no bytes through here, so its parts are larger than those of an upload. S3 takes up to 5 GiB. */
const COPIED_PART = 128 * 1024 * 1024;

export interface CopyOptions extends TransferOptions {
  /** What to copy: files that it does not list stay where they are. */
  readonly lock: Lock;
  readonly from: { readonly store: Store; readonly prefix: string };
  /** Its credentials make the copy, and so must be allowed to read the other bucket, too. */
  readonly to: { readonly store: Store; readonly prefix: string };
  /** Account id of the new bucket's owner, for the receipt. @default - not said */
  readonly account?: string;
  /** Copy to a prefix where a finished upload of other content lies. @default false */
  readonly replace?: boolean;
  /** Remove what lies below the new prefix and is no part of this. @default false */
  readonly prune?: boolean;
}

/**
 * Copies what a lock lists from one prefix to another within S3, between buckets and accounts. Like an upload it may be
 * stopped and run again, compares every object with the lock, and writes the lock last.
 *
 * @throws StoreError when a call failed for good, or the original is not what the lock says
 * @throws PrefixTakenError when there is a finished upload of other content and `replace` isn't set
 */
export async function copy(options: CopyOptions): Promise<PublishResult> {
  const { lock, from, to, account, replace = false, prune = false } = options;
  requirePrefix(from.prefix);
  requirePrefix(to.prefix);
  const files = new Map(lock.files.map((file) => [file.name, file]));
  const sizes = lock.files.map(({ size }) => size);
  const { partBytes = COPIED_PART } = options;
  const shared = session(options, sizes);
  return publish(
    {
      store: to.store,
      prefix: to.prefix,
      files: lock.files,
      source: lock.source,
      account,
      replace,
      prune,
      send(file, either) {
        const locked = files.get(file.name);
        if (!locked) throw new StoreError('refused', 'NotLocked', `${file.name} is not in the lock file`);
        const original = { store: from.store, key: `${from.prefix}${file.name}` };
        return copyFile(original, to.store, file, { locked, partBytes }, { ...shared, signal: either });
      },
    },
    shared,
  );
}
