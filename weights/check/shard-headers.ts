import { error, SOURCES, type Finding } from '../finding';
import type { ModelFile, ModelFolder } from '../model-folder';
import { sizeText } from '../printable';
import { headerLength, LENGTH_BYTES, parseHeader, type Header, type HeaderProblem } from '../safetensors';
import { isLfsPointer, lfsPointer } from './git-lfs';

/** Most headers fit (a shard of 50 tensors has 6 kB), so that one request to S3 brings length and header. */
const FIRST_READ = 32 * 1024;

/** Of all headers together: 350 times those of a 120B, and room for a thousand shards. */
const MAX_HEADERS = 32 * 1024 * 1024;

/** Reads the headers of one folder, within one bound for them all. */
export function headerReader(): (folder: ModelFolder, file: ModelFile) => Promise<Header | Finding> {
  let left = MAX_HEADERS;
  return async (folder, { name, size }) => {
    const readBytes = async (offset: number, length: number) => {
      left -= length;
      return left < 0 ? undefined : folder.readBytes(name, offset, length);
    };
    const start = await readBytes(0, Math.min(FIRST_READ, size));
    if (!start) return tooMuch(name);
    if (isLfsPointer(start)) return lfsPointer(name);
    const length = headerLength(start.subarray(0, LENGTH_BYTES), size);
    if (typeof length !== 'number') return finding(name, length);
    const end = LENGTH_BYTES + length;
    const rest = end > start.length ? await readBytes(start.length, end - start.length) : undefined;
    if (end > start.length && !rest) return tooMuch(name);
    const json = Buffer.concat([start.subarray(LENGTH_BYTES, end), ...(rest ? [rest] : [])]);
    // listed with its whole size, and shorter when it is read
    if (json.length < length)
      return finding(name, { code: 'file-cut-off', problem: 'became shorter while it was read' });
    const header = parseHeader(json, size);
    return 'problem' in header ? finding(name, header) : header;
  };
}

function tooMuch(file: string): Finding {
  const problem = `is not read: the headers of the folder's .safetensors files have more than ${sizeText(MAX_HEADERS)} together`;
  return error({ code: 'header-too-large', file, problem, remedy: 'leave only the shards of one model in the folder' });
}

function finding(file: string, { code, problem }: HeaderProblem): Finding {
  return error({ code, file, problem, remedy: REMEDIES[code], source: SOURCES.safetensors });
}

const REMEDIES = {
  'file-cut-off': 'download it again, or continue the download; save it again if it was written here',
  'file-too-long': 'download or save it again; it may be two downloads in one file',
  'header-invalid': 'download or save it again',
  'header-too-large': 'download or save it again; it may not be a .safetensors file at all',
} as const;
