import type { LockedFile } from '../lock';
import type { Checksummed } from './crc32';
import { likeness } from './likeness';
import { sha256Of } from './read-back';
import type { Session } from './session';
import { type ObjectHead, type Store, StoreError } from './store';

/** A file as it should be; its parts where their checksums are known. */
export type Wanted = LockedFile & { readonly parts?: readonly Checksummed[] };

/** Whether an object is the file: by what the store tells, and by reading it where that is too little. */
export async function isFile(store: Store, key: string, head: ObjectHead, wanted: Wanted, session: Session) {
  const like = likeness(head, wanted);
  return like === 'unknown' ? (await sha256Of(store, key, head, session)) === wanted.sha256 : like === 'same';
}

/**
 * The object as the store tells it after it was written.
 *
 * @throws StoreError, damaged, when it is not the file
 */
export async function proven(
  store: Store,
  key: string,
  answer: ObjectHead,
  wanted: Wanted,
  session: Session,
): Promise<ObjectHead> {
  if (likeness(answer, wanted) === 'same') return answer;
  const there = await session.retry(session.signal, () => store.head(key, session.signal));
  if (there && (await isFile(store, key, there, wanted, session))) return there;
  throw new StoreError('damaged', 'ChecksumMismatch', `${wanted.name} is in the bucket, but not as it was sent`);
}
