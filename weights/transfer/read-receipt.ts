import { RECEIPT } from '../file-names';
import { MAX_LOCK_BYTES, receivedEtags } from '../lock';
import { textOf } from './read-back';
import type { Session } from './session';
import type { Store } from './store';

/**
 * The ETags by name that an upload noted below a prefix after it had compared every object with its lock; undefined where
 * there is no receipt of the lock with this hash that can be read.
 */
export async function readReceipt(
  store: Store,
  prefix: string,
  hash: string,
  session: Session,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { signal, retry } = session;
  const key = `${prefix}${RECEIPT}`;
  const head = await retry(signal, () => store.head(key, signal));
  if (!head || head.size === 0 || head.size > MAX_LOCK_BYTES) return undefined;
  return receivedEtags(await textOf(store, key, head, session), hash);
}
