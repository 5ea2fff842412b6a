import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { elements, safetensors, tensorBytes } from './sample-weights/safetensors';
import { gptOssTensors, type Format, type Shape, type Tensor } from './sample-weights/tensors';
import {
  CHAT_TEMPLATE,
  configJson,
  generationConfigJson,
  tokenizerConfigJson,
  tokenizerJson,
} from './sample-weights/texts';

/** A GPT-OSS small enough to upload in a second. Only the vocabulary keeps its size, so that the special ids fit. */
const SHRUNKEN: Shape = {
  hidden_size: 32,
  intermediate_size: 32,
  num_hidden_layers: 2,
  num_local_experts: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 8,
  vocab_size: 201_088,
};

/** One embedding of 12.9 MB and the layers fit into a shard, the second embedding does not. */
const SHARD_BYTES = 13_500_000;

export interface SampleWeightsOptions {
  /** How the experts are stored. @default 'bf16' */
  readonly format?: Format;
  /**
   * Writes `total_parameters` into the index, as today's transformers does and Bedrock refuses.
   * @default false
   */
  readonly totalParameters?: boolean;
}

export interface SampleFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Writes a small GPT-OSS model with real names, types and shapes: about 26 MB, the same bytes on every machine.
 *
 * @param folder made when it is not there; files of the same names are replaced
 * @returns what was written
 */
export async function writeSampleWeights(
  folder: string,
  options: SampleWeightsOptions = {},
): Promise<readonly SampleFile[]> {
  const format = options.format ?? 'bf16';
  const tensors = gptOssTensors(SHRUNKEN, format);
  const shards = intoShards(tensors);
  const shardName = (number: number) => `model-${pad(number + 1)}-of-${pad(shards.length)}.safetensors`;
  const metadata = {
    ...(options.totalParameters === true ? { total_parameters: elements(tensors) } : {}),
    total_size: tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0),
  };
  const places = shards.flatMap((shard, number) => shard.map(({ name }) => [name, shardName(number)] as const));
  const weightMap = Object.fromEntries(places.sort(([a], [b]) => (a < b ? -1 : 1)));
  const files: Record<string, string | Buffer> = {
    'config.json': configJson(SHRUNKEN, format),
    'generation_config.json': generationConfigJson(),
    'tokenizer.json': tokenizerJson(),
    'tokenizer_config.json': tokenizerConfigJson(),
    'chat_template.jinja': CHAT_TEMPLATE,
    'model.safetensors.index.json': `${JSON.stringify({ metadata, weight_map: weightMap }, null, 2)}\n`,
  };
  shards.forEach((shard, number) => (files[shardName(number)] = safetensors(shard)));

  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return Object.entries(files).map(([name, content]) => ({ name, bytes: Buffer.byteLength(content) }));
}

/** In order, a new shard when the next tensor would not fit: how transformers does it. */
function intoShards(tensors: readonly Tensor[]): readonly (readonly Tensor[])[] {
  const shards: Tensor[][] = [];
  let bytes = Infinity;
  for (const tensor of tensors) {
    if (bytes + tensorBytes(tensor) > SHARD_BYTES) {
      shards.push([]);
      bytes = 0;
    }
    shards.at(-1)?.push(tensor);
    bytes += tensorBytes(tensor);
  }
  return shards;
}

const pad = (number: number) => number.toString().padStart(5, '0');
