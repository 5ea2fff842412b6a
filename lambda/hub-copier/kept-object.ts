import { proven } from '../../weights/transfer/proven';
import { type ObjectHead, StoreError } from '../../weights/transfer/store';
import type { LockedFile } from '../../weights/lock';
import type { Session } from '../../weights/transfer/session';
import type { Store } from '../../weights/transfer/store';

/** An object that was just written, compared with what was sent; another one is taken away. @throws StoreError, damaged */
export async function keptObject(
  store: Store,
  key: string,
  answer: ObjectHead,
  wanted: LockedFile,
  shared: Session,
): Promise<ObjectHead> {
  try {
    return await proven(store, key, answer, wanted, shared);
  } catch (error) {
    if (error instanceof StoreError && error.failure === 'damaged') {
      await shared.retry(shared.signal, () => store.remove([key], shared.signal));
    }
    throw error;
  }
}
