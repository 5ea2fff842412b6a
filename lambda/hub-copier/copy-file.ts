import { createHash } from 'node:crypto';
import { HubError } from '../../weights/hub/hub-error';
import { proofOf } from '../../weights/hub/proof';
import { crc32, encodeCrc } from '../../weights/transfer/crc32';
import { partSize } from '../../weights/transfer/parts';
import { proven } from '../../weights/transfer/proven';
import { session } from '../../weights/transfer/session';
import { StoreError } from '../../weights/transfer/store';
import { type Copying, giveUpAll, wrongBytes } from './copying';
import { copyInParts } from './copy-in-parts';
import { Later, type Outside, marksOf, sha256OfCopy } from './outside';
import { steadyBytes } from './steady-bytes';
import type { Copy, Item, ItemAnswer } from './task';

/** The Hub takes no file over 10 MB outside of LFS; one without a SHA-256 is held in memory whole. Bytes. */
const MAX_OUTSIDE_LFS = 32 * 1024 * 1024;

/** How often a file is begun anew whose bytes were wrong or whose parts were lost. */
const MAX_RESTARTS = 3;

/**
 * Brings one file into S3, or as far as the invocation's time goes. The bytes are compared with the Hub's hash before
 * there is an object of them, and a file that cannot be copied leaves nothing behind.
 */
export async function copyFile(copy: Copy, item: Item, outside: Outside): Promise<ItemAnswer> {
  const { file } = item;
  const { partBytes, backoff } = outside;
  const shared = session({ partBytes, backoff }, [file.size]);
  const copying = { copy, item, key: `${copy.prefix}${file.name}`, outside, shared };
  const more = (next: Item, wait = 0): ItemAnswer => ({ state: 'more', step: 'copy', wait, copy, item: next });
  try {
    const there = await copied(copying);
    if (there !== undefined) return { state: 'done', name: file.name, crc32: there };
    const inOne = file.sha256 === undefined || file.size <= partSize(file.size, partBytes);
    if (inOne) return { state: 'done', name: file.name, crc32: await copyWhole(copying) };
    const answer = await copyInParts(copying);
    if ('crc32' in answer) return { state: 'done', name: file.name, crc32: answer.crc32 };
    return more({ ...item, position: answer.position }, answer.wait);
  } catch (error) {
    if (error instanceof Later) return more(item, error.wait);
    if (!(error instanceof HubError || error instanceof StoreError)) throw error;
    await giveUpAll(copying);
    if (isWorthRestart(error) && item.restarts < MAX_RESTARTS) {
      outside.log({ file: file.name, restarted: error.message });
      return more({ file, restarts: item.restarts + 1 });
    }
    return { state: 'failed', name: file.name, why: error.message };
  }
}

function isWorthRestart(error: HubError | StoreError): boolean {
  return error instanceof HubError ? error.kind === 'damaged' : ['lost', 'damaged'].includes(error.failure);
}

/** The CRC-32 of a copy that is there already. One whose whole CRC nobody tells is made again. */
async function copied({
  item: { file },
  key,
  outside,
  shared: { retry, signal },
}: Copying): Promise<string | undefined> {
  const there = await retry(signal, () => outside.store.head(key, signal));
  if (there?.crc32 === undefined || there.crc32.includes('-')) return undefined;
  return sha256OfCopy(there, file) === undefined ? undefined : there.crc32;
}

async function copyWhole({ copy, item: { file }, key, outside, shared }: Copying): Promise<string> {
  if (file.size > MAX_OUTSIDE_LFS) {
    throw new HubError(
      'refused',
      `${file.name} has ${file.size} bytes and no SHA-256: the Hub keeps such a file in LFS only`,
    );
  }
  const chunks: Uint8Array[] = [];
  const proof = proofOf(file);
  for await (const bytes of steadyBytes(copy, file, 0, outside, shared.signal)) {
    proof.update(bytes);
    chunks.push(bytes);
  }
  if (!proof.holds()) throw wrongBytes(copy, file.name);
  const bytes = Buffer.concat(chunks);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const crc = encodeCrc(crc32(bytes));
  const { store } = outside;
  const head = await shared.retry(shared.signal, () =>
    store.put(key, bytes, crc, shared.signal, marksOf(file, sha256)),
  );
  await proven(store, key, head, { name: file.name, size: file.size, sha256, crc32: crc }, shared);
  return crc;
}
