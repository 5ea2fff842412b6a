import { HUB_COPY_ROOT } from '../../lib/contract';
import { LOCK } from '../../weights/file-names';
import { InvalidLockError, type Lock, MAX_LOCK_BYTES, parseLock, totalBytes } from '../../weights/lock';
import { lockProblems } from '../../weights/lock/locked-folder';
import { s3Store } from '../../weights/transfer/s3';
import { StoreError } from '../../weights/transfer/store';
import { CallFailed } from '../imported-model/port';
import { weightsFolders } from '../imported-model/s3';
import type { Copies } from './port';

/** A poll that begins to remove after its 20 s still ends before its Lambda's 60 s; the next one goes on. Milliseconds. */
const REMOVING = 30_000;

const REMOVAL = 'Removing copies';

export function copiesInS3(folders = weightsFolders(), store = s3Store): Copies {
  return {
    async whole({ bucket, prefix }, repository, commit) {
      const folder = folders(bucket, prefix);
      if (!(await folder.list()).some(({ name }) => name === LOCK)) return undefined;
      const lock = lockIn(await folder.readText(LOCK, MAX_LOCK_BYTES));
      if (lock?.source?.repository !== repository || lock.source.revision !== commit) return undefined;
      if ((await lockProblems(folder, lock.hash)).length > 0) return undefined;
      const { hash, files } = lock;
      return {
        Prefix: prefix,
        Commit: commit,
        Hash: hash,
        Files: String(files.length),
        Bytes: String(totalBytes(lock)),
      };
    },

    removeAllBut: (bucket, owner, kept) => {
      const goes = ({ key }: { readonly key: string }) => kept === undefined || !key.startsWith(kept);
      return removing(async (signal) => {
        const copies = store({ bucket, owner });
        const begun = (await copies.unfinished(HUB_COPY_ROOT, signal)).filter(goes);
        for (const upload of begun) await copies.giveUp(upload, signal);
        const keys = (await copies.list(HUB_COPY_ROOT, signal)).filter(goes).map(({ key }) => key);
        if (keys.length > 0) await copies.remove(keys, signal);
        return begun.length + keys.length;
      });
    },

    giveUp: ({ bucket, prefix }, owner) =>
      removing(async (signal) => {
        const copies = store({ bucket, owner });
        const begun = await copies.unfinished(prefix, signal);
        for (const upload of begun) await copies.giveUp(upload, signal);
        return begun.length;
      }),
  };
}

/** Within a poll's time, and with S3's errors in the kinds that the handler decides by. */
async function removing(remove: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const signal = AbortSignal.timeout(REMOVING);
  try {
    return await remove(signal);
  } catch (error) {
    if (signal.aborted) throw new CallFailed('passing', REMOVAL, 'there was more to remove than one poll has time for');
    if (!(error instanceof StoreError)) throw error;
    if (error.code === 'NoSuchBucket') return 0;
    throw new CallFailed(kindOf(error), REMOVAL, error.message);
  }
}

function kindOf({ failure }: StoreError): CallFailed['kind'] {
  if (failure === 'forbidden') return 'denied';
  return failure === 'refused' ? 'invalid' : 'passing';
}

function lockIn(text: string): Lock | undefined {
  try {
    return parseLock(text);
  } catch (error) {
    if (error instanceof InvalidLockError) return undefined;
    throw error;
  }
}
