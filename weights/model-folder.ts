import { printable } from './printable';

/** A model has dozens of files; a folder of more than this is a dump of something else, and is not listed to its end. */
export const MAX_FILES = 10_000;

/**
 * Of a text that is read whole. The index of a 120B has 60 kB, and a lock 200 bytes a file, of which there are dozens: the
 * bound keeps a wrong file out of memory.
 */
export const MAX_TEXT = 8 * 1024 * 1024;

/** A folder of model files, wherever it lies: on disk, under an S3 prefix, or at a revision of a Hugging Face repository. */
export interface ModelFolder {
  /** For messages: a path, or an `s3://` address. */
  readonly address: string;
  /** Every file below the folder, in no particular order; of more than `MAX_FILES`, some more than that. */
  list(): Promise<ModelFile[]>;
  /** The whole of a small text file in UTF-8; throws when it is larger than `maxBytes`. */
  readText(name: string, maxBytes: number): Promise<string>;
  /** `length` bytes from byte `offset` on; fewer only where the file ends. */
  readBytes(name: string, offset: number, length: number): Promise<Uint8Array>;
}

export interface ModelFile {
  /** Path relative to the folder, with '/' between its parts; ends in '/' for a directory that is not looked into. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Whatever changes with the content, as the store tells it without reading: S3's ETag. */
  readonly etag: string;
  /** Why the file cannot be had, where the listing shows it already; its size is 0 then. */
  readonly unreadable?: Unreadable;
}

/**
 * One file cannot be had, though the folder can: a finding about the folder, where any other error is the
 * caller's. The message is one printable line.
 */
export class Unreadable extends Error {
  /** What to do, where it is known. */
  readonly remedy: string;

  constructor(
    readonly file: string,
    /** A clause after the file's name, such as "is a link out of the folder". */
    readonly problem: string,
    { remedy = 'make it readable, or put the file itself there', ...options }: ErrorOptions & { remedy?: string } = {},
  ) {
    super(`${printable(file)} ${problem}`, options);
    this.remedy = remedy;
  }
}
