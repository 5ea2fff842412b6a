import { digest, type Digest, FileChangedError, type PartRead } from './digest';
import { encodeCrc } from './crc32';
import { likeness } from './likeness';
import { partsOf, partSize } from './parts';
import { sha256Of } from './read-back';
import type { Session } from './session';
import type { OpenFile, Source } from './source';
import { type ObjectHead, type Store, StoreError, type StoredPart, type Unfinished } from './store';
import { together } from './together';

/** How often a file is begun anew when what was done for it no longer counts. */
const ROUNDS = 4;

export interface FileToSend {
  readonly name: string;
  readonly key: string;
  /** Uploads of this key that earlier runs began. */
  readonly unfinished: readonly Unfinished[];
  /** From an earlier pass over the file, if there was one. */
  readonly known?: Digest;
  /** Asked before the first byte is sent; the digest where it is known already. */
  mayBegin(size: number, crc32: string | undefined): Promise<void>;
}

export interface SentFile {
  readonly digest: Digest;
  readonly head: ObjectHead;
  /** Whether anything was sent. */
  readonly moved: boolean;
}

/** Sends one file, as far as it is not there yet, and compares what the store then has. */
export async function sendFile(source: Source, store: Store, file: FileToSend, session: Session): Promise<SentFile> {
  let { unfinished } = file;
  for (let round = 1; ; round++) {
    const open = await source.open(file.name);
    session.tell({ type: 'started', file: file.name, size: open.size });
    try {
      const small = open.size <= partSize(open.size, session.partBytes);
      const sent = await (small ? sendSmall : sendLarge)(open, store, { ...file, unfinished }, session);
      session.tell({ type: sent.moved ? 'done' : 'skipped', file: file.name, size: open.size });
      return sent;
    } catch (error) {
      if (!(error instanceof Error) || !isWorthAnotherRound(error) || round === ROUNDS) throw error;
      session.tell({ type: 'restarted', file: file.name, reason: error.message });
      unfinished = await session.retry(session.signal, () => uploadsOf(store, file.key, session.signal));
    } finally {
      await open.close();
    }
  }
}

function isWorthAnotherRound(error: Error): boolean {
  if (error instanceof FileChangedError) return true;
  return error instanceof StoreError && (error.failure === 'lost' || error.failure === 'damaged');
}

export async function uploadsOf(store: Store, key: string, signal: AbortSignal): Promise<Unfinished[]> {
  return (await store.unfinished(key, signal)).filter((upload) => upload.key === key);
}

/** In one request, from one buffer. */
async function sendSmall(open: OpenFile, store: Store, file: FileToSend, session: Session): Promise<SentFile> {
  const { signal, retry } = session;
  await Promise.all(file.unfinished.map((upload) => giveUp(store, upload, session)));
  let read: PartRead | undefined;
  try {
    const found = await digest(file.name, open, session, (part) => (read = part));
    const there = await retry(signal, () => store.head(file.key, signal));
    if (there && likeness(there, found) === 'same') {
      session.tell({ type: 'part', file: file.name, bytes: open.size, moved: false });
      return { digest: found, head: there, moved: false };
    }
    await file.mayBegin(found.size, found.crc32);
    const bytes = read?.bytes ?? new Uint8Array();
    const answer = await retry(signal, () => store.put(file.key, bytes, found.crc32, signal));
    session.tell({ type: 'part', file: file.name, bytes: open.size, moved: true });
    return { digest: found, head: await proven(store, file.key, answer, found, session), moved: true };
  } finally {
    read?.giveBack();
  }
}

/** In parts; those that an earlier run has sent are sent again only if they are other than the file's. */
async function sendLarge(open: OpenFile, store: Store, file: FileToSend, session: Session): Promise<SentFile> {
  const { signal, retry, tell } = session;
  const there = await retry(signal, () => store.head(file.key, signal));
  const known = there?.size === open.size ? await knownDigest(open, file, session) : undefined;
  if (there && known && likeness(there, known) === 'same') {
    await Promise.all(file.unfinished.map((upload) => giveUp(store, upload, session)));
    tell({ type: 'part', file: file.name, bytes: open.size, moved: false });
    return { digest: known, head: there, moved: false };
  }
  await file.mayBegin(open.size, known?.crc32);
  const { upload, parts: stored } = await goOn(store, file, open.size, session);
  const sending = together(signal);
  const send = async (part: PartRead) => {
    try {
      const earlier = stored.get(part.number);
      const moved = earlier?.crc32 !== encodeCrc(part.crc);
      if (moved) {
        const crc = encodeCrc(part.crc);
        const sent = await retry(sending.signal, () =>
          store.sendPart(upload, part.number, part.bytes, crc, sending.signal),
        );
        stored.set(part.number, sent);
      }
      tell({ type: 'part', file: file.name, bytes: part.size, moved });
    } finally {
      part.giveBack();
    }
  };
  let found: Digest;
  try {
    found = await digest(file.name, open, session, (part) => {
      sending.check();
      sending.start(send(part));
    });
  } finally {
    await sending.all(); // the buffers are ours until then, and its failure says more than that of a reader it stopped
  }
  return { digest: found, head: await completed(store, upload, stored, found, session), moved: true };
}

async function knownDigest(open: OpenFile, { name, known }: FileToSend, session: Session): Promise<Digest> {
  if (known?.stamp === open.stamp) return known;
  return digest(name, open, session, (part) => {
    part.giveBack();
  });
}

/** The upload to go on with: of those that were cut alike the one with most parts; the others are given up. */
async function goOn(store: Store, file: FileToSend, size: number, session: Session) {
  const { signal, retry } = session;
  const cut = new Map(partsOf(size, session.partBytes).map((part) => [part.number, part.size]));
  let best: { readonly upload: Unfinished; readonly parts: Map<number, StoredPart> } | undefined;
  for (const upload of file.unfinished) {
    const parts = await retry(signal, () => store.parts(upload, signal)).catch((error: unknown) => {
      if (error instanceof StoreError && error.failure === 'lost') return undefined; // given up meanwhile
      throw error;
    });
    if (!parts) continue;
    const fits = parts.every((part) => cut.get(part.number) === part.size);
    if (fits && parts.length >= (best?.parts.size ?? 0)) {
      if (best) await giveUp(store, best.upload, session);
      best = { upload, parts: new Map(parts.map((part) => [part.number, part])) };
    } else {
      await giveUp(store, upload, session);
    }
  }
  if (best) return best;
  const id = await retry(signal, () => store.begin(file.key, signal));
  return { upload: { key: file.key, id }, parts: new Map<number, StoredPart>() };
}

async function completed(
  store: Store,
  upload: Unfinished,
  stored: ReadonlyMap<number, StoredPart>,
  found: Digest,
  session: Session,
): Promise<ObjectHead> {
  const { signal, retry } = session;
  const parts = [...stored.values()].sort((one, other) => one.number - other.number);
  const whole = { parts, size: found.size, crc32: found.crc32 };
  try {
    // the same parts make the same damage again: that is no reason to repeat the call
    const answer = await retry(signal, () => store.complete(upload, whole, signal), ['busy', 'cut']);
    return await proven(store, upload.key, answer, found, session);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.failure === 'damaged') await giveUp(store, upload, session);
    if (error.failure !== 'lost') throw error;
    // an answer that was cut off leaves an upload that is gone because it was completed
    const there = await retry(signal, () => store.head(upload.key, signal));
    if (there && likeness(there, found) === 'same') return there;
    throw error;
  }
}

/** The object as the store tells it after it was written. @throws StoreError, damaged, when it is not the file */
export async function proven(
  store: Store,
  key: string,
  answer: ObjectHead,
  found: Pick<Digest, 'name' | 'size' | 'crc32' | 'sha256'> & Partial<Pick<Digest, 'parts'>>,
  session: Session,
): Promise<ObjectHead> {
  const { signal, retry } = session;
  if (likeness(answer, found) === 'same') return answer;
  const there = await retry(signal, () => store.head(key, signal));
  const like = there ? likeness(there, found) : 'different';
  if (there && like === 'same') return there;
  if (there && like === 'unknown' && (await sha256Of(store, key, there, session)) === found.sha256) return there;
  throw new StoreError('damaged', 'ChecksumMismatch', `${found.name} is in the bucket, but not as it was sent`);
}

async function giveUp(store: Store, upload: Unfinished, { signal, retry }: Session): Promise<void> {
  await retry(signal, () => store.giveUp(upload, signal)).catch((error: unknown) => {
    if (!(error instanceof StoreError) || error.failure !== 'lost') throw error;
  });
}
