/** Hands on a part of the bytes. @throws Error, ECONNRESET, when they end before it does */
export async function* slice(bytes: AsyncIterable<Uint8Array>, from: number, to: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of bytes) {
    const piece = chunk.subarray(Math.max(0, from - at), Math.max(0, to - at));
    at += chunk.length;
    if (piece.length > 0) yield piece;
    // at its very end the answer is left to end by itself, so that its connection can be used again
    if (at > to) break;
  }
  if (at < to) throw Object.assign(new Error(`${at} of ${to} bytes came`), { code: 'ECONNRESET' });
}

/** All of a range that is known to fit into memory. */
export async function gathered(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A text in UTF-8. @throws Error when it is longer than `maxBytes` */
export async function textOf(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Gathers bytes into pieces of one size, the last one shorter; each is overwritten when the next is asked for. What came
 * before a failure is handed on before it is thrown.
 */
export async function* inBlocks(bytes: AsyncIterable<Uint8Array>, blockBytes: number): AsyncGenerator<Uint8Array> {
  const block = Buffer.allocUnsafeSlow(blockBytes);
  let filled = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of bytes) {
      for (let used = 0; used < chunk.length;) {
        const some = chunk.subarray(used, used + blockBytes - filled);
        block.set(some, filled);
        used += some.length;
        filled += some.length;
        if (filled < blockBytes) continue;
        yield block;
        filled = 0;
      }
    }
  } catch (error) {
    failure = { error };
  }
  if (filled > 0) yield block.subarray(0, filled);
  if (failure) throw failure.error;
}
