import type { Tensor } from '../safetensors';
import type { ExpertMatrix } from './tensors';

/** What the shards hold of one matrix of experts. */
export interface FoundMatrix {
  /** By type and shape, never by name; undefined where neither fits. BF16 stands for every wide type. */
  readonly format?: 'bf16' | 'mxfp4';
  /** Names of the tensors that belong to it. */
  readonly used: readonly string[];
  readonly missing?: string;
  /** A tensor of the wrong shape. */
  readonly misshaped?: { readonly name: string; readonly wanted: readonly number[]; readonly packed: boolean };
  /** The tensor's own name, and the one that its format asks for. */
  readonly rename?: readonly [string, string];
}

/** Numbers that share one scale in MXFP4, two to a byte. */
const GROUP = 32;

/**
 * Finds a matrix under the names of either format. transformers 5 writes BF16 under `_blocks`, so the name proves
 * nothing: BF16 is [experts, in, out]; MXFP4 is transposed, [experts, out, in / 32, 16] with scales of
 * [experts, out, in / 32].
 */
export function findMatrix(matrix: ExpertMatrix, tensors: ReadonlyMap<string, Tensor>): FoundMatrix {
  const { name } = matrix;
  const blocks = `${name}_blocks`;
  const at = tensors.has(name) ? name : blocks;
  const tensor = tensors.get(at);
  if (!tensor) return { used: [], missing: name };
  return tensor.dtype === 'U8' ? packed(matrix, at, tensor, tensors) : wide(matrix, at, tensor);
}

function wide({ name, experts, into, out }: ExpertMatrix, at: string, tensor: Tensor): FoundMatrix {
  const wanted = [experts, into, out];
  if (!sameShape(tensor.shape, wanted)) return { used: [at], misshaped: { name: at, wanted, packed: false } };
  return { format: 'bf16', used: [at], ...(at !== name && { rename: [at, name] as const }) };
}

function packed(
  { name, experts, into, out }: ExpertMatrix,
  at: string,
  tensor: Tensor,
  tensors: ReadonlyMap<string, Tensor>,
): FoundMatrix {
  const groups = [experts, out, into / GROUP];
  const scalesName = `${name}_scales`;
  const scales = tensors.get(scalesName);
  const used = scales ? [at, scalesName] : [at];
  const wanted = [...groups, GROUP / 2];
  if (!sameShape(tensor.shape, wanted)) return { used, misshaped: { name: at, wanted, packed: true } };
  if (!scales) return { format: 'mxfp4', used, missing: scalesName };
  if (scales.dtype !== 'U8' || !sameShape(scales.shape, groups)) {
    return { used, misshaped: { name: scalesName, wanted: groups, packed: true } };
  }
  const blocks = `${name}_blocks`;
  return { format: 'mxfp4', used, ...(at !== blocks && !tensors.has(blocks) && { rename: [at, blocks] as const }) };
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, dimension) => size === b[dimension]);
}
