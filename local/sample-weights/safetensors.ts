import type { Tensor } from './tensors';

const BYTES = { BF16: 2, U8: 1 } as const;

/** Bytes of a tensor's numbers. */
export function tensorBytes({ dtype, shape }: Tensor): number {
  return shape.reduce((product, size) => product * size, BYTES[dtype]);
}

/** How many numbers the tensors hold as transformers counts them: every element, packed or not. */
export function elements(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, tensor) => sum + tensorBytes(tensor) / BYTES[tensor.dtype], 0);
}

/**
 * A safetensors file: eight bytes of header length, little-endian; the header, JSON padded with spaces so that the data
 * starts at a multiple of eight; the tensors without holes, the widest type first, then by name.
 */
export function safetensors(tensors: readonly Tensor[]): Buffer {
  const ordered = [...tensors].sort((a, b) => BYTES[b.dtype] - BYTES[a.dtype] || (a.name < b.name ? -1 : 1));
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const tensor of ordered) {
    const start = end;
    end += tensorBytes(tensor);
    header[tensor.name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headerBytes));
  const padding = Buffer.alloc(headerBytes - json.length, ' ');
  return Buffer.concat([length, json, padding, ...ordered.map(numbers)]);
}

/** The same numbers on every machine: plausible small weights, norms of one, biases of zero. */
function numbers(tensor: Tensor): Buffer {
  const data = Buffer.alloc(tensorBytes(tensor));
  switch (tensor.role) {
    case 'bias':
      return data;
    case 'norm':
      return data.fill(Buffer.from([0x80, 0x3f])); // 1.0 in BF16
    case 'scales':
      return data.fill(121); // 2^(121 - 127), the exponent of an E8M0 scale
    case 'blocks':
      return fillRandomly(data, tensor.name, (random) => random & 0xffff);
    case 'weight':
      return fillRandomly(data, tensor.name, (random) => (random & 0x80ff) | 0x3c00); // BF16 of either sign, 1/128 to 1/32
  }
}

/** Xorshift32, seeded by the tensor's name. All our tensors have an even number of bytes. */
function fillRandomly(data: Buffer, seed: string, pick: (random: number) => number): Buffer {
  let state = Buffer.from(seed).reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, 1) || 1;
  for (let at = 0; at < data.length; at += 2) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data.writeUInt16LE(pick(state), at);
  }
  return data;
}
