/**
 * The calls that a transfer makes to one bucket. All fail with a `StoreError`, and end at once when the signal says so.
 * Parts are numbered from 1.
 */
export interface Store {
  readonly bucket: string;
  list(prefix: string, signal: AbortSignal): Promise<StoredObject[]>;
  /** Undefined when there is no such object. */
  head(key: string, signal: AbortSignal): Promise<ObjectHead | undefined>;
  /** Reads bytes into the buffer, and fails when the object has fewer, or another ETag than the one given. */
  read(key: string, range: ByteRange, signal: AbortSignal): Promise<void>;
  /** Sends a small object whole; refused by the server unless it received what the checksum says. */
  put(key: string, body: Uint8Array, crc32: string, signal: AbortSignal, metadata?: Metadata): Promise<ObjectHead>;
  /** Begins an object in parts and returns its id. */
  begin(key: string, signal: AbortSignal, metadata?: Metadata): Promise<string>;
  /** Objects in parts that were begun below a prefix and neither completed nor given up. */
  unfinished(prefix: string, signal: AbortSignal): Promise<Unfinished[]>;
  parts(upload: Unfinished, signal: AbortSignal): Promise<StoredPart[]>;
  sendPart(
    upload: Unfinished,
    number: number,
    body: Uint8Array,
    crc32: string,
    signal: AbortSignal,
  ): Promise<StoredPart>;
  /** Copies bytes of an object, of any bucket that the caller may read, without their coming here. */
  copyPart(upload: Unfinished, number: number, from: CopyRange, signal: AbortSignal): Promise<StoredPart>;
  /** Makes the object of its parts; refused by a server that can tell when it is not what the checksum says. */
  complete(upload: Unfinished, whole: Whole, signal: AbortSignal): Promise<ObjectHead>;
  giveUp(upload: Unfinished, signal: AbortSignal): Promise<void>;
  remove(keys: readonly string[], signal: AbortSignal): Promise<void>;
}

export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
}

/** What a writer notes beside an object; the keys in small letters. */
export type Metadata = Readonly<Record<string, string>>;

export interface ObjectHead {
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  readonly versionId?: string;
  /** Base64; a composite one has '-' and the number of parts behind it. */
  readonly crc32?: string;
  /** As it was written; an answer to a write has none. */
  readonly metadata?: Metadata;
}

export interface Unfinished {
  readonly key: string;
  readonly id: string;
}

export interface StoredPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
  /** Base64. */
  readonly crc32?: string;
}

export interface ByteRange {
  readonly position: number;
  /** As long as the range. */
  readonly into: Uint8Array;
  readonly etag: string;
}

export interface CopyRange {
  readonly bucket: string;
  readonly key: string;
  readonly position: number;
  readonly size: number;
  /** It is all of the object. */
  readonly whole: boolean;
  readonly etag: string;
}

export interface Whole {
  readonly parts: readonly StoredPart[];
  /** Bytes. */
  readonly size: number;
  /** Of the full object, in base64. @default - the server is not asked to compare */
  readonly crc32?: string;
}

/**
 * What a caller does about a failure:
 * - busy, cut, damaged: the same call may succeed later
 * - expired, forbidden: a person must act; what has been sent stays, and a later run goes on from there
 * - missing: there is no such object or bucket
 * - lost: an object in parts is gone, or one of its parts is; the parts must be looked at again
 * - changed: the object is not the one that was looked at before
 * - refused: anything else, which will not change by itself
 */
export type Failure = 'busy' | 'cut' | 'damaged' | 'expired' | 'forbidden' | 'missing' | 'lost' | 'changed' | 'refused';

/** A failed call; `failure` says what to do, `code` is the server's own name for it. */
export class StoreError extends Error {
  constructor(
    readonly failure: Failure,
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
