import { lockOf, type LockedFile, type LockSource, nameProblem, prefixOfHash } from '../lock';
import { printable } from '../printable';
import { LOCK, RECEIPT } from '../file-names';
import { digest, type Digest, FileChangedError } from './digest';
import { publish, type PublishResult } from './publish';
import { requirePrefix } from './prefix';
import { sendFile } from './send-file';
import { session, type Session, type TransferOptions } from './session';
import type { Source } from './source';
import { localSums } from './sums';
import { sumsThread } from './sums-thread';
import type { Store } from './store';
import { each } from './together';

export interface UploadOptions extends TransferOptions {
  readonly source: Source;
  /** Names of the files to send; what else the source has stays behind. */
  readonly files: readonly string[];
  readonly store: Store;
  /** Ends in '/', or is '' for the whole bucket. @default - made of the content's hash, for which it is read once more */
  readonly prefix?: string;
  /** Where the weights come from, for the lock file. @default - not said */
  readonly origin?: LockSource;
  /** Account id of the bucket's owner, for the receipt. @default - not said */
  readonly account?: string;
  /** Send to a prefix where a finished upload of other content lies. @default false */
  readonly replace?: boolean;
  /** Remove what lies below the prefix and is no part of this upload. @default false */
  readonly prune?: boolean;
}

interface SizedFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Files that are hashed at once, when the prefix needs it: reading waits, hashing doesn't. */
const HASHED_AT_ONCE = 2;

/**
 * Sends a model folder to a prefix: what is there already, by its checksum, is not sent again, and what an earlier run
 * sent of a file is gone on from. Needs nothing on this machine for that. When it returns, every object has been compared
 * with what was read, and the lock file lies beside them; when it throws, there is no lock file that says otherwise.
 *
 * @throws PrefixTakenError when there is a finished upload of other content and `replace` isn't set
 * @throws StoreError when a call failed for good
 * @throws FileChangedError when a local file does not stop changing
 */
export async function upload(options: UploadOptions): Promise<PublishResult> {
  requireNames(options.files);
  if (options.prefix !== undefined) requirePrefix(options.prefix);
  const files = await sizesOf(options.source, options.files);
  const thread = sumsThread();
  const alone = session(
    options,
    files.map(({ size }) => size),
  );
  // for a file of one part, starting a thread takes longer than what it is for
  const shared = { ...alone, sumsOf: (size: number) => (size > alone.partBytes ? thread.sumsOf() : localSums()) };
  try {
    return await uploadWith(options, files, shared);
  } finally {
    await thread.close();
  }
}

async function uploadWith(options: UploadOptions, files: readonly SizedFile[], shared: Session) {
  const { source, store } = options;
  const known = new Map<string, Digest>();
  if (options.prefix === undefined) await hashAll(source, options.files, known, shared);
  const planned = options.prefix === undefined ? lockOf([...known.values()].map(locked)) : undefined;
  const sent = new Map<string, Digest>();
  return publish(
    {
      store,
      prefix: options.prefix ?? prefixOfHash(planned?.hash ?? ''),
      files,
      source: options.origin,
      account: options.account,
      replace: options.replace ?? false,
      prune: options.prune ?? false,
      async send(file, signal) {
        const step = { ...shared, signal };
        const { digest, head, moved } = await sendFile(source, store, { ...file, known: known.get(file.name) }, step);
        sent.set(file.name, digest);
        return { file: locked(digest), head, moved };
      },
      async beforeLock(all) {
        if (planned && planned.hash !== lockOf(all).hash) throw new FileChangedError(source.address);
        await requireUnchanged(source, sent);
      },
    },
    shared,
  );
}

function locked({ name, size, sha256, crc32 }: Digest): LockedFile {
  return { name, size, sha256, crc32 };
}

function requireNames(names: readonly string[]): void {
  for (const name of names) {
    const problem = name === LOCK || name === RECEIPT ? 'it is made by the upload' : nameProblem(name);
    if (problem) throw new Error(`the file ${printable(name)} cannot be uploaded: ${problem}`);
  }
  if (new Set(names).size < names.length) throw new Error('a file is named twice');
  if (names.length === 0) throw new Error('there is no file to upload');
}

async function sizesOf(source: Source, names: readonly string[]): Promise<SizedFile[]> {
  const files: SizedFile[] = [];
  for (const name of names) {
    const open = await source.open(name);
    files.push({ name, size: open.size });
    await open.close();
  }
  return files;
}

async function hashAll(source: Source, names: readonly string[], known: Map<string, Digest>, shared: Session) {
  await each(names, HASHED_AT_ONCE, shared.signal, async (name, signal) => {
    const open = await source.open(name);
    try {
      const found = await digest(name, open, { ...shared, signal }, (part) => {
        part.giveBack();
        shared.tell({ type: 'hashed', file: name, bytes: part.size });
      });
      known.set(name, found);
    } finally {
      await open.close();
    }
  });
}

/** A file that changed after it was sent would make a lock that nobody's folder has. */
async function requireUnchanged(source: Source, sent: ReadonlyMap<string, Digest>): Promise<void> {
  for (const [name, { stamp }] of sent) {
    const open = await source.open(name);
    await open.close();
    if (open.stamp !== stamp) throw new FileChangedError(name);
  }
}
