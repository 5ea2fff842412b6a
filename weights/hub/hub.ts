/**
 * The calls that are made to a Hugging Face Hub about a model repository. All fail with a `HubError`, and end at once
 * when the signal says so. None is repeated here: see `hubRetry`.
 */
export interface Hub {
  /** Its origin, as in `https://huggingface.co`. */
  readonly endpoint: string;
  /** The commit that a revision is now: a branch, a tag, `refs/pr/1`, or a commit, of which it says that it is there. */
  resolve(repository: string, revision: string, signal: AbortSignal): Promise<{ readonly commit: string }>;
  /** Every file of a commit, in no particular order; of more than `MAX_FILES`, some more than that. */
  files(repository: string, commit: string, signal: AbortSignal): Promise<HubFile[]>;
  /** A file's bytes, as far as they are asked for. */
  open(repository: string, commit: string, name: string, range: HubRange, signal: AbortSignal): Promise<HubBody>;
}

export interface HubFile {
  /** Path relative to the repository, with '/' between its parts; fit to be a path below any folder. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Of the content, in hexadecimal; only large files have it, which the repository holds as LFS pointers. */
  readonly sha256?: string;
  /** Git's name for what is in the repository, in hexadecimal: the content, or its LFS pointer. See `gitBlobSha1`. */
  readonly blob: string;
}

export interface HubRange {
  /** The first byte. */
  readonly from: number;
  /** The byte behind the last one, no more than the file has. @default - to the end of the file */
  readonly to?: number;
  /** Bytes of the whole file, as listed: one of another size is 'changed'. @default - not compared */
  readonly size?: number;
}

export interface HubBody {
  /**
   * All bytes of the range, to be read once; fails with 'cut' where they end early or nothing comes for too long. A piece
   * is overwritten some time after the next one is asked for: whoever keeps it keeps a copy.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Lets go of the connection; needed only when the bytes are not read at all. */
  readonly close: () => void;
}
