import { isRecord } from './shapes';

/** The format's own limit for a header (safetensors' `MAX_HEADER_SIZE`). */
const maxHeaderBytes = 100_000_000;

/** Bits of one element. Types that no text model here uses are known too, so that they are judged by content. */
const bits: Readonly<Record<string, number>> = {
  BOOL: 8, U8: 8, I8: 8, F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F4: 4,
  U16: 16, I16: 16, F16: 16, BF16: 16,
  U32: 32, I32: 32, F32: 32, U64: 64, I64: 64, F64: 64,
}; // prettier-ignore

export interface Tensor {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A file's tensors by name, or what is wrong with the file. */
export type Header = { readonly tensors: ReadonlyMap<string, Tensor> } | { readonly problem: string };

/**
 * Reads a safetensors header and holds it against the file's size.
 * @param read gives `length` bytes from `start`, fewer at the end of the file
 */
export async function readHeader(
  size: number,
  read: (start: number, length: number) => Promise<Uint8Array>,
): Promise<Header> {
  if (size < 8) return { problem: `it has ${String(size)} bytes, too few for a header` };
  const start = await read(0, 8);
  if (start.length < 8) return { problem: 'its first 8 bytes cannot be read' };
  const length = Number(Buffer.from(start).readBigUInt64LE());
  if (length > maxHeaderBytes || length > size - 8) {
    return { problem: `its header would have ${String(length)} bytes, in a file of ${String(size)}` };
  }
  const text = Buffer.from(await read(8, length)).toString('utf8');
  const json = parseJson(text);
  return isRecord(json) ? readTensors(json, size - 8 - length) : { problem: 'its header is not a JSON object' };
}

function readTensors(header: Readonly<Record<string, unknown>>, dataBytes: number): Header {
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  const tensors = new Map<string, Tensor>();
  const spans: Span[] = [];
  for (const [name, entry] of entries) {
    const parsed = parseEntry(entry);
    if (!parsed) return { problem: `the entry of tensor ${name} is malformed` };
    const { tensor, span } = parsed;
    if (span.end - span.begin !== byteSize(tensor)) {
      return {
        problem: `tensor ${name} has ${String(span.end - span.begin)} bytes, its shape and type need another number`,
      };
    }
    tensors.set(name, tensor);
    spans.push(span);
  }
  const problem = coverageProblem(spans, dataBytes);
  return problem ? { problem } : { tensors };
}

interface Span {
  readonly begin: number;
  readonly end: number;
}

function parseEntry(entry: unknown): { tensor: Tensor; span: Span } | undefined {
  if (!isRecord(entry)) return undefined;
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || bits[dtype] === undefined || !isSizes(shape) || !isSizes(offsets)) return undefined;
  const [begin, end] = offsets;
  if (offsets.length !== 2 || begin === undefined || end === undefined || end < begin) return undefined;
  return { tensor: { dtype, shape }, span: { begin, end } };
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0);
}

function byteSize({ dtype, shape }: Tensor): number {
  return (shape.reduce((product, size) => product * size, 1) * (bits[dtype] ?? 0)) / 8;
}

/** The data must be covered from first byte to last, without holes or overlaps; one byte more is refused too. */
function coverageProblem(spans: readonly Span[], dataBytes: number): string | undefined {
  let covered = 0;
  for (const { begin, end } of [...spans].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) return `its tensors leave a hole or overlap at byte ${String(covered)} of the data`;
    covered = end;
  }
  if (covered === dataBytes) return undefined;
  return `its header describes ${String(covered)} bytes of data, the file holds ${String(dataBytes)}`;
}

/** Undefined when the text is not JSON; `null` is not a header either. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
