/** Files to send, read at any position: a local folder, or a view of one that changes some of its bytes. */
export interface Source {
  /** For messages. */
  readonly address: string;
  /** @throws when there is no such file, or it may not be read, or it lies outside of the folder */
  open(name: string): Promise<OpenFile>;
}

export interface OpenFile {
  /** Bytes, when it was opened. */
  readonly size: number;
  /** Fills the buffer from this position on; less only at the end of the file. */
  read(position: number, buffer: Uint8Array): Promise<number>;
  /** Of the file as it was when it was opened. */
  readonly stamp: string;
  /** Another text than `stamp` once anybody has written to the file, or has put another in its place. */
  currentStamp(): Promise<string>;
  close(): Promise<void>;
}

/** What a view puts in a file's place. */
export type Patch =
  /** All of it. */
  | { readonly content: Uint8Array }
  /** Its beginning: then come the file's own bytes from `from` on. A header rewritten before untouched tensors. */
  | { readonly head: Uint8Array; readonly from: number };

/** A view of a source in which some files are other than they are, and some are there that are not. */
export function patched(source: Source, patches: ReadonlyMap<string, Patch>): Source {
  return {
    address: source.address,
    async open(name) {
      const patch = patches.get(name);
      if (!patch) return source.open(name);
      return 'content' in patch ? inMemory(patch.content) : withHead(await source.open(name), patch.head, patch.from);
    },
  };
}

function inMemory(content: Uint8Array): OpenFile {
  return {
    size: content.length,
    read: (position, buffer) => Promise.resolve(copyInto(buffer, content.subarray(position))),
    stamp: '',
    currentStamp: () => Promise.resolve(''),
    close: () => Promise.resolve(),
  };
}

function withHead(file: OpenFile, head: Uint8Array, from: number): OpenFile {
  return {
    ...file,
    size: head.length + Math.max(0, file.size - from),
    async read(position, buffer) {
      const copied = copyInto(buffer, head.subarray(position));
      if (copied === buffer.length) return copied;
      return copied + (await file.read(from + position + copied - head.length, buffer.subarray(copied)));
    },
  };
}

function copyInto(buffer: Uint8Array, bytes: Uint8Array): number {
  const taken = bytes.subarray(0, buffer.length);
  buffer.set(taken);
  return taken.length;
}
