import { createHash } from 'node:crypto';
import { LOCK } from '../../weights/file-names';
import { crc32, encodeCrc } from '../../weights/transfer/crc32';
import { isFile } from '../../weights/transfer/proven';
import { giveUp } from '../../weights/transfer/parted-object';
import { publish, type Published, type PublishedFile } from '../../weights/transfer/publish';
import { session, type Session } from '../../weights/transfer/session';
import { type ObjectHead, type Store, StoreError } from '../../weights/transfer/store';
import type { HubFile } from '../../weights/hub/hub';
import { HubError } from '../../weights/hub/hub-error';
import type { TextRepair } from '../../weights/repair/repair';
import { keptObject } from './kept-object';
import { lockedFiles } from './locked-files';
import { byLock, copyOf } from './marks';
import { again, notCopied } from './failures';
import { giveUpBelow } from './give-up-below';
import type { Outside } from './outside';
import { prepare, type Prepared } from './prepare';
import type { Copied, Copy, FinishAnswer } from './task';
import { type Limits, mostOfTheTime, within } from './time-limit';

/**
 * Makes the folder whole: writes what is repaired, looks at every object once more, and writes the lock last of all. What
 * fails, here or before, ends with nothing begun left below the prefix.
 */
export async function finish(copy: Copy, copied: readonly Copied[], outside: Outside): Promise<FinishAnswer> {
  const failures = copied.filter((one) => one.state === 'failed');
  const why = failures.length > 0 ? notCopied(copy, failures, copied.length) : await notFinished(copy, copied, outside);
  if (why === undefined) return { state: 'done' };
  const left = await leftBelow(copy, outside);
  return { state: 'failed', why: left === undefined ? why : `${why} What was begun is still there: ${left}.` };
}

async function notFinished(copy: Copy, copied: readonly Copied[], outside: Outside): Promise<string | undefined> {
  try {
    return await within(mostOfTheTime(outside), outside.log, async (limits) => {
      const prepared = await prepare(copy, outside, limits);
      if ('why' in prepared) return prepared.why;
      await publishAll(copy, copied, prepared, outside, limits);
      return undefined;
    });
  } catch (error) {
    if (error instanceof HubError || error instanceof StoreError) return again(error);
    throw error;
  }
}

async function publishAll(
  { repository, commit, prefix, account }: Copy,
  copied: readonly Copied[],
  prepared: Prepared,
  { store, backoff, log }: Outside,
  limits: Limits,
): Promise<void> {
  const texts = prepared.repairs.map(({ file, after }) => ({ name: file, size: Buffer.byteLength(after) }));
  const files = [...prepared.files.map(({ name, size }) => ({ name, size })), ...texts];
  const sizes = texts.map(({ size }) => size);
  const shared = session({ backoff, ...limits }, sizes);
  const source = { repository, revision: commit };
  const send = sender(prepared, await known(prefix, copied, store, shared), `${prefix}${LOCK}`, store, shared);
  const publication = { store, prefix, files, source, account, replace: true, prune: false, send };
  const { lock } = await publish(publication, shared);
  log({ finished: lock.hash, files: lock.files.length });
}

/** The CRC-32 of each copy: as it was made now, or as an earlier lock has it. */
type Known = (file: HubFile, head: ObjectHead) => ReturnType<typeof copyOf>;

async function known(prefix: string, copied: readonly Copied[], store: Store, shared: Session): Promise<Known> {
  const made = new Map(copied.flatMap((one) => (one.state === 'done' ? [[one.name, one.crc32] as const] : [])));
  const locked = await lockedFiles(store, prefix, shared);
  return (file, head) => {
    const there = copyOf(head, file);
    if (!there) return undefined;
    const crc = made.get(file.name);
    if (crc === undefined) return byLock(there, locked.get(file.name));
    return there.crc32 === undefined || there.crc32 === crc ? { ...there, crc32: crc } : undefined;
  };
}

function sender({ files, repairs }: Prepared, of: Known, lock: string, store: Store, shared: Session) {
  const copies = new Map(files.map((file) => [file.name, file]));
  const texts = new Map(repairs.map((repair) => [repair.file, repair]));
  return async (published: PublishedFile): Promise<Published> => {
    // begun twice, because the answer to the first was lost
    for (const upload of published.unfinished) await giveUp(store, upload, shared);
    const text = texts.get(published.name);
    const file = copies.get(published.name);
    if (text) return write(text, published.key, lock, store, shared);
    if (file) return found(file, published, of, store, shared);
    throw new Error(`${published.name} is no file of the plan`);
  };
}

/** A copy as the Map left it. */
async function found(
  file: HubFile,
  { key }: PublishedFile,
  of: Known,
  store: Store,
  { retry, signal }: Session,
): Promise<Published> {
  const head = await retry(signal, () => store.head(key, signal));
  const there = head && of(file, head);
  if (!head || there?.crc32 === undefined) {
    throw new StoreError('changed', 'ObjectChanged', `${key} was changed by somebody else while it was copied`);
  }
  const { name, size } = file;
  return { file: { name, size, sha256: there.sha256, crc32: there.crc32 }, head, moved: false };
}

async function write(
  { file, after }: TextRepair,
  key: string,
  lock: string,
  store: Store,
  shared: Session,
): Promise<Published> {
  const { retry, signal } = shared;
  const bytes = Buffer.from(after);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const wanted = { name: file, size: bytes.length, sha256, crc32: encodeCrc(crc32(bytes)) };
  const there = await retry(signal, () => store.head(key, signal));
  if (there && (await isFile(store, key, there, wanted, shared))) return { file: wanted, head: there, moved: false };
  // not by the publication's leave, which takes config.json away for somebody to send it again
  await retry(signal, () => store.remove([lock], signal));
  const head = await retry(signal, () => store.put(key, bytes, wanted.crc32, signal));
  return { file: wanted, head: await keptObject(store, key, head, wanted, shared), moved: true };
}

/** @returns why something is left, if it is */
async function leftBelow(copy: Copy, outside: Outside): Promise<string | undefined> {
  try {
    await giveUpBelow(copy, outside);
    return undefined;
  } catch (error) {
    if (error instanceof StoreError || error instanceof HubError) return error.message;
    throw error;
  }
}
