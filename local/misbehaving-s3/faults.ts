import type { Operation } from './operations';

/**
 * What can go wrong with one request:
 * - an error's name: the answer, before anything is done
 * - cut-request: the connection ends in the middle of the request's body
 * - cut-answer: everything is done, and the connection ends before the answer
 * - damage-request: a bit of the body is another by the time it is received, as by a bad proxy; checksums notice
 * - damage-store: the same, behind the check: it shows only in the checksum of the whole object
 * - damage-answer: a bit of the answer's body is another
 * - error-in-success: status 200 with an error inside, as CompleteMultipartUpload does
 * - lose-part: answered like a success, but not stored
 * - slow: the answer takes a while
 * - hang: nothing is done, and no answer comes
 */
export type Fault = ErrorName | (typeof WAYS)[number];

export const WAYS = [
  'cut-request',
  'cut-answer',
  'damage-request',
  'damage-store',
  'damage-answer',
  'error-in-success',
  'lose-part',
  'slow',
  'hang',
] as const;

export const ERRORS = {
  SlowDown: 503,
  ServiceUnavailable: 503,
  InternalError: 500,
  RequestTimeout: 400,
  ExpiredToken: 400,
  AccessDenied: 403,
  BadDigest: 400,
  NoSuchUpload: 404,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  EntityTooSmall: 400,
  InvalidRequest: 400,
  InvalidRange: 416,
  NoSuchKey: 404,
  NoSuchBucket: 404,
  PreconditionFailed: 412,
  NotImplemented: 501,
} as const;

export type ErrorName = keyof typeof ERRORS;

/** Of a request, before it is answered. */
export interface Asked {
  readonly operation: Operation;
  readonly key: string;
  /** 0 where it is about no part. */
  readonly partNumber: number;
  /** How many requests there have been of any kind, this one included. */
  readonly count: number;
}

/** Decides what goes wrong, if anything does. */
export type Mischief = (asked: Asked) => Fault | undefined;

export function isError(fault: Fault | undefined): fault is ErrorName {
  return fault !== undefined && fault in ERRORS;
}

/** The same bytes with one bit turned. */
export function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  if (copy.length > 0) copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

/** An answer that is an error. */
export class S3Error extends Error {
  constructor(
    readonly code: ErrorName,
    message = 'as it was told to',
  ) {
    super(message);
  }
}
