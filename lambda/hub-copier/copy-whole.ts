import { createHash } from 'node:crypto';
import { HubError } from '../../weights/hub/hub-error';
import { proofOf } from '../../weights/hub/proof';
import { crc32, encodeCrc } from '../../weights/transfer/crc32';
import { type FileTransfer, wrongBytes } from './file-transfer';
import { keptObject } from './kept-object';
import { marksOf } from './marks';
import { steadyBytes } from './steady-bytes';

/** The Hub takes no file over 10 MB outside of LFS; one without a SHA-256 is held in memory whole. Bytes. */
const MAX_OUTSIDE_LFS = 32 * 1024 * 1024;

/** Copies a small file in one request, when it is there whole and right. Ends with its CRC-32. */
export async function copyWhole(transfer: FileTransfer): Promise<string> {
  const { item, key, outside, shared } = transfer;
  const { file } = item;
  if (file.size > MAX_OUTSIDE_LFS) {
    const problem = `it has ${file.size} bytes and no SHA-256: the Hub keeps such a file in LFS only`;
    throw new HubError('refused', problem);
  }
  const chunks: Uint8Array[] = [];
  const proof = proofOf(file);
  for await (const bytes of steadyBytes(transfer, 0, shared.signal)) {
    proof.update(bytes);
    chunks.push(Buffer.from(bytes));
  }
  if (!proof.holds()) throw wrongBytes();
  const bytes = Buffer.concat(chunks);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const crc = encodeCrc(crc32(bytes));
  const { store } = outside;
  const marks = marksOf(file, sha256, crc);
  const head = await shared.retry(shared.signal, () => store.put(key, bytes, crc, shared.signal, marks));
  await keptObject(store, key, head, { name: file.name, size: file.size, sha256, crc32: crc }, shared);
  return crc;
}
