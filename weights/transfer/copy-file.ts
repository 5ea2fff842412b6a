import type { LockedFile } from '../lock';
import { completed, giveUp, goOn, inRounds } from './parted-object';
import { partsOf } from './parts';
import { isFile, proven } from './proven';
import type { Published, PublishedFile } from './publish';
import type { Session } from './session';
import { type ObjectHead, type Store, StoreError } from './store';
import { each } from './together';

/** Parts that S3 copies at once: each takes it a second or so, whatever our own connection is. */
const PARTS_AT_ONCE = 8;

export interface Original {
  readonly store: Store;
  readonly key: string;
}

/**
 * Copies one object from bucket to bucket, as far as it is not there yet, and compares both with the lock.
 *
 * @param partBytes of a part that is copied at once
 * @throws StoreError, missing or changed, when the original is not what the lock says
 */
export async function copyFile(
  from: Original,
  store: Store,
  file: PublishedFile,
  { locked, partBytes }: { readonly locked: LockedFile; readonly partBytes: number },
  session: Session,
): Promise<Published> {
  const { signal, retry, tell } = session;
  const { name, size } = locked;
  const there = await retry(signal, () => store.head(file.key, signal));
  if (there && (await isFile(store, file.key, there, locked, session))) {
    await Promise.all(file.unfinished.map((upload) => giveUp(store, upload, session)));
    tell({ type: 'part', file: name, bytes: size, moved: false });
    tell({ type: 'skipped', file: name, size });
    return { file: locked, head: there, moved: false };
  }
  const original = await headOf(from, locked, session);
  await file.mayBegin(size, locked.crc32);
  const head = await inRounds({ ...file, store }, session, (unfinished) => {
    tell({ type: 'started', file: name, size });
    if (size === 0) return copyNothing(store, file.key, locked, session); // no part can be empty
    return copyParts(
      { ...from, etag: original.etag },
      store,
      { ...file, unfinished, size, partBytes },
      locked,
      session,
    );
  });
  tell({ type: 'done', file: name, size });
  return { file: locked, head, moved: true };
}

async function headOf({ store, key }: Original, locked: LockedFile, session: Session): Promise<ObjectHead> {
  const { signal, retry } = session;
  const address = `s3://${store.bucket}/${key}`;
  const head = await retry(signal, () => store.head(key, signal));
  if (!head) throw new StoreError('missing', 'NoSuchKey', `there is no ${address}, which the lock file lists`);
  if (await isFile(store, key, head, locked, session)) return head;
  throw new StoreError(
    'changed',
    'ChecksumMismatch',
    `${address} is not what the lock file says; verify shows all that differ`,
  );
}

async function copyNothing(store: Store, key: string, locked: LockedFile, session: Session): Promise<ObjectHead> {
  const { signal, retry } = session;
  const answer = await retry(signal, () => store.put(key, new Uint8Array(), locked.crc32, signal));
  return proven(store, key, answer, locked, session);
}

async function copyParts(
  from: Original & { readonly etag: string },
  store: Store,
  file: PublishedFile & { readonly size: number; readonly partBytes: number },
  locked: LockedFile,
  session: Session,
): Promise<ObjectHead> {
  const { signal, retry, tell } = session;
  const going = await goOn(store, file, session);
  const source = { bucket: from.store.bucket, key: from.key, etag: from.etag };
  const parts = partsOf(file.size, file.partBytes);
  await each(parts, PARTS_AT_ONCE, signal, async ({ number, position, size }, either) => {
    const moved = !going.parts.has(number);
    if (moved) {
      const range = { ...source, position, size, whole: parts.length === 1 };
      going.parts.set(number, await retry(either, () => store.copyPart(going.upload, number, range, either)));
    }
    tell({ type: 'part', file: file.name, bytes: size, moved });
  });
  return completed(store, going, locked, session);
}
