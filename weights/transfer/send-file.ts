import { encodeCrc } from './crc32';
import { digest, type Digest, type PartRead } from './digest';
import { likeness } from './likeness';
import { completed, giveUp, goOn, inRounds } from './parted-object';
import { partSize } from './parts';
import { proven } from './proven';
import type { PublishedFile } from './publish';
import type { Session } from './session';
import type { OpenFile, Source } from './source';
import type { ObjectHead, Store } from './store';
import { together } from './together';

export interface FileToSend extends PublishedFile {
  /** From an earlier pass over the file, if there was one. */
  readonly known?: Digest;
}

export interface SentFile {
  readonly digest: Digest;
  readonly head: ObjectHead;
  /** Whether anything was sent. */
  readonly moved: boolean;
}

/** Sends one file, as far as it is not there yet, and compares what the store then has. */
export async function sendFile(source: Source, store: Store, file: FileToSend, session: Session): Promise<SentFile> {
  const { name, key } = file;
  return inRounds({ name, key, store, unfinished: file.unfinished }, session, async (unfinished) => {
    const open = await source.open(name);
    session.tell({ type: 'started', file: name, size: open.size });
    try {
      const small = open.size <= partSize(open.size, session.partBytes);
      const sent = await (small ? sendSmall : sendLarge)(open, store, { ...file, unfinished }, session);
      session.tell({ type: sent.moved ? 'done' : 'skipped', file: name, size: open.size });
      return sent;
    } finally {
      await open.close();
    }
  });
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
  const going = await goOn(store, { ...file, size: open.size, partBytes: session.partBytes }, session);
  const sending = together(signal);
  const send = async (part: PartRead) => {
    try {
      const earlier = going.parts.get(part.number);
      const moved = earlier?.crc32 !== encodeCrc(part.crc);
      if (moved) {
        const crc = encodeCrc(part.crc);
        const sent = await retry(sending.signal, () =>
          store.sendPart(going.upload, part.number, part.bytes, crc, sending.signal),
        );
        going.parts.set(part.number, sent);
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
  return { digest: found, head: await completed(store, going, found, session), moved: true };
}

async function knownDigest(open: OpenFile, { name, known }: FileToSend, session: Session): Promise<Digest> {
  if (known?.stamp === open.stamp) return known;
  return digest(name, open, session, (part) => {
    part.giveBack();
  });
}
