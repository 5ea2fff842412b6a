/** Hands bytes on. @throws Error, ECONNRESET, when they end early, and another when there are more */
export async function* exactly(bytes: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let come = 0;
  for await (const chunk of bytes) {
    come += chunk.length;
    if (come > length) throw new Error(`more than the promised ${length} bytes came`);
    yield chunk;
  }
  if (come < length) {
    throw Object.assign(new Error(`${come} of ${length} bytes came`), { code: 'ECONNRESET' });
  }
}

/** All of a range that is known to fit into memory. */
export async function gathered(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A text in UTF-8. @throws Error when it is longer than `maxBytes` */
export async function textOf(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Gathers bytes into larger pieces, the last one shorter. What came before a failure is handed on before it is thrown. */
export async function* inBlocks(bytes: AsyncIterable<Uint8Array>, blockBytes: number): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  let length = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of bytes) {
      chunks.push(chunk);
      length += chunk.length;
      if (length < blockBytes) continue;
      yield Buffer.concat(chunks, length);
      chunks = [];
      length = 0;
    }
  } catch (error) {
    failure = { error };
  }
  if (length > 0) yield Buffer.concat(chunks, length);
  if (failure) throw failure.error;
}
