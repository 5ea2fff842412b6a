import { LOCK } from '../../weights/file-names';
import { each } from '../../weights/transfer/together';
import { session } from '../../weights/transfer/session';
import { sha256OfCopy, type Outside } from './outside';
import { prepare } from './prepare';
import type { Copy, Item, PlanAnswer } from './task';

/** Objects that are looked at together. */
const LOOKED_AT_ONCE = 16;

/**
 * Says which files there are to copy: those of the model that are not in S3 already. Stops before a byte is copied when
 * Bedrock would refuse the model.
 */
export async function plan(copy: Copy, outside: Outside): Promise<PlanAnswer> {
  const { backoff } = outside;
  const { signal, retry } = session({ backoff }, []);
  const prepared = await prepare(copy, outside.hub, signal);
  if ('why' in prepared) return { state: 'failed', why: prepared.why };
  const { store } = outside;
  const items: Item[] = [];
  await each(prepared.files, LOOKED_AT_ONCE, signal, async (file, either) => {
    const there = await retry(either, () => store.head(`${copy.prefix}${file.name}`, either));
    if (!there || sha256OfCopy(there, file) === undefined) items.push({ file, restarts: 0 });
  });
  // a lock says that everything is there; finishing writes it again
  if (items.length > 0) await retry(signal, () => store.remove([`${copy.prefix}${LOCK}`], signal));
  // the longest first, or the last to be begun is the last to end
  items.sort((one, other) => other.file.size - one.file.size);
  const bytes = items.reduce((sum, { file }) => sum + file.size, 0);
  outside.log({ planned: items.length, bytes, there: prepared.files.length - items.length });
  return { state: 'planned', items };
}
