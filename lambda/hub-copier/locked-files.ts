import { InvalidLockError, type LockedFile } from '../../weights/lock';
import { lockBelow } from '../../weights/transfer/read-lock';
import type { Session } from '../../weights/transfer/session';
import type { Store } from '../../weights/transfer/store';

/** The files of the lock that an earlier copy wrote; none where there is no lock that can be read. */
export async function lockedFiles(
  store: Store,
  prefix: string,
  session: Session,
): Promise<ReadonlyMap<string, LockedFile>> {
  try {
    const lock = await lockBelow(store, prefix, session);
    return new Map(lock?.files.map((file) => [file.name, file]));
  } catch (error) {
    if (error instanceof InvalidLockError) return new Map();
    throw error;
  }
}
