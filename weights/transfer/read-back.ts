import { createHash } from 'node:crypto';
import { partsOf } from './parts';
import type { Session } from './session';
import type { ObjectHead, Store } from './store';

/** The SHA-256 of an object's bytes, read part by part: what is left where a store tells no checksum. */
export async function sha256Of(
  store: Store,
  key: string,
  head: ObjectHead,
  { buffers, retry, signal, partBytes }: Session,
  hear: (bytes: number) => void = () => undefined,
): Promise<string> {
  const hash = createHash('sha256');
  for (const { position, size } of partsOf(head.size, partBytes)) {
    const buffer = await buffers.take();
    try {
      const into = buffer.subarray(0, size);
      await retry(signal, () => store.read(key, { position, into, etag: head.etag }, signal));
      hash.update(into);
      hear(size);
    } finally {
      buffers.give(buffer);
    }
  }
  return hash.digest('hex');
}

/** An object that is small enough to be held, as text. */
export async function textOf(store: Store, key: string, head: ObjectHead, { retry, signal }: Session): Promise<string> {
  const into = Buffer.alloc(head.size);
  await retry(signal, () => store.read(key, { position: 0, into, etag: head.etag }, signal));
  return into.toString('utf8');
}
