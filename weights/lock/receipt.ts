import { isObject, parseJson } from '../json';

/**
 * How one bucket holds what the lock lists. Without times, so that a second upload that finds everything there writes
 * the same bytes: a changed listing would look like a changed model.
 */
export interface Receipt {
  readonly version: 1;
  /** Of the lock that it belongs to. */
  readonly hash: string;
  readonly bucket: string;
  readonly prefix: string;
  /** Of the bucket's owner, where the caller has said it. */
  readonly account?: string;
  readonly files: readonly ReceivedFile[];
}

interface ReceivedFile {
  readonly name: string;
  readonly etag: string;
  /** In a bucket with versions. */
  readonly versionId?: string;
  /** As the bucket computed it: `type` is FULL_OBJECT for that of the content, COMPOSITE for one of its parts. */
  readonly checksum?: { readonly crc32: string; readonly type: 'FULL_OBJECT' | 'COMPOSITE' };
}

export function receiptText(receipt: Receipt): string {
  return `${JSON.stringify(receipt, null, 2)}\n`;
}

/** ETags by name, of a receipt that may come from anywhere; undefined unless it is one, and of the lock with this hash. */
export function receivedEtags(text: string, hash: string): ReadonlyMap<string, string> | undefined {
  const receipt = parseJson(text);
  if ('problem' in receipt || receipt.value['hash'] !== hash) return undefined;
  const { files } = receipt.value;
  if (!Array.isArray(files)) return undefined;
  const pairs = files.flatMap((entry: unknown) => {
    if (!isObject(entry)) return [];
    const { name, etag } = entry;
    return typeof name === 'string' && typeof etag === 'string' ? [[name, etag] as const] : [];
  });
  return new Map(pairs);
}
