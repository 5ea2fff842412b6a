import { EventStreamCodec } from '@smithy/core/event-streams';
import { bytes } from './fake-runtime';

const codec = new EventStreamCodec(
  (input) => (typeof input === 'string' ? input : Buffer.from(input).toString('utf8')),
  (input) => new TextEncoder().encode(input),
);

/** A frame of InvokeModelWithResponseStream: the payload in base64, padded with `p` as Bedrock does it. */
export function chunkFrame(payload: object | Uint8Array): Uint8Array {
  const part = payload instanceof Uint8Array ? payload : bytes(payload);
  return eventFrame('chunk', { bytes: Buffer.from(part).toString('base64'), p: 'abcdefgh' });
}

/** A frame of any event stream of Bedrock's, with its two checksums. */
export function eventFrame(type: string, body: object): Uint8Array {
  return frame({ ':message-type': 'event', ':event-type': type }, body);
}

/** An exception in the middle of a stream. */
export function exceptionFrame(type: string, message: string): Uint8Array {
  return frame({ ':message-type': 'exception', ':exception-type': type }, { message });
}

function frame(headers: Record<string, string>, body: object): Uint8Array {
  const all = { ...headers, ':content-type': 'application/json' };
  return codec.encode({
    headers: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { type: 'string', value }])),
    body: bytes(body),
  });
}
