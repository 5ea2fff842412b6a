import { setImmediate } from 'node:timers/promises';
import { BedrockError, ConnectionCut } from '../errors';
import type { StreamFault } from '../faults';
import { eventFrame, exceptionFrame } from './event-stream';

/** An event of a stream, before it is a frame. */
export interface StreamEvent {
  readonly type: string;
  readonly payload: object;
}

/**
 * Bedrock pads the payloads of its streams, so that the size of frames does not tell the tokens. This one has a length that
 * varies with the event's place.
 */
const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** How a stream's events are written. */
export interface Encoding {
  /** @param place of the event in its stream, from 0 */
  event(event: StreamEvent, place: number): Buffer;
  /** An error in the middle of a stream. @param name such as `ModelStreamErrorException` */
  exception(name: string, message: string): Buffer;
}

const eventStream: Encoding = {
  event: ({ type, payload }, place) =>
    eventFrame(type, { ...payload, p: PADDING.slice(0, (place * 7) % PADDING.length) }),
  // the name of its member: `modelStreamErrorException`
  exception: (name, message) => exceptionFrame(name.charAt(0).toLowerCase() + name.slice(1), { message }),
};

/** The events as frames, until the fault strikes; what breaks them off is said in the last one, as Bedrock does. */
export async function* streamFrames(
  events: AsyncIterable<StreamEvent>,
  operation: string,
  fault: StreamFault | undefined,
  encoding = eventStream,
): AsyncGenerator<Buffer> {
  let sent = 0;
  let last: Buffer = Buffer.alloc(0);
  try {
    for await (const event of events) {
      if (fault && sent >= (fault.afterFrames ?? 2)) break;
      last = encoding.event(event, sent);
      yield last;
      sent += 1;
    }
  } catch (error) {
    const name = error instanceof BedrockError ? error.name : 'InternalServerException';
    yield encoding.exception(name, error instanceof Error ? error.message : String(error));
    return;
  }
  if (fault) yield* strike(fault, operation, last, encoding);
}

async function* strike(
  fault: StreamFault,
  operation: string,
  last: Buffer,
  encoding: Encoding,
): AsyncGenerator<Buffer> {
  switch (fault.kind) {
    case 'stream-error':
      yield encoding.exception(
        fault.error ?? 'ModelStreamErrorException',
        fault.message ?? 'The Bedrock emulator was told to break this stream off.',
      );
      return;
    case 'stream-cut':
      await setImmediate(); // what was written before is on its way by then
      throw new ConnectionCut(operation);
    case 'stream-truncated':
      yield last.subarray(0, Math.ceil(last.length / 2));
      return;
    case 'stream-corrupt': {
      const broken = Buffer.from(last);
      broken.writeUInt8(broken.readUInt8(broken.length - 1) ^ 1, broken.length - 1);
      yield broken;
      return;
    }
    case 'stream-stall':
      await new Promise(() => undefined);
      return;
    case 'stream-endless':
      for (;;) {
        yield last;
        await setImmediate(); // lets the server see that its reader has gone
      }
  }
}
