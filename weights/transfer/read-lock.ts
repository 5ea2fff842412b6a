import { InvalidLockError, type Lock, MAX_LOCK_BYTES, parseLock } from '../lock';
import { LOCK } from '../file-names';
import { textOf } from './read-back';
import type { Session } from './session';
import type { Store } from './store';

/** The lock file below a prefix; undefined when there is none. @throws InvalidLockError when it is not fit to be used */
export async function lockBelow(store: Store, prefix: string, session: Session): Promise<Lock | undefined> {
  const { signal, retry } = session;
  const key = `${prefix}${LOCK}`;
  const head = await retry(signal, () => store.head(key, signal));
  if (!head) return undefined;
  if (head.size === 0) throw new InvalidLockError('it is empty');
  if (head.size > MAX_LOCK_BYTES) throw new InvalidLockError(`it has more than ${MAX_LOCK_BYTES} bytes`);
  return parseLock(await textOf(store, key, head, session));
}
