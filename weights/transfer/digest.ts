import type { LockedFile } from '../lock';
import { type Checksummed, combineCrcs, encodeCrc } from './crc32';
import { type Part, partsOf } from './parts';
import type { Session } from './session';
import type { OpenFile } from './source';

/** What a file's bytes are known by. */
export interface Digest extends LockedFile {
  /** The checksums of its parts, as the transfer cuts it. */
  readonly parts: readonly Checksummed[];
  /** Of the file that was read. */
  readonly stamp: string;
}

/** A file was written to while it was read: what was read is neither its old content nor its new. */
export class FileChangedError extends Error {
  constructor(name: string) {
    super(`${name} changed while it was being read`);
  }
}

/** Bytes that were read; the buffer that they lie in is the visitor's until it is given back. */
export interface PartRead extends Part {
  readonly bytes: Uint8Array;
  readonly crc: number;
  giveBack(): void;
}

/**
 * Reads a file once from its beginning to its end and computes all its checksums; each part goes to the visitor, who may
 * still be busy with it when the next ones are read, as far as there are buffers.
 *
 * @throws FileChangedError when it did
 */
export async function digest(
  name: string,
  file: OpenFile,
  { buffers, signal, partBytes, sumsOf }: Session,
  visit: (part: PartRead) => void,
): Promise<Digest> {
  const whole = sumsOf(file.size);
  const parts: Checksummed[] = [];
  for (const part of partsOf(file.size, partBytes)) {
    const buffer = await buffers.take();
    const giveBack = () => {
      buffers.give(buffer);
    };
    try {
      signal.throwIfAborted();
      const bytes = buffer.subarray(0, part.size);
      if ((await file.read(part.position, bytes)) !== part.size) throw new FileChangedError(name);
      const crc = await whole.add(bytes);
      parts.push({ crc, size: part.size });
      visit({ ...part, bytes, crc, giveBack });
    } catch (error) {
      giveBack();
      throw error;
    }
  }
  if ((await file.currentStamp()) !== file.stamp) throw new FileChangedError(name);
  return {
    name,
    size: file.size,
    sha256: await whole.sha256(),
    crc32: encodeCrc(combineCrcs(parts)),
    parts,
    stamp: file.stamp,
  };
}
