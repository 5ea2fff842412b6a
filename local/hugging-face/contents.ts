import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Bytes in the order in which they are sent. */
export type Bytes = AsyncIterable<Buffer> | Iterable<Buffer>;

/** What a file holds. Nothing of it is kept in memory, so that 10 GB are served as well as 10 bytes. */
export interface Content {
  readonly size: number;
  /** Lower-case hex. Computed when it is first asked for, and kept. */
  readonly sha256: () => Promise<string>;
  /** The bytes from an offset up to, not including, another. */
  readonly read: (from: number, to: number) => Bytes;
}

export interface KnownHash {
  /** Spares reading everything before the first answer. It is not checked. @default - computed when it is needed */
  readonly sha256?: string;
}

const CHUNK_BYTES = 1024 * 1024;

/** A file on disk, sparse or not. Its size is what it is now. @throws the system's error when it is not there */
export async function onDisk(file: string, known: KnownHash = {}): Promise<Content> {
  const { size } = await stat(file);
  return content(size, (from, to) => readFile(file, from, to), known);
}

/** So many zeros that are nowhere stored: for measuring. */
export function zeros(size: number, known: KnownHash = {}): Content {
  return content(size, repeatZeros, known);
}

export function text(words: string): Content {
  const bytes = Buffer.from(words);
  return content(bytes.length, (from, to) => [bytes.subarray(from, to)], {});
}

/** A content as it would be with another size: cut off, or filled up with zeros. */
export function resized(whole: Content, size: number): Content {
  const read = (from: number, to: number) => readResized(whole, from, to);
  return content(size, read, {});
}

/** So many small files: `many/00000.json` and so on. */
export function manyFiles(count: number): Readonly<Record<string, Content>> {
  const name = (number: number) => `many/${number.toString().padStart(5, '0')}.json`;
  return Object.fromEntries(Array.from({ length: count }, (_, number) => [name(number), text(`{"n":${number}}\n`)]));
}

function content(size: number, read: Content['read'], { sha256 }: KnownHash): Content {
  let known = sha256 === undefined ? undefined : Promise.resolve(sha256);
  return { size, read, sha256: () => (known ??= digest('sha256', read(0, size))) };
}

export async function digest(algorithm: 'sha1' | 'sha256', chunks: Bytes, start = ''): Promise<string> {
  const hash = createHash(algorithm).update(start);
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

async function* readFile(file: string, from: number, to: number): AsyncIterable<Buffer> {
  if (from >= to) return;
  for await (const chunk of createReadStream(file, { start: from, end: to - 1, highWaterMark: CHUNK_BYTES })) {
    if (!Buffer.isBuffer(chunk)) throw new Error('a file is read in bytes');
    yield chunk;
  }
}

function* repeatZeros(from: number, to: number): Iterable<Buffer> {
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(0, to - from)));
  for (let at = from; at < to; at += chunk.length) yield chunk.subarray(0, to - at);
}

async function* readResized(whole: Content, from: number, to: number): AsyncIterable<Buffer> {
  yield* whole.read(Math.min(from, whole.size), Math.min(to, whole.size));
  yield* repeatZeros(Math.max(from, whole.size), to);
}
