import type { LockedFile } from '../../weights/lock';
import { compositeCrc } from '../../weights/transfer/crc32';
import { likeness } from '../../weights/transfer/likeness';
import type { Session } from '../../weights/transfer/session';
import { type Store, StoreError, type StoredPart, type Unfinished } from '../../weights/transfer/store';
import { keptObject } from './kept-object';

/**
 * Makes the object of its parts. S3 compares them with the file's CRC-32 before there is an object. A store that knows
 * the checksum of parts alone compares them with that one, and the object is read once more.
 *
 * @throws StoreError, lost or damaged, when the file has to be copied anew
 */
export async function complete(store: Store, upload: Unfinished, wanted: LockedFile, shared: Session): Promise<void> {
  const { signal, retry } = shared;
  try {
    const parts = await retry(signal, () => store.parts(upload, signal));
    const bytes = parts.reduce((sum, { size }) => sum + size, 0);
    if (bytes !== wanted.size) {
      throw new StoreError(
        'lost',
        'InvalidPart',
        `${bytes} of ${wanted.size} bytes of ${wanted.name} are in its parts`,
      );
    }
    // the same parts are refused again: that is no reason to repeat the call
    const ask = (crc32: string) =>
      retry(signal, () => store.complete(upload, { parts, size: wanted.size, crc32 }, signal), ['busy', 'cut']);
    const answer = await ask(wanted.crc32).catch((error: unknown) => {
      const composite = compositeOf(parts);
      if (composite === undefined || !(error instanceof StoreError) || error.failure !== 'damaged') throw error;
      return ask(composite);
    });
    await keptObject(store, upload.key, answer, wanted, shared);
  } catch (error) {
    if (!(error instanceof StoreError) || error.failure !== 'lost') throw error;
    // an answer that was cut off leaves an upload that is gone because it was completed
    const there = await retry(signal, () => store.head(upload.key, signal));
    if (!there || likeness(there, wanted) === 'different') throw error;
    await keptObject(store, upload.key, there, wanted, shared);
  }
}

function compositeOf(parts: readonly StoredPart[]): string | undefined {
  const sums = parts.flatMap(({ crc32, size }) =>
    crc32 === undefined ? [] : [{ crc: Buffer.from(crc32, 'base64').readUInt32BE(), size }],
  );
  return sums.length === parts.length ? compositeCrc(sums) : undefined;
}
