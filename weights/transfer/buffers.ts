/** A fixed number of buffers that are used again and again, in memory that threads share: what bounds the memory of a transfer. */
export interface Buffers {
  /** The next free one, first come first served. */
  take(): Promise<Buffer>;
  give(buffer: Buffer): void;
}

export function buffers(count: number, size: number): Buffers {
  const free: Buffer[] = [];
  const waiting: ((buffer: Buffer) => void)[] = [];
  let made = 0;
  return {
    take() {
      const buffer = free.pop() ?? (made++ < count ? Buffer.from(new SharedArrayBuffer(size)) : undefined);
      return buffer ? Promise.resolve(buffer) : new Promise((resolve) => waiting.push(resolve));
    },
    give(buffer) {
      const next = waiting.shift();
      if (next) next(buffer);
      else free.push(buffer);
    },
  };
}
