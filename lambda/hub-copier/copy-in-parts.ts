import { buffers } from '../../weights/transfer/buffers';
import { combineCrcs, crc32, encodeCrc } from '../../weights/transfer/crc32';
import { giveUp } from '../../weights/transfer/parted-object';
import { partsOf } from '../../weights/transfer/parts';
import { StoreError, type Unfinished } from '../../weights/transfer/store';
import { together } from '../../weights/transfer/together';
import { complete } from './complete';
import { type FileTransfer, wrongBytes } from './file-transfer';
import { marksOf } from './marks';
import { Later, RESERVE } from './outside';
import { resumableSha256, type ResumableSha256 } from './sha256';
import { steadyBytes } from './steady-bytes';
import type { Position } from './task';

/** Parts in memory: one that is being filled, and those that are being sent. */
const PARTS_IN_MEMORY = 4;

/** The CRC-32 of the whole; or the position that the next invocation goes on from, at the end of a part that is in S3. */
export type InParts = { readonly crc32: string } | { readonly position: Position; readonly later: Later };

/**
 * Copies a large file from where the last invocation stopped, part by part through a few buffers. What fails leaves
 * nothing behind.
 */
export async function copyInParts(transfer: FileTransfer): Promise<InParts> {
  const { key, outside, shared } = transfer;
  const from = transfer.item.position ?? (await begun(transfer));
  const upload = { key, id: from.upload };
  try {
    const sent = await sendParts(transfer, upload, from);
    const { later, ...whole } = sent;
    if (later) return { position: sent.position, later };
    return { crc32: await wholeOf(transfer, upload, whole) };
  } catch (error) {
    await giveUp(outside.store, upload, shared).catch((second: unknown) => {
      if (!(second instanceof StoreError)) throw second; // finishing tries it once more, and tells
    });
    throw error;
  }
}

async function begun({ item, key, outside, shared }: FileTransfer): Promise<Position> {
  const { retry, signal } = shared;
  // what else was begun for this key is left alone until all is there: two at work would give up each other's for ever
  const upload = await retry(signal, () =>
    outside.store.begin(key, signal, marksOf(item.file, item.file.sha256 ?? '')),
  );
  return { upload, offset: 0, sha256: '', crc: 0 };
}

interface Sent {
  readonly position: Position;
  readonly sha256: ResumableSha256;
  /** Set where the file has not come to its end. */
  readonly later?: Later;
}

async function sendParts(transfer: FileTransfer, upload: Unfinished, from: Position): Promise<Sent> {
  const { item, outside, shared } = transfer;
  const sha256 = await resumableSha256(from.sha256 === '' ? undefined : from.sha256);
  const sending = together(shared.signal);
  let position = from;
  try {
    for await (const { number, bytes, giveBack } of parts(transfer, from.offset, sha256)) {
      const crc = crc32(bytes);
      const part = { number, bytes, crc: encodeCrc(crc) };
      sending.start(sendPart(transfer, upload, part, sending.signal).finally(giveBack));
      sending.check();
      const offset = position.offset + bytes.length;
      const before = { crc: position.crc, size: position.offset };
      const sum = combineCrcs([before, { crc, size: bytes.length }]);
      position = { ...position, offset, sha256: sha256.save(), crc: sum };
      if (outside.timeLeft() < RESERVE && offset < item.file.size) return { position, sha256, later: new Later(0, 0) };
    }
    return { position, sha256 };
  } catch (error) {
    if (error instanceof Later) return { position, sha256, later: error };
    throw error;
  } finally {
    await sending.all();
  }
}

async function wholeOf({ item, outside, shared }: FileTransfer, upload: Unfinished, { position, sha256 }: Sent) {
  const { name, size } = item.file;
  const hash = sha256.end();
  if (hash !== item.file.sha256) throw wrongBytes();
  const crc = encodeCrc(position.crc);
  await complete(outside.store, upload, { name, size, sha256: hash, crc32: crc }, shared);
  return crc;
}

interface FilledPart {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly giveBack: () => void;
}

/**
 * The file's bytes from a part's beginning on, hashed and cut into parts; waits for a buffer when all are being sent. When
 * a part is handed on, its bytes are the last that were hashed.
 */
async function* parts(transfer: FileTransfer, from: number, sha256: ResumableSha256): AsyncGenerator<FilledPart, void> {
  const {
    item: { file },
    shared,
  } = transfer;
  const all = partsOf(file.size, shared.partBytes);
  const pool = buffers(PARTS_IN_MEMORY, all[0]?.size ?? 0);
  const left = all.filter(({ position }) => position >= from).values();
  let part = left.next().value;
  let buffer = await pool.take();
  let filled = 0;
  for await (const bytes of steadyBytes(transfer, from, shared.signal)) {
    for (let used = 0; part && used < bytes.length;) {
      const taken = bytes.subarray(used, used + part.size - filled);
      buffer.set(taken, filled);
      sha256.update(taken); // piece by piece: what is being sent and received stands still for as long as hashing takes
      used += taken.length;
      filled += taken.length;
      if (filled < part.size) continue;
      const full = buffer;
      const giveBack = () => {
        pool.give(full);
      };
      yield { number: part.number, bytes: full.subarray(0, filled), giveBack };
      buffer = await pool.take();
      filled = 0;
      part = left.next().value;
    }
  }
}

async function sendPart(
  { outside: { store }, shared }: FileTransfer,
  upload: Unfinished,
  { number, bytes, crc }: { readonly number: number; readonly bytes: Uint8Array; readonly crc: string },
  signal: AbortSignal,
): Promise<void> {
  await shared.retry(signal, () => store.sendPart(upload, number, bytes, crc, signal));
}
