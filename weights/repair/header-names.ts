import { parseJson } from '../json';
import { LENGTH_BYTES, type Header } from '../safetensors';
import { counted } from '../printable';
import type { HeaderRepair } from './repair';

/** Data begins at a multiple of this in every file that safetensors writes. */
const ALIGNMENT = 8;

/** Gives tensors of a shard other names. Shorter names are padded with spaces, so that the data stays where it is. */
export function renameTensors(
  file: string,
  header: Header,
  renames: ReadonlyMap<string, string>,
): HeaderRepair | undefined {
  const names = [...header.tensors.keys()].filter((name) => renames.has(name));
  const parsed = parseJson(header.text);
  if (names.length === 0 || 'problem' in parsed) return undefined;
  const entries = Object.entries(parsed.value).map(([name, entry]) => [renames.get(name) ?? name, entry] as const);
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const room = header.dataStart - LENGTH_BYTES;
  const length = json.length <= room ? room : Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const start = Buffer.alloc(LENGTH_BYTES + length, ' ');
  start.writeBigUInt64LE(BigInt(length));
  json.copy(start, LENGTH_BYTES);
  return {
    kind: 'header',
    file,
    what: `rename ${counted(names.length, 'expert tensor', 'expert tensors')}; the data stays as it is`,
    before: lines(header.text),
    after: lines(json.toString()),
    start,
    replaced: header.dataStart,
  };
}

/** A tensor a line. */
const lines = (header: string): string => `${header.trimEnd().replaceAll('},"', '},\n"')}\n`;
