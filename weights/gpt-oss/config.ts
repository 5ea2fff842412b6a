import type { JsonObject } from '../json';

/** The sizes of a GPT-OSS that say which tensors it has, under the names of config.json. */
export interface Sizes {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_local_experts: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly vocab_size: number;
  readonly attention_bias: boolean;
  readonly tie_word_embeddings: boolean;
}

/** A 120B has 36 layers; the bound keeps an absurd config.json from filling the memory with names of tensors. */
const MAX_LAYERS = 1000;

/** A 120B's largest size, the vocabulary, is 201,088; products of three sizes stay exact below this. */
const MAX_SIZE = 100_000_000;

/** The sizes, or the names of the fields that are missing or absurd. */
export function readSizes(config: JsonObject): Sizes | readonly string[] {
  const wrong: string[] = [];
  const size = (name: string, most = MAX_SIZE): number => {
    const value = config[name];
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most) return value;
    wrong.push(name);
    return 0;
  };
  const sizes = {
    hidden_size: size('hidden_size'),
    intermediate_size: size('intermediate_size'),
    num_hidden_layers: size('num_hidden_layers', MAX_LAYERS),
    num_local_experts: size('num_local_experts'),
    num_attention_heads: size('num_attention_heads'),
    num_key_value_heads: size('num_key_value_heads'),
    head_dim: size('head_dim'),
    vocab_size: size('vocab_size'),
    // GPT-OSS's defaults in transformers
    attention_bias: config['attention_bias'] !== false,
    tie_word_embeddings: config['tie_word_embeddings'] === true,
  };
  return wrong.length > 0 ? wrong : sizes;
}

/** A GPT-OSS that generates text: not the bare `GptOssModel` that AutoModel saves, nor a classifier. */
export function isGptOss(config: JsonObject): boolean {
  const { architectures, model_type: type } = config;
  return type === 'gpt_oss' && Array.isArray(architectures) && architectures.includes('GptOssForCausalLM');
}

/** `quant_method` of the config's quantization; undefined when the config speaks of none. */
export function quantMethod(config: JsonObject): unknown {
  const quantization = config['quantization_config'];
  if (quantization === undefined || quantization === null) return undefined;
  return typeof quantization === 'object' && 'quant_method' in quantization ? quantization.quant_method : 'unknown';
}
