import { buffers } from '../../weights/transfer/buffers';
import { crc32, encodeCrc } from '../../weights/transfer/crc32';
import { completed } from '../../weights/transfer/parted-object';
import { partsOf } from '../../weights/transfer/parts';
import type { Unfinished } from '../../weights/transfer/store';
import { together } from '../../weights/transfer/together';
import { type Copying, giveUpAll, wrongBytes } from './copying';
import { Later, marksOf, RESERVE } from './outside';
import { resumableSha256 } from './sha256';
import { steadyBytes } from './steady-bytes';
import type { Position } from './task';

/** Parts in memory: one that is being filled, and those that are being sent. */
const PARTS_IN_MEMORY = 4;

/**
 * Copies a large file from where the last invocation stopped, part by part through a few buffers. Ends with the CRC-32
 * of the whole, or with the position that the next invocation goes on from, at the end of a part that is in S3.
 */
export async function copyInParts(
  copying: Copying,
): Promise<{ readonly crc32: string } | { readonly position: Position; readonly wait: number }> {
  const { copy, item, key, outside, shared } = copying;
  const { file } = item;
  const { store } = outside;
  let position = item.position ?? (await begun(copying));
  const upload = { key, id: position.upload };
  const sha256 = await resumableSha256(position.sha256 === '' ? undefined : position.sha256);
  const sending = together(shared.signal);
  let wait: number | undefined;
  try {
    for await (const { number, bytes, giveBack } of parts(copying, position.offset, sending.signal)) {
      sending.check();
      sha256.update(bytes);
      const crc = crc32(bytes);
      sending.start(
        sendPart(copying, upload, { number, bytes, crc: encodeCrc(crc) }, sending.signal).finally(giveBack),
      );
      const offset = position.offset + bytes.length;
      position = { ...position, offset, sha256: sha256.save(), crc: crc32(bytes, position.crc) };
      if (outside.timeLeft() < RESERVE && offset < file.size) {
        wait = 0;
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof Later)) throw error;
    ({ wait } = error);
  } finally {
    await sending.all();
  }
  outside.log({ file: file.name, offset: position.offset, size: file.size });
  if (wait !== undefined) return { position, wait };
  if (sha256.end() !== file.sha256) throw wrongBytes(copy, file.name);
  const whole = { name: file.name, size: file.size, sha256: file.sha256, crc32: encodeCrc(position.crc) };
  const stored = await shared.retry(shared.signal, () => store.parts(upload, shared.signal));
  await completed(store, { upload, parts: new Map(stored.map((part) => [part.number, part])) }, whole, shared);
  return { crc32: whole.crc32 };
}

async function begun(copying: Copying): Promise<Position> {
  const { item, key, outside, shared } = copying;
  const { retry, signal } = shared;
  await giveUpAll(copying);
  const marks = marksOf(item.file, item.file.sha256 ?? '');
  const upload = await retry(signal, () => outside.store.begin(key, signal, marks));
  return { upload, offset: 0, sha256: '', crc: 0 };
}

interface FilledPart {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly giveBack: () => void;
}

/** The file's bytes from a part's beginning on, cut into parts; waits for a buffer when all are being sent. */
async function* parts({ copy, item, outside, shared }: Copying, from: number, signal: AbortSignal) {
  const { file } = item;
  const all = partsOf(file.size, shared.partBytes);
  const pool = buffers(PARTS_IN_MEMORY, all[0]?.size ?? 0);
  const left = all.filter(({ position }) => position >= from).values();
  let part = left.next().value;
  let buffer = await pool.take();
  let filled = 0;
  for await (const bytes of steadyBytes(copy, file, from, outside, signal)) {
    for (let used = 0; part && used < bytes.length;) {
      const taken = bytes.subarray(used, used + part.size - filled);
      buffer.set(taken, filled);
      used += taken.length;
      filled += taken.length;
      if (filled < part.size) continue;
      const full = buffer;
      const giveBack = () => {
        pool.give(full);
      };
      yield { number: part.number, bytes: full.subarray(0, filled), giveBack } satisfies FilledPart;
      buffer = await pool.take();
      filled = 0;
      part = left.next().value;
    }
  }
}

async function sendPart(
  { outside: { store }, shared }: Copying,
  upload: Unfinished,
  { number, bytes, crc }: { readonly number: number; readonly bytes: Uint8Array; readonly crc: string },
  signal: AbortSignal,
): Promise<void> {
  await shared.retry(signal, () => store.sendPart(upload, number, bytes, crc, signal));
}
