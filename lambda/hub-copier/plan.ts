import { LOCK } from '../../weights/file-names';
import { printableValue } from '../../weights/printable';
import { each } from '../../weights/transfer/together';
import { session } from '../../weights/transfer/session';
import { lockedFiles } from './locked-files';
import { byLock, copyOf } from './marks';
import type { Outside } from './outside';
import { prepare } from './prepare';
import type { Limits } from './time-limit';
import { type Copy, isRules, type Item, type PlanAnswer, RULES } from './task';

/** Objects that are looked at together. */
const LOOKED_AT_ONCE = 16;

/**
 * Of the 256 KiB that Step Functions hands from state to state: the answers to `MAX_FILES` items, each with the name again,
 * a reason and less beside it, take up to 60 KiB more than the items, and the copy itself takes a few. Bytes.
 */
const MAX_PAYLOAD = 190 * 1024;

/**
 * Says which files there are to copy: those of the model that are not in S3 already. Stops before a byte is copied when
 * Bedrock would refuse the model.
 */
export async function plan(copy: Copy, outside: Outside, limits: Limits): Promise<PlanAnswer> {
  const { store, backoff } = outside;
  const shared = session({ backoff, ...limits }, []);
  const { signal, retry } = shared;
  if (!isRules(copy.rules)) return { state: 'failed', why: unknownRules(copy.rules) };
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
  const all = prepared.files.reduce((sum, { size }) => sum + size, 0);
  outside.log({ files: prepared.files.length, bytes: all, toCopy: { files: items.length, bytes } });
  return { state: 'planned', items };
}

function unknownRules(rules: unknown): string {
  return `this release knows no repairs ${printableValue(rules)}, only ${RULES.map((known) => `'${known}'`).join(' and ')}. Nothing was copied. Next: deploy with the release that was to make them.`;
}

function tooMany({ repository, commit }: Copy, count: number): string {
  return `hf://${repository}@${commit} has ${count} files of a model, whose names and hashes are too long for one copy. Nothing was copied. Next: merge the shards.`;
}
