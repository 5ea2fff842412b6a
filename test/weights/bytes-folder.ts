import { Unreadable, type ModelFolder } from '../../weights/model-folder';

/** Files in memory by name. What throws when it is read stands as an error. */
export type Files = Readonly<Record<string, string | Uint8Array | Unreadable>>;

/** A folder in memory that tells tests how much was read of it. */
export interface BytesFolder extends ModelFolder {
  readonly read: { bytes: number; calls: number };
}

export function bytesFolder(files: Files, address = '/models/tiny'): BytesFolder {
  const read = { bytes: 0, calls: 0 };
  const contentOf = (name: string): Buffer => {
    const content = Object.hasOwn(files, name) ? files[name] : new Unreadable(name, 'is not there');
    if (content instanceof Unreadable || content === undefined) throw content ?? new Unreadable(name, 'is not there');
    return typeof content === 'string'
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  };
  const counted = (bytes: Buffer): Buffer => {
    read.calls++;
    read.bytes += bytes.length;
    return bytes;
  };
  return {
    address,
    read,
    list: () =>
      Promise.resolve(
        Object.entries(files).map(([name, content]) => ({
          name,
          size: content instanceof Unreadable ? 1000 : Buffer.byteLength(content),
          etag: '',
        })),
      ),
    async readText(name, maxBytes) {
      const bytes = contentOf(name);
      if (bytes.length > maxBytes) throw new Unreadable(name, `is larger than ${maxBytes} bytes`);
      return Promise.resolve(counted(bytes).toString());
    },
    async readBytes(name, offset, length) {
      return Promise.resolve(counted(contentOf(name).subarray(offset, offset + length)));
    },
  };
}
