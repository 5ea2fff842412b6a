import { createHash } from 'node:crypto';
import { Unreadable, type ModelFile, type ModelFolder } from '../model-folder';
import type { HeaderRepair, Repair } from './repair';

/** The folder as it will be: repairs are applied on the way, and what lies beneath stays untouched. */
export function repaired(folder: ModelFolder, repairs: readonly Repair[]): ModelFolder {
  if (repairs.length === 0) return folder;
  const byFile = new Map(repairs.map((repair) => [repair.file, repair]));
  return {
    address: folder.address,

    async list() {
      const files = (await folder.list()).flatMap((file) => listed(file, byFile.get(file.name)));
      const there = new Set(files.map(({ name }) => name));
      for (const repair of repairs) {
        if (repair.kind === 'text' && !there.has(repair.file)) files.push(described(repair.file, repair.after));
      }
      return files;
    },

    async readText(name, maxBytes) {
      const repair = byFile.get(name);
      if (repair?.kind !== 'text') return folder.readText(name, maxBytes);
      if (Buffer.byteLength(repair.after) > maxBytes) throw new Unreadable(name, `is larger than ${maxBytes} bytes`);
      return repair.after;
    },

    async readBytes(name, offset, length) {
      const repair = byFile.get(name);
      switch (repair?.kind) {
        case 'text':
          return Buffer.from(repair.after).subarray(offset, offset + length);
        case 'header':
          return readBehind(folder, repair, offset, length);
        case 'leave-out':
          throw new Unreadable(name, 'is left out');
        case undefined:
          return folder.readBytes(name, offset, length);
      }
    },
  };
}

function listed(file: ModelFile, repair: Repair | undefined): ModelFile[] {
  switch (repair?.kind) {
    case undefined:
      return [file];
    case 'leave-out':
      return [];
    case 'text':
      return [described(file.name, repair.after)];
    case 'header': {
      const size = file.size - repair.replaced + repair.start.length;
      return [{ ...file, size, etag: `${file.etag}-${hash(repair.start)}` }];
    }
  }
}

const described = (name: string, text: string): ModelFile => ({
  name,
  size: Buffer.byteLength(text),
  etag: hash(text),
});

const hash = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex').slice(0, 32);

/** From the new header, and behind it from the old file. */
async function readBehind(
  folder: ModelFolder,
  { file, start, replaced }: HeaderRepair,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const head = start.subarray(offset, offset + length);
  if (head.length === length) return head;
  const from = Math.max(offset, start.length) - start.length + replaced;
  return Buffer.concat([head, await folder.readBytes(file, from, length - head.length)]);
}
