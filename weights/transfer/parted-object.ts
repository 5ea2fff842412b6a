import { compositeCrc } from './crc32';
import { FileChangedError } from './digest';
import { likeness } from './likeness';
import { partsOf } from './parts';
import { proven, type Wanted } from './proven';
import type { Session } from './session';
import { type ObjectHead, type Store, StoreError, type StoredPart, type Unfinished, type Whole } from './store';

/** How often a file is begun anew when what was done for it no longer counts. */
const ROUNDS = 4;

/** An object that is sent in parts, and those that it has. */
export interface PartedUpload {
  readonly upload: Unfinished;
  readonly parts: Map<number, StoredPart>;
}

export interface Parted {
  readonly key: string;
  /** Bytes of the whole, and of each part but the last. */
  readonly size: number;
  readonly partBytes: number;
  /** Uploads of this key that earlier runs began. */
  readonly unfinished: readonly Unfinished[];
}

/** Works on a file again when a part was lost, or the bytes were other than they should be. */
export async function inRounds<T>(
  file: {
    readonly name: string;
    readonly key: string;
    readonly store: Store;
    readonly unfinished: readonly Unfinished[];
  },
  { tell, retry, signal }: Session,
  work: (unfinished: readonly Unfinished[]) => Promise<T>,
): Promise<T> {
  let { unfinished } = file;
  for (let round = 1; ; round++) {
    try {
      return await work(unfinished);
    } catch (error) {
      if (!(error instanceof Error) || !isWorthAnotherRound(error) || round === ROUNDS) throw error;
      tell({ type: 'restarted', file: file.name, reason: error.message });
      const below = await retry(signal, () => file.store.unfinished(file.key, signal));
      unfinished = below.filter((upload) => upload.key === file.key);
    }
  }
}

function isWorthAnotherRound(error: Error): boolean {
  if (error instanceof FileChangedError) return true;
  return error instanceof StoreError && (error.failure === 'lost' || error.failure === 'damaged');
}

/** The upload to go on with: of those that were cut alike the one with most parts; the others are given up. */
export async function goOn(store: Store, file: Parted, session: Session): Promise<PartedUpload> {
  const { signal, retry } = session;
  const cut = new Map(partsOf(file.size, file.partBytes).map((part) => [part.number, part.size]));
  let best: PartedUpload | undefined;
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

/**
 * Makes the object of its parts and proves that it is the file.
 *
 * @throws StoreError, lost or damaged, when the parts have to be looked at again
 */
export async function completed(
  store: Store,
  { upload, parts: stored }: PartedUpload,
  wanted: Wanted,
  session: Session,
): Promise<ObjectHead> {
  const { signal, retry } = session;
  const parts = [...stored.values()].sort((one, other) => one.number - other.number);
  const whole = { parts, size: wanted.size };
  // the same parts make the same damage again: that is no reason to repeat the call
  const complete = (claim: Whole) => retry(signal, () => store.complete(upload, claim, signal), ['busy', 'cut']);
  try {
    const answer = await complete({ ...whole, crc32: wanted.crc32 }).catch((error: unknown) => {
      if (!(error instanceof StoreError) || error.failure !== 'damaged') throw error;
      // servers that know no checksum of full objects compare ours with that of the parts
      return complete({ ...whole, ...(wanted.parts && { crc32: compositeCrc(wanted.parts) }) });
    });
    return await proven(store, upload.key, answer, wanted, session);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.failure === 'damaged') await giveUp(store, upload, session);
    if (error.failure !== 'lost') throw error;
    // an answer that was cut off leaves an upload that is gone because it was completed
    const there = await retry(signal, () => store.head(upload.key, signal));
    if (there && likeness(there, wanted) === 'same') return there;
    throw error;
  }
}

export async function giveUp(store: Store, upload: Unfinished, { signal, retry }: Session): Promise<void> {
  await retry(signal, () => store.giveUp(upload, signal)).catch((error: unknown) => {
    if (!(error instanceof StoreError) || error.failure !== 'lost') throw error;
  });
}
