import { crc32 as update } from 'node:zlib';

/** CRC-32 of bytes, from that of the bytes before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return update(bytes, before);
}

/** As S3 writes it: four bytes, the highest first, in base64. */
export function encodeCrc(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes.toString('base64');
}

export interface Checksummed {
  readonly crc: number;
  /** Bytes. */
  readonly size: number;
}

/** The CRC of parts one after the other, without their bytes: what S3 calls the checksum of the full object. */
export function combineCrcs(parts: readonly Checksummed[]): number {
  let crc = 0;
  let shift: { readonly size: number; readonly matrix: Matrix } | undefined;
  for (const part of parts) {
    if (shift?.size !== part.size) shift = { size: part.size, matrix: zeroBytes(part.size) }; // nearly all are of one size
    crc = times(shift.matrix, crc) ^ part.crc;
  }
  return crc >>> 0;
}

/** What S3 calls composite: the CRC of the parts' CRCs, and their number. */
export function compositeCrc(parts: readonly Checksummed[]): string {
  const all = Buffer.concat(parts.map(({ crc }) => Buffer.from(encodeCrc(crc), 'base64')));
  return `${encodeCrc(crc32(all))}-${parts.length}`;
}

/** A linear map of 32 bits over GF(2): what becomes of each bit. Appending zeros to bytes is one on their CRC. */
type Matrix = Uint32Array;

const POLYNOMIAL = 0xedb88320; // of CRC-32, reflected

/** The map for so many zero bytes: that of one, multiplied and squared along the bits of the number. */
function zeroBytes(count: number): Matrix {
  let result = columns((bit) => 1 << bit);
  let power = columns((bit) => (bit === 0 ? POLYNOMIAL : 1 << (bit - 1))); // one zero bit
  for (let doublings = 0; doublings < 3; doublings++) power = product(power, power); // one zero byte
  for (let rest = count; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = product(power, result);
    power = product(power, power);
  }
  return result;
}

function columns(of: (bit: number) => number): Matrix {
  return Uint32Array.from({ length: 32 }, (_, bit) => of(bit));
}

function product(one: Matrix, other: Matrix): Matrix {
  return other.map((column) => times(one, column));
}

function times(matrix: Matrix, bits: number): number {
  let sum = 0;
  for (let bit = 0; bit < 32; bit++) if ((bits >>> bit) & 1) sum ^= matrix[bit] ?? 0;
  return sum;
}
