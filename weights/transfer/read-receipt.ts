import { RECEIPT } from '../file-names';
import { isObject, parseJson } from '../json';
import { MAX_LOCK_BYTES } from '../lock';
import { textOf } from './read-back';
import type { Session } from './session';
import type { Store } from './store';

/**
 * The ETags by name that an upload noted below a prefix after it had compared every object with its lock; undefined where
 * there is no receipt of the lock with this hash that can be read.
 */
export async function receivedEtags(
  store: Store,
  prefix: string,
  hash: string,
  session: Session,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { signal, retry } = session;
  const key = `${prefix}${RECEIPT}`;
  const head = await retry(signal, () => store.head(key, signal));
  if (!head || head.size === 0 || head.size > MAX_LOCK_BYTES) return undefined;
  return etagsIn(await textOf(store, key, head, session), hash);
}

function etagsIn(text: string, hash: string): ReadonlyMap<string, string> | undefined {
  const receipt = parseJson(text);
  if ('problem' in receipt || receipt.value['hash'] !== hash) return undefined;
  const { files } = receipt.value;
  if (!Array.isArray(files)) return undefined;
  const pairs = files.flatMap((entry: unknown) => {
    if (!isObject(entry)) return [];
    const { name, etag } = entry;
    return typeof name === 'string' && typeof etag === 'string' ? [[name, etag] as const] : [];
  });
  return new Map(pairs);
}
