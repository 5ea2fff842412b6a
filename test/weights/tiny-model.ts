import { gptOssTensors, type Format, type Shape } from '../../local/sample-weights/tensors';
import {
  CHAT_TEMPLATE,
  configJson,
  generationConfigJson,
  tokenizerConfigJson,
  tokenizerJson,
} from '../../local/sample-weights/texts';

/** A GPT-OSS of some kilobytes: two layers, four experts, sixteen words. */
export const TINY: Shape = {
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_local_experts: 4,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  head_dim: 4,
  vocab_size: 16,
};

export interface TinyTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

const BYTES: Readonly<Record<string, number>> = { U8: 1, I8: 1, BF16: 2, F16: 2, F32: 4 };

export const INDEX = 'model.safetensors.index.json';
export const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;

export type TinyFiles = Readonly<Record<string, string | Uint8Array>>;

export function tinyTensors(format: Format): readonly TinyTensor[] {
  return gptOssTensors(TINY, format).map(({ name, dtype, shape }) => ({ name, dtype, shape }));
}

/** Everything beside the weights. */
export function tinyTexts(format: Format): TinyFiles {
  return {
    'config.json': configJson(TINY, format),
    'generation_config.json': generationConfigJson(),
    'tokenizer.json': tokenizerJson(),
    'tokenizer_config.json': tokenizerConfigJson(),
    'chat_template.jinja': CHAT_TEMPLATE,
  };
}

/** A whole model in two shards with their index; `tensors` may replace its own. */
export function tinyModel(format: Format = 'bf16', tensors = tinyTensors(format)): TinyFiles {
  const half = Math.ceil(tensors.length / 2);
  const parts = [tensors.slice(0, half), tensors.slice(half)];
  const weightMap = SHARDS.flatMap((shard, n) => (parts[n] ?? []).map(({ name }) => [name, shard] as const));
  const metadata = { total_size: tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0) };
  return {
    ...tinyTexts(format),
    [INDEX]: indexJson(metadata, Object.fromEntries(weightMap)),
    ...Object.fromEntries(SHARDS.map((shard, n) => [shard, shardOf(parts[n] ?? [])])),
  };
}

/** A whole model in one file, without an index. */
export function tinySingle(format: Format = 'bf16', tensors = tinyTensors(format)): TinyFiles {
  return { ...tinyTexts(format), 'model.safetensors': shardOf(tensors) };
}

export function indexJson(metadata: unknown, weightMap: unknown): string {
  return `${JSON.stringify({ metadata, weight_map: weightMap }, null, 2)}\n`;
}

/** A .safetensors file whose data bytes count up, so that a moved byte shows. */
export function shardOf(tensors: readonly TinyTensor[]): Buffer {
  let end = 0;
  const entries = tensors.map((tensor) => {
    const begin = end;
    end += tensorBytes(tensor);
    return [tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] }] as const;
  });
  const json = JSON.stringify(Object.fromEntries([['__metadata__', { format: 'pt' }], ...entries]));
  return withHeader(json.padEnd(Math.ceil(json.length / 8) * 8), Buffer.alloc(end, COUNTING));
}

/** A prime number of bytes, so that no two rows of a tensor are alike. */
const COUNTING = Uint8Array.from({ length: 251 }, (_, at) => at);

/** A file of any header, right or wrong. */
export function withHeader(header: string, data: Uint8Array = new Uint8Array(), length?: bigint): Buffer {
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(Buffer.byteLength(header)));
  return Buffer.concat([start, Buffer.from(header), data]);
}

export function tensorBytes({ dtype, shape }: TinyTensor): number {
  return shape.reduce((product, size) => product * size, BYTES[dtype] ?? 0);
}
