import { type Lock, type LockedFile, totalBytes } from '../lock';
import { LOCK, RECEIPT } from '../file-names';
import { likeness } from './likeness';
import { FILES_AT_ONCE } from './parts';
import { requirePrefix } from './prefix';
import { sha256Of } from './read-back';
import { readReceipt } from './read-receipt';
import { session, type Session, type TransferOptions } from './session';
import type { ObjectHead, Store } from './store';
import { each } from './together';

export interface VerifyOptions extends TransferOptions {
  readonly lock: Lock;
  readonly store: Store;
  readonly prefix: string;
  /** Read every byte and compare SHA-256, instead of what the bucket and the upload's receipt tell. @default false */
  readonly deep?: boolean;
}

/**
 * `same`: by the bucket's checksum of the whole; where it tells none, by the ETag that the upload found and noted in its
 * receipt. `unproven`: of the right size, and neither says more; only a deep look can.
 */
export type FileState = 'same' | 'different' | 'missing' | 'unproven';

export interface VerifyResult {
  /** Every file that the lock lists is there and the same. */
  readonly verified: boolean;
  readonly files: readonly { readonly name: string; readonly state: FileState }[];
  /** Keys below the prefix that the lock does not list. */
  readonly surplus: readonly string[];
}

/**
 * Compares what lies below a prefix with a lock. What differs is in the result; only a failed call is thrown.
 *
 * @throws StoreError when a call failed for good
 */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  const { lock, store, prefix, deep = false } = options;
  requirePrefix(prefix);
  const shared = session(
    options,
    lock.files.map(({ size }) => size),
  );
  const { tell, signal, retry } = shared;
  const bytes = totalBytes(lock);
  tell({ type: 'plan', files: lock.files.length, bytes });
  const states = new Map<string, FileState>();
  let receipt: ReturnType<typeof readReceipt> | undefined; // read once, and only where checksums are too little
  const isAsReceived = async (name: string, { etag }: ObjectHead) =>
    (await (receipt ??= readReceipt(store, prefix, lock.hash, shared)))?.get(name) === etag;
  await each(lock.files, FILES_AT_ONCE, signal, async (file, either) => {
    tell({ type: 'started', file: file.name, size: file.size });
    const place = { store, key: `${prefix}${file.name}`, deep, isAsReceived };
    states.set(file.name, await stateOf(place, file, { ...shared, signal: either }));
    tell({ type: 'done', file: file.name, size: file.size });
  });
  const listed = await retry(signal, () => store.list(prefix, signal));
  const known = new Set([LOCK, RECEIPT, ...states.keys()]);
  const surplus = listed
    .map(({ key }) => key)
    .filter((key) => !key.endsWith('/') && !known.has(key.slice(prefix.length)));
  tell({ type: 'total', files: lock.files.length, bytes, moved: shared.moved() });
  const files = lock.files.map(({ name }) => ({ name, state: states.get(name) ?? 'unproven' }));
  return { verified: files.every(({ state }) => state === 'same'), files, surplus };
}

interface Place {
  readonly store: Store;
  readonly key: string;
  readonly deep: boolean;
  readonly isAsReceived: (name: string, head: ObjectHead) => Promise<boolean>;
}

async function stateOf({ store, key, deep, isAsReceived }: Place, file: LockedFile, session: Session) {
  const head = await session.retry(session.signal, () => store.head(key, session.signal));
  if (!head) return 'missing';
  const like = likeness(head, file);
  if (like === 'different') return 'different';
  if (!deep) return like === 'same' || (await isAsReceived(file.name, head)) ? 'same' : 'unproven';
  const sha256 = await sha256Of(store, key, head, session, (bytes) => {
    session.tell({ type: 'part', file: file.name, bytes, moved: true });
  });
  return sha256 === file.sha256 ? 'same' : 'different';
}
