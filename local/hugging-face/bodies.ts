import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes } from './contents';

/** Only the first bytes. */
export async function* firstOf(body: Bytes, bytes: number): AsyncIterable<Buffer> {
  let left = bytes;
  for await (const chunk of body) {
    if (left <= 0) return;
    yield chunk.subarray(0, left);
    left -= chunk.length;
  }
}

/** One bit turned. */
export async function* damagedAt(body: Bytes, at: number): AsyncIterable<Buffer> {
  let from = 0;
  for await (const chunk of body) {
    const place = at - from;
    from += chunk.length;
    if (place < 0 || place >= chunk.length) {
      yield chunk;
      continue;
    }
    const copy = Buffer.from(chunk);
    copy[place] = (copy[place] ?? 0) ^ 1;
    yield copy;
  }
}

const BITS_A_SECOND = 20;

export async function* slowly(body: Bytes, bytesPerSecond: number): AsyncIterable<Buffer> {
  const most = Math.max(1, Math.floor(bytesPerSecond / BITS_A_SECOND));
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += most) {
      await sleep(1000 / BITS_A_SECOND);
      yield chunk.subarray(at, at + most);
    }
  }
}
