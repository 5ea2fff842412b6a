import { HubError } from '../../weights/hub/hub-error';
import { giveUp } from '../../weights/transfer/parted-object';
import { partSize } from '../../weights/transfer/parts';
import { session } from '../../weights/transfer/session';
import { StoreError } from '../../weights/transfer/store';
import { copyInParts } from './copy-in-parts';
import { copyWhole } from './copy-whole';
import { copyOf } from './marks';
import { failedFile } from './failures';
import type { FileTransfer } from './file-transfer';
import { Later, type Outside } from './outside';
import { progressOf } from './progress';
import { readBack } from './read-back';
import { FRUITLESS } from './steady-bytes';
import type { Copy, Item, ItemAnswer, Position } from './task';

/** Four are in memory, and what has come of one when an invocation's time is up comes again. Bytes. */
export const PART_BYTES = 8 * 1024 * 1024;

/** How often a file is begun anew whose bytes were wrong or whose parts were lost. */
const MAX_RESTARTS = 3;

/**
 * Brings one file into S3, or as far as the invocation's time goes. The bytes are compared with the Hub's hash before
 * there is an object of them, and a file that cannot be copied leaves nothing behind.
 */
export async function copyFile(copy: Copy, item: Item, outside: Outside): Promise<ItemAnswer> {
  const { partBytes = PART_BYTES, backoff } = outside;
  const shared = session({ partBytes, backoff }, [item.file.size]);
  const progress = progressOf(item, outside);
  const answer = await answerTo({ copy, item, key: `${copy.prefix}${item.file.name}`, outside, shared, progress });
  progress.ended(answer.state);
  return answer;
}

async function answerTo(transfer: FileTransfer): Promise<ItemAnswer> {
  const { copy, item, outside, shared, progress } = transfer;
  const { file } = item;
  const done = (crc32: string): ItemAnswer => ({ state: 'done', name: file.name, crc32 });
  try {
    const there = await crcOfCopy(transfer);
    if (there !== undefined) return done(there);
    const inOne = file.sha256 === undefined || file.size <= partSize(file.size, shared.partBytes);
    if (inOne) return done(await copyWhole(transfer));
    const answer = await copyInParts(transfer);
    return 'crc32' in answer ? done(answer.crc32) : await goOn(transfer, answer.later, answer.position);
  } catch (error) {
    if (error instanceof Later) return await goOn(transfer, error, item.position);
    if (!(error instanceof HubError || error instanceof StoreError)) throw error;
    const restarts = isWorthRestart(error) && item.restarts < MAX_RESTARTS;
    outside.log({ file: file.name, offset: progress.offset(), [restarts ? 'restarted' : 'failed']: error.message });
    if (!restarts) return failedFile(item, progress.offset(), error.message);
    return { state: 'more', step: 'copy', wait: 0, copy, item: { file, restarts: item.restarts + 1 } };
  }
}

function isWorthRestart(error: HubError | StoreError): boolean {
  return error instanceof HubError ? error.kind === 'damaged' : ['lost', 'damaged'].includes(error.failure);
}

/** The CRC-32 of a copy that is there already: made before, or by an invocation whose answer was lost. */
async function crcOfCopy({
  item: { file },
  key,
  outside: { store },
  shared,
}: FileTransfer): Promise<string | undefined> {
  const head = await shared.retry(shared.signal, () => store.head(key, shared.signal));
  const copied = copyOf(head, file);
  if (!head || !copied) return undefined;
  if (copied.crc32 !== undefined) return copied.crc32;
  const read = await readBack(store, key, head, shared);
  return read.sha256 === copied.sha256 ? read.crc32 : undefined;
}

/** A file of which no part comes in the whole of an invocation, time and again, is not waited for without an end. */
async function goOn(transfer: FileTransfer, later: Later, position?: Position): Promise<ItemAnswer> {
  const { wait, fruitless, cause } = later;
  const { copy, item, key, shared } = transfer;
  const { store } = transfer.outside;
  const { file, restarts } = item;
  const moved = (position?.offset ?? 0) > (item.position?.offset ?? 0);
  const inVain = moved ? fruitless : Math.max(fruitless, (item.fruitless ?? 0) + 1);
  if (inVain > FRUITLESS) {
    if (position) await giveUp(store, { key, id: position.upload }, shared);
    const why = `it comes too slowly${cause instanceof Error ? `: ${cause.message}` : ''}`;
    return failedFile(item, position?.offset ?? 0, why);
  }
  const next = { file, restarts, ...(inVain > 0 && { fruitless: inVain }), ...(position && { position }) };
  return { state: 'more', step: 'copy', wait, copy, item: next };
}
