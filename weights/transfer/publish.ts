import { bytesOf } from '../bytes-of';
import { type Lock, lockOf, type LockedFile, type LockSource, lockText, type Receipt, receiptText } from '../lock';
import { LOCK, RECEIPT } from '../file-names';
import { claimOn, MARKS } from './claim';
import { crc32, encodeCrc } from './crc32';
import { FILES_AT_ONCE } from './parts';
import type { Session } from './session';
import { type ObjectHead, type Store, StoreError, type StoredObject, type Unfinished } from './store';
import { each } from './together';

/** A late request changes a file once; whoever changes it a third time is at work, and has to end first. */
const MENDED_AT_MOST = 2;

export interface Publication {
  readonly store: Store;
  /** Ends in '/', or is '' for the whole bucket. */
  readonly prefix: string;
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly source?: LockSource;
  readonly account?: string;
  readonly replace: boolean;
  readonly prune: boolean;
  /** Brings one file to its key. */
  send(file: PublishedFile, signal: AbortSignal): Promise<Published>;
  /** Called when every file is there, before the lock says so. */
  beforeLock?(files: readonly LockedFile[]): Promise<void>;
}

/** A file on its way to its key. */
export interface PublishedFile {
  readonly name: string;
  readonly key: string;
  /** Uploads of this key that earlier runs began. */
  readonly unfinished: readonly Unfinished[];
  /** Asked before the first byte is sent; the checksum where it is known already. */
  mayBegin(size: number, crc32: string | undefined): Promise<void>;
}

export interface Published {
  readonly file: LockedFile;
  readonly head: ObjectHead;
  readonly moved: boolean;
}

export interface PublishResult {
  readonly lock: Lock;
  readonly bucket: string;
  readonly prefix: string;
  /** Names of files that were sent now, and of those that were there already. */
  readonly moved: readonly string[];
  readonly skipped: readonly string[];
  /** Keys below the prefix that are no part of the model. */
  readonly stale: readonly string[];
}

/**
 * Brings files below a prefix in an order in which it never looks whole before it is: whatever else there is, then
 * `config.json` and the index, then the receipt, then the lock.
 */
export async function publish(publication: Publication, session: Session): Promise<PublishResult> {
  const { store, prefix, files } = publication;
  const { signal, retry, tell } = session;
  const listed = await retry(signal, () => store.list(prefix, signal));
  const unfinished = await retry(signal, () => store.unfinished(prefix, signal));
  const claim = await claimOn(publication, listed, session);
  tell({ type: 'plan', files: files.length, bytes: bytesOf(files) });

  const begun = files.filter(({ name }) => unfinished.some(({ key }) => key === `${prefix}${name}`));
  if (begun.length > 0) tell({ type: 'unfinished', files: begun.map(({ name }) => name) });

  const published = new Map<string, Published>();
  const sendOne = async ({ name }: { readonly name: string }, either: AbortSignal) => {
    const key = `${prefix}${name}`;
    const own = unfinished.filter((upload) => upload.key === key);
    const mayBegin = (size: number, crc: string | undefined) => claim.begin(name, size, crc);
    published.set(name, await publication.send({ name, key, unfinished: own, mayBegin }, either));
  };
  const [marks, others] = [
    files.filter(({ name }) => MARKS.includes(name)),
    files.filter(({ name }) => !MARKS.includes(name)),
  ];
  const largestFirst = [...others].sort((one, other) => other.size - one.size);
  await each(largestFirst, FILES_AT_ONCE, signal, sendOne);
  await each(marks, 1, signal, sendOne);

  const last = await mendChanged(publication, published, session, sendOne);
  const all = [...published.values()];
  const lock = lockOf(
    all.map(({ file }) => file),
    publication.source,
  );
  await publication.beforeLock?.(lock.files);
  await claim.end(lock, last);
  const stale = await prune(publication, listed, session);
  await putText(publication, RECEIPT, receiptText(receiptOf(publication, lock, all)), session);
  await putText(publication, LOCK, lockText(lock), session);
  return result(publication, lock, all, stale, session);
}

async function prune(publication: Publication, listed: readonly StoredObject[], session: Session): Promise<string[]> {
  const { store, prefix, files } = publication;
  const { signal, retry, tell } = session;
  const ours = new Set([LOCK, RECEIPT, ...files.map(({ name }) => name)]);
  const stale = listed.map(({ key }) => key).filter((key) => !key.endsWith('/') && !ours.has(key.slice(prefix.length)));
  if (stale.length === 0) return [];
  if (publication.prune) await retry(signal, () => store.remove(stale, signal));
  tell({ type: 'stale', files: stale, removed: publication.prune });
  return stale;
}

/**
 * A request of an earlier run that arrives late, such as one that takes away `config.json`, or another upload to the same
 * prefix, may have changed what was sent: it is sent again, and an upload that never has the last word fails.
 *
 * @returns what then lies below the prefix
 */
async function mendChanged(
  { store, prefix }: Publication,
  published: ReadonlyMap<string, Published>,
  { signal, retry, tell }: Session,
  sendOne: (file: { readonly name: string }, signal: AbortSignal) => Promise<void>,
): Promise<readonly StoredObject[]> {
  for (let round = 1; ; round++) {
    const listed = await retry(signal, () => store.list(prefix, signal));
    const etags = new Map(listed.map(({ key, etag }) => [key, etag]));
    const changed = [...published].filter(([name, { head }]) => etags.get(`${prefix}${name}`) !== head.etag);
    const [first] = changed;
    if (!first) return listed;
    const reason = `s3://${store.bucket}/${prefix}${first[0]} was changed by somebody else after it was sent`;
    if (round > MENDED_AT_MOST)
      throw new StoreError('changed', 'ObjectChanged', `${reason}; run again, when no other upload to it is under way`);
    tell({ type: 'restarted', file: first[0], reason });
    const inOrder = changed.map(([, { file }]) => file).sort((one, other) => rank(one.name) - rank(other.name));
    await each(inOrder, 1, signal, sendOne);
  }
}

/** Marks come after the files that they speak of. */
function rank(name: string): number {
  return MARKS.indexOf(name) + 1;
}

function receiptOf(publication: Publication, lock: Lock, published: readonly Published[]): Receipt {
  const { store, prefix, account } = publication;
  const heads = new Map(published.map(({ file, head }) => [file.name, head]));
  const files = lock.files.flatMap(({ name }) => {
    const head = heads.get(name);
    if (!head) return [];
    const type = head.crc32?.includes('-') ? ('COMPOSITE' as const) : ('FULL_OBJECT' as const);
    return {
      name,
      etag: head.etag,
      ...(head.versionId && { versionId: head.versionId }),
      ...(head.crc32 && { checksum: { crc32: head.crc32, type } }),
    };
  });
  return { version: 1, hash: lock.hash, bucket: store.bucket, prefix, ...(account && { account }), files };
}

/** Leaves a text alone that is there already: a new version of it would be a change to whoever watches the prefix. */
async function putText({ store, prefix }: Publication, name: string, text: string, session: Session): Promise<void> {
  const { signal, retry } = session;
  const [key, body] = [`${prefix}${name}`, Buffer.from(text)];
  const crc = encodeCrc(crc32(body));
  const there = await retry(signal, () => store.head(key, signal));
  if (there?.size === body.length && there.crc32 === crc) return;
  await retry(signal, () => store.put(key, body, crc, signal));
}

function result(
  { store, prefix }: Publication,
  lock: Lock,
  published: readonly Published[],
  stale: readonly string[],
  { tell, moved }: Session,
): PublishResult {
  const names = (moved: boolean) => published.filter((one) => one.moved === moved).map(({ file }) => file.name);
  const bytes = bytesOf(published.map(({ file }) => file));
  tell({ type: 'total', files: published.length, bytes, moved: moved() });
  return { lock, bucket: store.bucket, prefix, moved: names(true).sort(), skipped: names(false).sort(), stale };
}
