import { createHash, type Hash } from 'node:crypto';
import { type Checksummed, combineCrcs, crc32, encodeCrc } from './crc32';
import { digest } from './digest';
import { type Expected, likeness } from './likeness';
import { inRounds } from './parted-object';
import { type Part, partsOf } from './parts';
import type { Session } from './session';
import { type ObjectHead, type Store, StoreError } from './store';
import { bytesOf } from '../bytes-of';
import { printable } from '../printable';
import type { PartFile, Target } from './target';
import { together } from './together';

/** A file to get; its checksums where a lock says them. */
export interface Remote {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256?: string;
  /** Base64. */
  readonly crc32?: string;
}

interface Got extends Expected {
  readonly sha256: string;
}

/** A file of the same name lies in the folder, and is another: nobody said that it may be replaced. */
export class FileInTheWayError extends Error {
  constructor(name: string) {
    super(
      `${printable(name)} lies in the folder already and has other content; choose another folder, or replace it (--replace)`,
    );
  }
}

/** Where a file comes from, where it goes to, and whether it may take another's place. */
export interface Way {
  readonly store: Store;
  readonly key: string;
  readonly target: Target;
  readonly replace: boolean;
}

/**
 * Gets one file, as far as it is not there yet.
 *
 * @throws StoreError, changed, when it is another than the lock says, before a byte of it has come where the store tells
 * @throws StoreError, damaged, when it does not come as it should be
 * @throws FileInTheWayError when another file has its name
 */
export async function downloadFile({ store, key, target, replace }: Way, file: Remote, session: Session) {
  const { signal, retry, tell } = session;
  const head = await retry(signal, () => store.head(key, signal));
  const address = `s3://${store.bucket}/${key}`;
  if (!head) throw new StoreError('missing', 'NoSuchKey', `there is no ${address}`);
  if (head.size !== file.size) {
    throw new StoreError(
      'changed',
      'SizeMismatch',
      `${address} has ${head.size} bytes, where ${file.size} are expected`,
    );
  }
  const like = await localLikeness(target, file, head, session);
  if (like === 'different' && !replace) throw new FileInTheWayError(file.name);
  if (like === 'same') {
    tell({ type: 'part', file: file.name, bytes: file.size, moved: false });
    return { moved: false, proven: true };
  }
  if (file.crc32 !== undefined && likeness(head, { size: file.size, crc32: file.crc32 }) === 'different') {
    const text = `${address} is not what the lock file says; verify shows all that differ`;
    throw new StoreError('changed', 'ChecksumMismatch', text);
  }
  let wrong: string | undefined;
  return inRounds({ name: file.name, key, store, unfinished: [] }, session, async () => {
    tell({ type: 'started', file: file.name, size: file.size });
    const part = await target.part(file.name);
    try {
      const got = await fill(part, store, key, head, file.name, session);
      const come = judge(got, file, head);
      if (come === 'different') {
        await part.truncate(0); // what is wrong may be what an earlier run left
        const twice = got.sha256 === wrong;
        wrong = got.sha256;
        throw notAsItShouldBe(address, twice);
      }
      await part.finish();
      return { moved: true, proven: come === 'same' };
    } finally {
      await part.close();
    }
  });
}

/** What comes twice alike is not damaged on its way: to get it once more would not help. */
function notAsItShouldBe(address: string, twice: boolean): StoreError {
  const text = `${address} did not come as it should be`;
  if (!twice) return new StoreError('damaged', 'ChecksumMismatch', text);
  const why = 'twice alike: the object itself is damaged, or another than the lock file or its own checksum says';
  return new StoreError('changed', 'ChecksumMismatch', `${text}, ${why}`);
}

function judge(got: Got, file: Remote, head: ObjectHead): 'same' | 'different' | 'unknown' {
  if (file.sha256 !== undefined) return got.sha256 === file.sha256 ? 'same' : 'different';
  return likeness(head, got);
}

/** What the folder has under the file's name; undefined when there is nothing. */
async function localLikeness(target: Target, file: Remote, head: ObjectHead, session: Session) {
  const open = await target.open(file.name);
  if (!open) return undefined;
  try {
    if (open.size !== file.size) return 'different';
    const there = await digest(file.name, open, session, (part) => {
      part.giveBack();
    });
    return judge(there, file, head);
  } finally {
    await open.close();
  }
}

/** Gets what is missing of a file: parts come side by side, and are written one after the other, so that its length says what is there. */
async function fill(part: PartFile, store: Store, key: string, head: ObjectHead, name: string, session: Session) {
  const { signal, retry, tell, buffers } = session;
  const hash = createHash('sha256');
  const crcs: Checksummed[] = [];
  const coming = together(signal);
  let before = Promise.resolve();
  const take = async ({ position, size }: Part, buffer: Buffer, turn: Promise<void>) => {
    try {
      const into = buffer.subarray(0, size);
      await retry(coming.signal, () => store.read(key, { position, into, etag: head.etag }, coming.signal));
      await turn;
      add(into, hash, crcs);
      await part.write(position, into);
      tell({ type: 'part', file: name, bytes: size, moved: true });
    } finally {
      buffers.give(buffer);
    }
  };
  const parts = partsOf(head.size, session.partBytes);
  const kept = parts.filter(({ position, size }) => position + size <= part.size);
  await keep(part, kept, hash, crcs, name, session);
  try {
    for (const next of parts.slice(kept.length)) {
      const buffer = await buffers.take();
      before = take(next, buffer, before);
      coming.start(before);
      if (coming.signal.aborted) break;
    }
  } finally {
    await coming.all();
  }
  signal.throwIfAborted();
  return { size: head.size, sha256: hash.digest('hex'), crc32: encodeCrc(combineCrcs(crcs)), parts: crcs };
}

/** Hashes the whole parts that an earlier run has left, and cuts off what comes after them. */
async function keep(
  part: PartFile,
  kept: readonly Part[],
  hash: Hash,
  crcs: Checksummed[],
  name: string,
  { buffers, signal, tell }: Session,
): Promise<void> {
  for (const { position, size } of kept) {
    signal.throwIfAborted();
    const buffer = await buffers.take();
    try {
      const bytes = buffer.subarray(0, size);
      if ((await part.read(position, bytes)) !== size) throw new Error(`${name}.part changed while it was being read`);
      add(bytes, hash, crcs);
      tell({ type: 'part', file: name, bytes: size, moved: false });
    } finally {
      buffers.give(buffer);
    }
  }
  await part.truncate(bytesOf(kept));
}

function add(bytes: Uint8Array, hash: Hash, crcs: Checksummed[]): void {
  hash.update(bytes);
  crcs.push({ crc: crc32(bytes), size: bytes.length });
}
