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
