import fc from 'fast-check';
import { Unreadable, type ModelFile, type ModelFolder } from '../../../weights/model-folder';

/** A file that may lie about its size, shrink while it is read, or not be readable at all. */
export interface HostileFile {
  readonly name: string;
  readonly content: Uint8Array;
  /** What the listing says; real where undefined. A file can claim terabytes. */
  readonly listedSize?: number;
  /** From this read of the folder on, the file has only half of its bytes left. */
  readonly shrinksAfter?: number;
  readonly unreadable?: boolean;
}

/** A folder that counts what is read of it, and refuses what nobody may ask for. */
export interface WatchedFolder extends ModelFolder {
  readonly watch: { bytes: number; calls: number; readonly complaints: string[] };
}

/** No honest caller asks for more in one read: the largest text is 8 MiB, and one byte more is asked to see its end. */
const LARGEST_READ = 8 * 1024 * 1024 + 1;

export function hostileFolder(files: readonly HostileFile[], address: string): WatchedFolder {
  const byName = new Map(files.map((file) => [file.name, file]));
  const watch = { bytes: 0, calls: 0, complaints: new Array<string>() };
  const contentOf = (name: string): Buffer => {
    watch.calls++;
    const file = byName.get(name);
    if (!file) {
      watch.complaints.push(`read ${JSON.stringify(name.slice(0, 100))}, which is not listed`);
      throw new Unreadable(name, 'is not there');
    }
    if (file.unreadable) throw new Unreadable(name, 'may not be read by this user');
    const half = file.shrinksAfter !== undefined && watch.calls > file.shrinksAfter;
    return Buffer.from(file.content).subarray(0, half ? file.content.length / 2 : undefined);
  };
  const counted = (bytes: Buffer): Buffer => {
    watch.bytes += bytes.length;
    return bytes;
  };
  return {
    address,
    watch,
    list: () => Promise.resolve([...byName.values()].map(described)),
    async readText(name, maxBytes) {
      if (maxBytes > LARGEST_READ) watch.complaints.push(`would read a text of ${maxBytes} bytes`);
      const content = await Promise.resolve(contentOf(name));
      if (content.length > maxBytes) throw new Unreadable(name, `is larger than ${maxBytes} bytes`);
      return counted(content).toString();
    },
    async readBytes(name, offset, length) {
      const size = byName.get(name)?.listedSize ?? byName.get(name)?.content.length ?? 0;
      const within = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
      if (!within || offset + length > size) watch.complaints.push(`read ${length} bytes at ${offset} of ${size}`);
      if (length > LARGEST_READ) watch.complaints.push(`read ${length} bytes at once`);
      return counted((await Promise.resolve(contentOf(name))).subarray(offset, offset + length));
    },
  };
}

const described = ({ name, content, listedSize }: HostileFile): ModelFile => ({
  name,
  size: listedSize ?? content.length,
  etag: '',
});

/** What fails about reading, on top of any content. */
export const readingTrouble = fc.record(
  {
    listedSize: fc.oneof(
      fc.nat(100),
      fc.constantFrom(8 * 1024 * 1024, 4_790_000_000, 2 ** 40, Number.MAX_SAFE_INTEGER),
    ),
    shrinksAfter: fc.nat(12),
    unreadable: fc.boolean(),
  },
  { requiredKeys: [] },
);
