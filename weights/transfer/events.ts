/** What a transfer tells while it runs, in order, for a caller to draw or to log. */
export type TransferEvent =
  /** Once, before the first file. */
  | { readonly type: 'plan'; readonly files: number; readonly bytes: number }
  /** After the plan, where files were begun before: by an earlier run, or by another one that is still at work. */
  | { readonly type: 'unfinished'; readonly files: readonly string[] }
  /** A pass over local files that sends nothing: bytes read so far, of all. */
  | { readonly type: 'hashed'; readonly file: string; readonly bytes: number }
  /** Work on a file begins; a restarted one begins again. */
  | { readonly type: 'started'; readonly file: string; readonly size: number }
  /** Bytes of a file are where they belong; `moved` is false when they were there before. */
  | { readonly type: 'part'; readonly file: string; readonly bytes: number; readonly moved: boolean }
  /** The whole file was there already, by its checksum. */
  | { readonly type: 'skipped'; readonly file: string; readonly size: number }
  /** The whole file is there and its checksum is right. */
  | { readonly type: 'done'; readonly file: string; readonly size: number }
  /** A call failed and is made again. */
  | { readonly type: 'retried'; readonly what: string; readonly attempt: number; readonly waitMs: number }
  /** What was done for a file no longer counts: it begins again. */
  | { readonly type: 'restarted'; readonly file: string; readonly reason: string }
  /** Objects below the prefix that are no part of the model. */
  | { readonly type: 'stale'; readonly files: readonly string[]; readonly removed: boolean }
  /** A finished upload of other content came below the prefix while this one ran, and this one takes its place. */
  | { readonly type: 'replaced'; readonly hash: string }
  /** Once, at the end of a transfer that succeeded. */
  | { readonly type: 'total'; readonly files: number; readonly bytes: number; readonly moved: number };

export type Tell = (event: TransferEvent) => void;
