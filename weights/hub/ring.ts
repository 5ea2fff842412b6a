/**
 * What Node has read of a connection and nobody has taken yet is about two buffers of the stream's (16 to 64 KiB each)
 * and what came in one read; a piece in somebody's hands is as large. A ring of several times that overwrites neither,
 * also where Node hands on what it has read itself; Node 20 copies what is a body's.
 */
const RING_BYTES = 2 * 1024 * 1024;

/** What Node reads at once, if nobody says otherwise. */
const READ_BYTES = 64 * 1024;

/** Memory that a connection's bytes are read into, over and over: a new buffer for each read keeps the collector busy. */
export interface Ring {
  /** Room for the next read. */
  readonly room: () => Uint8Array;
  /** So many bytes that have come into it. They stay until the ring has gone around. */
  readonly taken: (length: number) => Uint8Array;
}

export function ring(): Ring {
  const memory = Buffer.allocUnsafeSlow(RING_BYTES);
  let at = 0;
  return {
    room() {
      if (at + READ_BYTES > RING_BYTES) at = 0;
      return memory.subarray(at, at + READ_BYTES);
    },
    taken(length) {
      const bytes = memory.subarray(at, at + length);
      at += length;
      return bytes;
    },
  };
}
