import type { MisbehavingS3 } from '../../../local/misbehaving-s3';
import type { Metadata, Store } from '../../../weights/transfer/store';

/** Notes what is written beside objects, which the misbehaving server does not keep. One for all clients of a bucket. */
export function markKeeper(s3: MisbehavingS3, bucket: string) {
  const byUpload = new Map<string, Metadata>();
  const lastOf = new Map<string, Metadata>();
  const kept = new WeakMap<object, Metadata>();
  const marksAt = (key: string): Metadata | undefined => {
    const object = s3.objects(bucket).get(key);
    const marks = lastOf.get(key);
    if (object && marks && !kept.has(object)) kept.set(object, marks);
    return object && kept.get(object);
  };
  /** The server may have done what it gave no answer to. */
  const writing = async <T>(key: string, marks: Metadata, write: Promise<T>): Promise<T> => {
    marksAt(key);
    lastOf.set(key, marks);
    return write.finally(() => marksAt(key));
  };
  return (store: Store): Store => ({
    ...store,
    async head(key, signal) {
      const head = await store.head(key, signal);
      return head && { ...head, metadata: marksAt(key) ?? {} };
    },
    put: (key, body, crc32, signal, marks = {}) => writing(key, marks, store.put(key, body, crc32, signal)),
    async begin(key, signal, marks = {}) {
      const id = await store.begin(key, signal);
      byUpload.set(id, marks);
      return id;
    },
    complete: (upload, whole, signal) =>
      writing(upload.key, byUpload.get(upload.id) ?? {}, store.complete(upload, whole, signal)),
  });
}
