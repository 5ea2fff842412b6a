import { isObject, parseJson, type JsonObject } from './json';
import { printable } from './printable';

/** A tensor as a header describes it. */
export interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes of its data. */
  readonly bytes: number;
}

export interface Header {
  /** Where the data begins: the eight bytes of the length, and the header with its padding. */
  readonly dataStart: number;
  /** The header as it is written, padding and all. */
  readonly text: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Why a header is none. */
export interface HeaderProblem {
  readonly code: 'header-invalid' | 'header-too-large' | 'file-cut-off' | 'file-too-long';
  /** A clause after the file's name. */
  readonly problem: string;
}

export const LENGTH_BYTES = 8;

/**
 * The format allows 100 MB. A 120B in one file has 90 kB of header, and a header in memory costs ten times its bytes:
 * larger ones are no GPT-OSS, and are not read.
 */
const MAX_HEADER = 4 * 1024 * 1024;

/** Bits of an element, of every type that the format has. */
const BITS: Readonly<Record<string, number>> = {
  BOOL: 8, U8: 8, I8: 8, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F4: 4,
  U16: 16, I16: 16, F16: 16, BF16: 16,
  U32: 32, I32: 32, F32: 32, U64: 64, I64: 64, F64: 64, C64: 64,
}; // prettier-ignore

/** Bytes of the header after its length, judged by the first eight bytes of a file of `size` bytes. */
export function headerLength(start: Uint8Array, size: number): number | HeaderProblem {
  if (size === 0) return { code: 'file-cut-off', problem: 'is empty' };
  const view = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (view.length < LENGTH_BYTES) {
    return { code: 'file-cut-off', problem: `ends after ${view.length} bytes, in the length of its header` };
  }
  const length = view.readBigUInt64LE();
  if (length > MAX_HEADER) {
    return { code: 'header-too-large', problem: `says that its header has ${length} bytes; we read ${MAX_HEADER}` };
  }
  const missing = Number(length) + LENGTH_BYTES - size;
  if (missing <= 0) return Number(length);
  return { code: 'file-cut-off', problem: `is cut off in its header: ${missing} bytes of that are missing` };
}

/** Reads a header and holds it against the size of its file. */
export function parseHeader(json: Uint8Array, size: number): Header | HeaderProblem {
  const text = utf8(json);
  if (text === undefined) return invalid('has a header that is not UTF-8');
  const parsed = parseJson(text);
  if ('problem' in parsed) return invalid(`has a header that ${parsed.problem}`);
  if (!text.startsWith('{')) return invalid('has a header that does not begin with {');
  const tensors = new Map<string, Tensor>();
  const spans: Span[] = [];
  for (const [name, entry] of Object.entries(parsed.value)) {
    if (name === '__metadata__') continue;
    const described = parseEntry(entry);
    if (typeof described === 'string') return invalid(`describes the tensor ${printable(name)} ${described}`);
    tensors.set(name, described.tensor);
    spans.push(described.span);
  }
  const dataStart = LENGTH_BYTES + json.byteLength;
  return metadataProblem(parsed.value) ?? coverageProblem(spans, size - dataStart) ?? { dataStart, text, tensors };
}

/** Undefined where the bytes are none: a decoder that puts marks in their place makes one name of two. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface Span {
  readonly begin: number;
  readonly end: number;
}

function parseEntry(entry: unknown): { tensor: Tensor; span: Span } | string {
  if (!isObject(entry)) return 'by something that is not an object';
  const { dtype, shape, data_offsets: offsets } = entry;
  const bits = typeof dtype === 'string' && Object.hasOwn(BITS, dtype) ? BITS[dtype] : undefined;
  if (typeof dtype !== 'string' || bits === undefined) return 'with a type that the format does not have';
  if (!isSizes(shape)) return 'with a shape that is no list of whole numbers';
  if (!isSizes(offsets) || offsets.length !== 2) return 'with data_offsets that are no pair of whole numbers';
  const [begin = 0, end = 0] = offsets;
  const bytes = (shape.reduce((product, size) => product * size, 1) * bits) / 8;
  if (!Number.isSafeInteger(bytes)) return `with a shape of ${bytes} bytes`;
  if (end - begin !== bytes) return `with ${end - begin} bytes, where its type and shape need ${bytes}`;
  return { tensor: { dtype, shape, bytes }, span: { begin, end } };
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0);
}

/** `__metadata__` maps texts to texts; safetensors refuses to open a file where it does not. */
function metadataProblem(header: JsonObject): HeaderProblem | undefined {
  const metadata = header['__metadata__'];
  if (metadata === undefined) return undefined;
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === 'string')) return undefined;
  return invalid('has a __metadata__ that is no map of texts');
}

/** Tensors must cover the data from its first byte to its last, without holes or overlaps. */
function coverageProblem(spans: readonly Span[], dataBytes: number): HeaderProblem | undefined {
  let covered = 0;
  for (const { begin, end } of [...spans].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      return invalid(`has tensors that ${begin < covered ? 'overlap' : 'leave a hole'} at byte ${covered} of its data`);
    }
    covered = end;
  }
  if (covered > dataBytes) {
    return { code: 'file-cut-off', problem: `is cut off: ${covered - dataBytes} bytes of its tensors are missing` };
  }
  if (covered === dataBytes) return undefined;
  return { code: 'file-too-long', problem: `goes on for ${dataBytes - covered} bytes behind its last tensor` };
}

const invalid = (problem: string): HeaderProblem => ({ code: 'header-invalid', problem });
