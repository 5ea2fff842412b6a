import { printable } from '../printable';
import { FileInTheWayError } from '../transfer/download-file';
import type { Tell } from '../transfer/events';
import type { Backoff } from '../transfer/retry';
import type { PartFile, Target } from '../transfer/target';
import { inBlocks } from './bytes';
import type { Hub, HubFile } from './hub';
import { HubError } from './hub-error';
import { patience } from './retry';
import { type Proof, proofOf } from './proof';

/** What the downloads of one commit share. */
export interface Way {
  readonly hub: Hub;
  readonly repository: string;
  readonly commit: string;
  readonly target: Target;
  /** Put files in the place of others of the same name. */
  readonly replace: boolean;
  readonly backoff: Partial<Backoff>;
  readonly tell: Tell;
}

/** How often a file is got anew that came otherwise than the Hub lists it. */
const ROUNDS = 3;

/** Written and told of at a time. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * Gets one file, as far as it is not there yet: one request, and one more for each time that it is cut off.
 *
 * @returns false when it was there already
 * @throws HubError
 * @throws FileInTheWayError when another file has its name
 */
export async function downloadFile(way: Way, file: HubFile, signal: AbortSignal): Promise<boolean> {
  const { target, tell, replace } = way;
  const like = await localLikeness(target, file, signal);
  if (like === 'different' && !replace) throw new FileInTheWayError(file.name);
  if (like === 'same') {
    tell({ type: 'part', file: file.name, bytes: file.size, moved: false });
    return false;
  }
  for (let round = 1; ; round++) {
    tell({ type: 'started', file: file.name, size: file.size });
    if (await fetched(way, file, signal)) return true;
    const message = `${printable(file.name)} of ${way.repository} did not come as the Hub lists it`;
    if (round === ROUNDS) throw new HubError('damaged', `${message}, ${ROUNDS} times in a row`);
    tell({ type: 'restarted', file: file.name, reason: message });
  }
}

/** What the folder has under the file's name; undefined when there is nothing. */
async function localLikeness(target: Target, file: HubFile, signal: AbortSignal) {
  const open = await target.open(file.name);
  if (!open) return undefined;
  try {
    if (open.size !== file.size) return 'different';
    const proof = proofOf(file);
    const read = await prove(open, file.size, proof, signal);
    return read === file.size && proof.holds() ? 'same' : 'different';
  } finally {
    await open.close();
  }
}

/** Goes on with what an earlier run has left; false, with nothing left, when the whole is not what it should be. */
async function fetched(way: Way, file: HubFile, signal: AbortSignal): Promise<boolean> {
  const part = await way.target.part(file.name);
  try {
    const proof = proofOf(file);
    const kept = part.size <= file.size ? await prove(part, part.size, proof, signal) : 0;
    if (kept < part.size) await part.truncate(kept);
    if (kept > 0) way.tell({ type: 'part', file: file.name, bytes: kept, moved: false });
    await fill(way, file, part, kept, proof, signal);
    if (proof.holds()) {
      await part.finish();
      return true;
    }
    await part.truncate(0); // what is wrong may be what an earlier run left
    return false;
  } finally {
    await part.close();
  }
}

async function fill(way: Way, file: HubFile, part: PartFile, kept: number, proof: Proof, signal: AbortSignal) {
  const { hub, repository, commit, tell } = way;
  const { name, size } = file;
  const patient = patience(way.backoff, tell);
  for (let position = kept; position < size;) {
    try {
      const { bytes } = await hub.open(repository, commit, name, { from: position, size }, signal);
      for await (const block of inBlocks(bytes, BLOCK_BYTES)) {
        await part.write(position, block);
        proof.update(block);
        position += block.length;
        patient.renew();
        tell({ type: 'part', file: name, bytes: block.length, moved: true });
      }
    } catch (error) {
      await patient.after(error, signal);
    }
  }
}

/** Reads a local file's beginning into a proof, and says how many bytes it had. */
async function prove(file: Pick<PartFile, 'read'>, size: number, proof: Proof, signal: AbortSignal): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(size, BLOCK_BYTES)));
  let position = 0;
  while (position < size) {
    signal.throwIfAborted();
    const read = await file.read(position, buffer.subarray(0, Math.min(buffer.length, size - position)));
    if (read === 0) break;
    proof.update(buffer.subarray(0, read));
    position += read;
  }
  return position;
}
