import { InvalidLockError, type Lock } from '../lock';
import { INDEX, LOCK } from '../file-names';
import { lockBelow } from './read-lock';
import type { Session } from './session';
import type { Store, StoredObject } from './store';

/**
 * Without these two no folder is a model, to Bedrock or to us: they are sent after everything that they speak of, and
 * taken away before anything below the prefix changes. The lock follows them.
 */
export const MARKS: readonly string[] = ['config.json', INDEX];

/** A finished upload of other content lies below the prefix, and nobody said that it may be replaced. */
export class PrefixTakenError extends Error {
  constructor(address: string, why: string) {
    super(`${address} holds a finished upload of other content (${why}); choose another prefix, or replace it`);
  }
}

export interface Claimed {
  readonly store: Store;
  readonly prefix: string;
  readonly files: readonly { readonly name: string }[];
  readonly replace: boolean;
}

/** The right to change what lies below the prefix: had when nothing finished lies there, or nothing different. */
export async function claimOn(publication: Claimed, listed: readonly StoredObject[], session: Session) {
  const { store, prefix, files, replace } = publication;
  const { signal, retry } = session;
  const there = await lockThere(publication, listed, session);
  const locked = new Map(there?.files.map((file) => [file.name, file]));
  const refuse = (why: string) => new PrefixTakenError(`s3://${store.bucket}/${prefix}`, why);
  const ours = new Set([LOCK, ...files.map(({ name }) => name).filter((name) => MARKS.includes(name))]);
  const marks = listed.map(({ key }) => key).filter((key) => ours.has(key.slice(prefix.length)));
  let unmarked: Promise<void> | undefined;
  return {
    async begin(name: string, size: number, crc: string | undefined) {
      const entry = locked.get(name);
      const same = entry?.size === size && (crc === undefined || crc === entry.crc32);
      if (there && !replace && !same) throw refuse(`${name} differs from its lock file`);
      if (marks.length > 0) await (unmarked ??= retry(signal, () => store.remove(marks, signal)));
    },
    /** `last` is what lies there now: another upload may have ended meanwhile. */
    async end(lock: Lock, last: readonly StoredObject[]) {
      if (there && !replace && there.hash !== lock.hash) {
        throw refuse(`its lock file says ${there.hash.slice(0, 16)}, the folder is ${lock.hash.slice(0, 16)}`);
      }
      if (lockObject(publication, last)?.etag === lockObject(publication, listed)?.etag) return;
      const came = await lockThere(publication, last, session);
      if (came && came.hash !== lock.hash) session.tell({ type: 'replaced', hash: came.hash });
    },
  };
}

/** An unreadable lock is taken for one of other content. */
async function lockThere(publication: Claimed, listed: readonly StoredObject[], session: Session) {
  if (!lockObject(publication, listed)) return undefined;
  try {
    return await lockBelow(publication.store, publication.prefix, session);
  } catch (error) {
    if (error instanceof InvalidLockError) return { hash: 'unreadable', files: [] };
    throw error;
  }
}

function lockObject({ prefix }: Claimed, listed: readonly StoredObject[]): StoredObject | undefined {
  return listed.find(({ key }) => key === `${prefix}${LOCK}`);
}
