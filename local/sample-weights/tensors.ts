/** Sizes of a shrunken GPT-OSS, under the names of config.json. */
export interface Shape {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_local_experts: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly vocab_size: number;
}

export type Format = 'bf16' | 'mxfp4';

/** What a tensor's numbers stand for; decides only what they are filled with. */
type Role = 'weight' | 'norm' | 'bias' | 'blocks' | 'scales';

export interface Tensor {
  readonly name: string;
  readonly dtype: 'BF16' | 'U8';
  readonly shape: readonly number[];
  readonly role: Role;
}

/** Numbers that share one scale in MXFP4, two to a byte. */
const MXFP4_GROUP = 32;

/** Every tensor of a GPT-OSS model, as transformers and the official files name and shape them. */
export function gptOssTensors(shape: Shape, format: Format): readonly Tensor[] {
  const { hidden_size: hidden, vocab_size: vocabulary } = shape;
  return [
    weight('model.embed_tokens.weight', vocabulary, hidden),
    ...Array.from({ length: shape.num_hidden_layers }, (_, layer) => layerTensors(layer, shape, format)).flat(),
    norm('model.norm.weight', hidden),
    weight('lm_head.weight', vocabulary, hidden),
  ];
}

function layerTensors(layer: number, shape: Shape, format: Format): readonly Tensor[] {
  const { hidden_size: hidden, num_local_experts: experts, num_attention_heads: heads } = shape;
  const queries = heads * shape.head_dim;
  const keys = shape.num_key_value_heads * shape.head_dim;
  const at = `model.layers.${layer}`;
  return [
    norm(`${at}.input_layernorm.weight`, hidden),
    norm(`${at}.post_attention_layernorm.weight`, hidden),
    ...projection(`${at}.self_attn.q_proj`, queries, hidden),
    ...projection(`${at}.self_attn.k_proj`, keys, hidden),
    ...projection(`${at}.self_attn.v_proj`, keys, hidden),
    ...projection(`${at}.self_attn.o_proj`, hidden, queries),
    weight(`${at}.self_attn.sinks`, heads),
    ...projection(`${at}.mlp.router`, experts, hidden),
    ...expertTensors(`${at}.mlp.experts`, shape, format),
  ];
}

/** The experts' matrices: BF16 as [experts, in, out]; MXFP4 transposed, [experts, out, in / 32, 16 bytes]. */
function expertTensors(at: string, shape: Shape, format: Format): readonly Tensor[] {
  const { hidden_size: hidden, intermediate_size: intermediate, num_local_experts: experts } = shape;
  const biases = [
    bias(`${at}.gate_up_proj_bias`, experts, 2 * intermediate),
    bias(`${at}.down_proj_bias`, experts, hidden),
  ];
  switch (format) {
    case 'bf16':
      return [
        weight(`${at}.gate_up_proj`, experts, hidden, 2 * intermediate),
        weight(`${at}.down_proj`, experts, intermediate, hidden),
        ...biases,
      ];
    case 'mxfp4':
      return [
        ...packed(`${at}.gate_up_proj`, experts, 2 * intermediate, hidden),
        ...packed(`${at}.down_proj`, experts, hidden, intermediate),
        ...biases,
      ];
  }
}

function packed(name: string, experts: number, out: number, into: number): readonly Tensor[] {
  const scales = [experts, out, into / MXFP4_GROUP];
  return [
    { name: `${name}_blocks`, dtype: 'U8', shape: [...scales, MXFP4_GROUP / 2], role: 'blocks' },
    { name: `${name}_scales`, dtype: 'U8', shape: scales, role: 'scales' },
  ];
}

function projection(name: string, out: number, into: number): readonly Tensor[] {
  return [weight(`${name}.weight`, out, into), bias(`${name}.bias`, out)];
}

const weight = (name: string, ...shape: number[]): Tensor => ({ name, dtype: 'BF16', shape, role: 'weight' });
const norm = (name: string, ...shape: number[]): Tensor => ({ name, dtype: 'BF16', shape, role: 'norm' });
const bias = (name: string, ...shape: number[]): Tensor => ({ name, dtype: 'BF16', shape, role: 'bias' });
