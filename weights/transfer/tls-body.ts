import { Readable } from 'node:stream';

/** TLS encrypts what it is given in one piece and keeps that until it is sent: of whole parts, that doubles the memory. */
const SLICE = 512 * 1024;

interface TlsRequest {
  readonly headers: Record<string, string>;
  body?: unknown;
}

/** Over TLS, which keeps them as they are, payloads aren't signed: that would hash every byte once more. */
export function unsigned(request: unknown): void {
  if (isTlsRequest(request)) request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
}

/** A large body of a request over TLS goes in slices. */
export function sliced(request: unknown): void {
  if (!isTlsRequest(request) || !(request.body instanceof Uint8Array) || request.body.length <= SLICE) return;
  request.body = Readable.from(slices(request.body), { objectMode: false, highWaterMark: SLICE });
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
}

function isTlsRequest(request: unknown): request is TlsRequest {
  return typeof request === 'object' && request !== null && 'protocol' in request && request.protocol === 'https:';
}
