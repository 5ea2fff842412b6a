import { createHash } from 'node:crypto';
import { giveUp } from '../../weights/transfer/parted-object';
import { crc32, encodeCrc } from '../../weights/transfer/crc32';
import { likeness } from '../../weights/transfer/likeness';
import { proven } from '../../weights/transfer/proven';
import { publish, type Published, type PublishedFile } from '../../weights/transfer/publish';
import { session, type Session } from '../../weights/transfer/session';
import { type Store, StoreError } from '../../weights/transfer/store';
import type { HubFile } from '../../weights/hub/hub';
import type { TextRepair } from '../../weights/repair/repair';
import { sha256OfCopy, type Outside } from './outside';
import { prepare } from './prepare';
import type { Copied, Copy, FinishAnswer } from './task';

/**
 * Makes the folder whole: writes what is repaired, looks at every object once more, and writes the lock last of all.
 * After a file that could not be copied it gives up whatever was begun.
 */
export async function finish(copy: Copy, copied: readonly Copied[], outside: Outside): Promise<FinishAnswer> {
  const shared = session({ backoff: outside.backoff }, []);
  const failed = copied.filter((one) => one.state === 'failed');
  if (failed.length > 0) {
    await giveUpBelow(copy, outside.store, shared);
    return { state: 'failed', why: notCopied(copy, failed, copied.length) };
  }
  const prepared = await prepare(copy, outside.hub, shared.signal);
  if ('why' in prepared) return { state: 'failed', why: prepared.why };
  const crcs = new Map(copied.flatMap((one) => (one.state === 'done' ? [[one.name, one.crc32]] : [])));
  const files = new Map(prepared.files.map((file) => [file.name, file]));
  const texts = new Map(prepared.repairs.map((repair) => [repair.file, repair]));
  const sizes = [
    ...prepared.files.map(({ name, size }) => ({ name, size })),
    ...prepared.repairs.map(({ file, after }) => ({ name: file, size: Buffer.byteLength(after) })),
  ];
  try {
    const { lock } = await publish(
      {
        store: outside.store,
        prefix: copy.prefix,
        files: sizes,
        source: { repository: copy.repository, revision: copy.commit },
        account: copy.account,
        replace: true,
        prune: false,
        send(published) {
          const text = texts.get(published.name);
          const file = files.get(published.name);
          if (text) return write(text, published, outside, shared);
          if (file) return found(file, published, crcs.get(file.name), outside, shared);
          throw new Error(`${published.name} is no file of the plan`);
        },
      },
      shared,
    );
    outside.log({ finished: lock.hash, files: lock.files.length });
    return { state: 'done' };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { state: 'failed', why: `${error.message}. Next: deploy again; what is copied stays.` };
  }
}

/** A copy as the Map left it. */
async function found(
  file: HubFile,
  { key }: PublishedFile,
  copiedCrc: string | undefined,
  { store }: Outside,
  { retry, signal }: Session,
): Promise<Published> {
  const head = await retry(signal, () => store.head(key, signal));
  const crc = copiedCrc ?? head?.crc32;
  const sha256 = head && sha256OfCopy(head, file);
  if (!head || sha256 === undefined || crc === undefined) {
    throw new StoreError('changed', 'ObjectChanged', `${key} was changed by somebody else while it was copied`);
  }
  const { name, size } = file;
  return { file: { name, size, sha256, crc32: crc }, head, moved: copiedCrc !== undefined };
}

async function write(
  { file, after }: TextRepair,
  published: PublishedFile,
  { store }: Outside,
  shared: Session,
): Promise<Published> {
  const { key } = published;
  const { retry, signal } = shared;
  const bytes = Buffer.from(after);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const wanted = { name: file, size: bytes.length, sha256, crc32: encodeCrc(crc32(bytes)) };
  const there = await retry(signal, () => store.head(key, signal));
  if (there && likeness(there, wanted) === 'same') return { file: wanted, head: there, moved: false };
  await published.mayBegin(wanted.size, wanted.crc32);
  const head = await retry(signal, () => store.put(key, bytes, wanted.crc32, signal));
  return { file: wanted, head: await proven(store, key, head, wanted, shared), moved: true };
}

async function giveUpBelow({ prefix }: Copy, store: Store, shared: Session): Promise<void> {
  const begun = await shared.retry(shared.signal, () => store.unfinished(prefix, shared.signal));
  for (const upload of begun) await giveUp(store, upload, shared);
}

function notCopied({ repository, commit }: Copy, failed: readonly Copied[], all: number): string {
  const said = failed.slice(0, 3).flatMap((one) => (one.state === 'failed' ? [`${one.name}: ${one.why}`] : []));
  const more = failed.length > said.length ? `; and ${failed.length - said.length} more` : '';
  return `${failed.length} of ${all} files of hf://${repository}@${commit} could not be copied: ${said.join('; ')}${more}. Next: mend the cause and deploy again; what is copied stays.`;
}
