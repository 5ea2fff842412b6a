import { safetensors, tensorBytes } from '../../../local/sample-weights/safetensors';
import { gptOssTensors, type Shape, type Tensor } from '../../../local/sample-weights/tensors';
import {
  CHAT_TEMPLATE,
  configJson,
  generationConfigJson,
  tokenizerConfigJson,
  tokenizerJson,
} from '../../../local/sample-weights/texts';

/** A GPT-OSS of 260 kB. */
const SHAPE: Shape = {
  hidden_size: 16,
  intermediate_size: 16,
  num_hidden_layers: 2,
  num_local_experts: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  head_dim: 8,
  vocab_size: 4000,
};

export const INDEX = 'model.safetensors.index.json';
export const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
export const [FIRST, SECOND] = SHARDS;

/** Files by name. */
export type Files = Readonly<Record<string, Buffer>>;

/** A model that needs no repair. @param named gives each tensor its name */
export function tinyModel(named: (name: string) => string = (name) => name): Files {
  const tensors = gptOssTensors(SHAPE, 'bf16').map((tensor) => ({ ...tensor, name: named(tensor.name) }));
  const half = tensors.length - 1; // the last one is an embedding, half of all bytes
  return model(
    SHAPE,
    new Map([
      [FIRST, tensors.slice(0, half)],
      [SECOND, tensors.slice(half)],
    ]),
  );
}

/** Files of a model beside its shards. */
export const OTHER_FILES = 7;

/** A model of so many shards, with a tensor in each and what is left in the last one. */
export function modelOfManyShards(count: number, nameOf: (number: number) => string): Files {
  // three tensors, and seventeen for each layer
  const shape = { ...SHAPE, num_hidden_layers: Math.ceil((count - 3) / 17), vocab_size: 10 };
  const tensors = gptOssTensors(shape, 'bf16');
  const shard = (number: number) => tensors.slice(number, number === count - 1 ? undefined : number + 1);
  return model(shape, new Map(Array.from({ length: count }, (_, number) => [nameOf(number + 1), shard(number)])));
}

function model(shape: Shape, shards: ReadonlyMap<string, readonly Tensor[]>): Files {
  const tensors = [...shards.values()].flat();
  const places = [...shards].flatMap(([file, shard]) => shard.map(({ name }) => [name, file] as const));
  const index = {
    metadata: { total_size: tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0) },
    weight_map: Object.fromEntries([...places].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
  const files = {
    'config.json': configJson(shape, 'bf16'),
    'generation_config.json': generationConfigJson(),
    'tokenizer.json': tokenizerJson(),
    'tokenizer_config.json': tokenizerConfigJson(),
    'chat_template.jinja': CHAT_TEMPLATE,
    'README.md': '# tiny\n',
    [INDEX]: `${JSON.stringify(index, null, 2)}\n`,
    ...Object.fromEntries([...shards].map(([file, shard]) => [file, safetensors(shard)])),
  };
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, Buffer.from(content)]));
}

/** The same, with what today's tools write and Bedrock does not take: both texts are mended on the way. */
export function modelToRepair(): Files {
  const files = tinyModel();
  const index = text(files, INDEX).replace('"metadata": {', '"metadata": {\n    "total_parameters": 139000,');
  const ends = text(files, 'generation_config.json').replace(/\[[^\]]*\]/, '[\n    200002\n  ]');
  return { ...files, [INDEX]: Buffer.from(index), 'generation_config.json': Buffer.from(ends) };
}

/** Experts in BF16 under the names of the other format: a repair of every shard's header. */
export function misnamedModel(): Files {
  return tinyModel((name) => (/experts\.(gate_up|down)_proj$/.test(name) ? `${name}_blocks` : name));
}

export function text(files: Files, name: string): string {
  return files[name]?.toString() ?? '';
}
