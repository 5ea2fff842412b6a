/** One message of AWS's event stream encoding (application/vnd.amazon.eventstream). All headers here are texts. */
export interface Frame {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Total length, headers' length and the checksum of these two: four bytes each. */
const PRELUDE = 12;
const CHECKSUM = 4;
const TEXT_HEADER = 7;

/** A frame as bytes, with the checksums of its prelude and of the whole. */
export function encodeFrame({ headers, body }: Frame): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(encodeHeader));
  const frame = Buffer.alloc(PRELUDE + head.length + body.length + CHECKSUM);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(head.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(head, PRELUDE);
  frame.set(body, PRELUDE + head.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -CHECKSUM)), frame.length - CHECKSUM);
  return frame;
}

/** An event of a stream, whose payload is JSON. */
export function eventFrame(type: string, payload: object): Buffer {
  return jsonFrame({ ':message-type': 'event', ':event-type': type }, payload);
}

/** An error in the middle of a stream. @param type as the API's model writes it: `modelStreamErrorException` */
export function exceptionFrame(type: string, payload: object): Buffer {
  return jsonFrame({ ':message-type': 'exception', ':exception-type': type }, payload);
}

function jsonFrame(headers: Readonly<Record<string, string>>, payload: object): Buffer {
  const body = Buffer.from(JSON.stringify(payload));
  return encodeFrame({ headers: { ...headers, ':content-type': 'application/json' }, body });
}

function encodeHeader([name, value]: [string, string]): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(3);
  length.writeUInt8(TEXT_HEADER, 0);
  length.writeUInt16BE(text.length, 1);
  return Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), length, text]);
}

/** The CRC-32 of zlib and PNG, bit by bit: frames here are short. */
function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return ~rest >>> 0;
}
