import { createHash } from 'node:crypto';
import { crc32, encodeCrc } from '../../weights/transfer/crc32';
import { partsOf } from '../../weights/transfer/parts';
import type { Session } from '../../weights/transfer/session';
import type { ObjectHead, Store } from '../../weights/transfer/store';

/** Both checksums of an object's bytes, for stores that tell none of the whole; S3 itself does. */
export async function readBack(
  store: Store,
  key: string,
  { size, etag }: ObjectHead,
  { buffers, retry, signal, partBytes }: Session,
): Promise<{ readonly sha256: string; readonly crc32: string }> {
  const hash = createHash('sha256');
  let crc = 0;
  const buffer = await buffers.take();
  try {
    for (const { position, size: bytes } of partsOf(size, partBytes)) {
      const into = buffer.subarray(0, bytes);
      await retry(signal, () => store.read(key, { position, into, etag }, signal));
      hash.update(into);
      crc = crc32(into, crc);
    }
  } finally {
    buffers.give(buffer);
  }
  return { sha256: hash.digest('hex'), crc32: encodeCrc(crc) };
}
