import { LOCK } from '../../weights/file-names';
import { each } from '../../weights/transfer/together';
import { session } from '../../weights/transfer/session';
import { lockedFiles } from './locked';
import { byLock, copyOf } from './marks';
import type { Outside } from './outside';
import { prepare } from './prepare';
import type { Limits } from './time-limit';
import type { Copy, Item, PlanAnswer } from './task';

/** Objects that are looked at together. */
const LOOKED_AT_ONCE = 16;

/** Of the 256 KiB that Step Functions hands from state to state; the copy itself and what comes back take little. Bytes. */
const MAX_PAYLOAD = 200 * 1024;

/**
 * Says which files there are to copy: those of the model that are not in S3 already. Stops before a byte is copied when
 * Bedrock would refuse the model.
 */
export async function plan(copy: Copy, outside: Outside, limits: Limits): Promise<PlanAnswer> {
  const { store, backoff } = outside;
  const shared = session({ backoff, ...limits }, []);
  const { signal, retry } = shared;
  const prepared = await prepare(copy, outside, limits);
  if ('why' in prepared) return { state: 'failed', why: prepared.why };
  const locked = await lockedFiles(store, copy.prefix, shared);
  const items: Item[] = [];
  await each(prepared.files, LOOKED_AT_ONCE, signal, async (file, either) => {
    const there = copyOf(await retry(either, () => store.head(`${copy.prefix}${file.name}`, either)), file);
    if (!there || byLock(there, locked.get(file.name)).crc32 === undefined) items.push({ file, restarts: 0 });
  });
  if (Buffer.byteLength(JSON.stringify(items)) > MAX_PAYLOAD) {
    return { state: 'failed', why: tooMany(copy, items.length) };
  }
  // a lock says that everything is there; finishing writes it again
  if (items.length > 0) await retry(signal, () => store.remove([`${copy.prefix}${LOCK}`], signal));
  // the longest first, or the last to be begun is the last to end
  items.sort((one, other) => other.file.size - one.file.size);
  const bytes = items.reduce((sum, { file }) => sum + file.size, 0);
  outside.log({ planned: items.length, bytes, there: prepared.files.length - items.length });
  return { state: 'planned', items };
}

function tooMany({ repository, commit }: Copy, count: number): string {
  return `hf://${repository}@${commit} has ${count} files of a model, whose names and hashes are too long for one copy. Nothing was copied. Next: merge the shards.`;
}
