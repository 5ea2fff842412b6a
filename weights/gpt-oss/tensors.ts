import type { Sizes } from './config';

/** A tensor that config.json implies. */
export interface Wanted {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Everything but the experts' matrices, which come in two formats: 15 tensors a layer and 3 of the model. */
export function commonTensors(sizes: Sizes): Wanted[] {
  const { hidden_size: hidden, vocab_size: vocabulary } = sizes;
  return [
    { name: 'model.embed_tokens.weight', shape: [vocabulary, hidden] },
    { name: 'model.norm.weight', shape: [hidden] },
    ...(sizes.tie_word_embeddings ? [] : [{ name: 'lm_head.weight', shape: [vocabulary, hidden] }]),
    ...Array.from({ length: sizes.num_hidden_layers }, (_, layer) => layerTensors(layer, sizes)).flat(),
  ];
}

function layerTensors(layer: number, sizes: Sizes): Wanted[] {
  const { hidden_size: hidden, num_local_experts: experts, num_attention_heads: heads } = sizes;
  const queries = heads * sizes.head_dim;
  const keys = sizes.num_key_value_heads * sizes.head_dim;
  const at = `model.layers.${layer}`;
  const projection = (name: string, out: number, into: number): Wanted[] => [
    { name: `${at}.self_attn.${name}.weight`, shape: [out, into] },
    ...(sizes.attention_bias ? [{ name: `${at}.self_attn.${name}.bias`, shape: [out] }] : []),
  ];
  return [
    { name: `${at}.input_layernorm.weight`, shape: [hidden] },
    { name: `${at}.post_attention_layernorm.weight`, shape: [hidden] },
    ...projection('q_proj', queries, hidden),
    ...projection('k_proj', keys, hidden),
    ...projection('v_proj', keys, hidden),
    ...projection('o_proj', hidden, queries),
    { name: `${at}.self_attn.sinks`, shape: [heads] },
    { name: `${at}.mlp.router.weight`, shape: [experts, hidden] },
    { name: `${at}.mlp.router.bias`, shape: [experts] },
    { name: `${at}.mlp.experts.gate_up_proj_bias`, shape: [experts, 2 * sizes.intermediate_size] },
    { name: `${at}.mlp.experts.down_proj_bias`, shape: [experts, hidden] },
  ];
}

/** The experts' matrices, two a layer: `into` inputs and `out` outputs of each of so many experts. */
export interface ExpertMatrix {
  readonly name: string;
  readonly experts: number;
  readonly into: number;
  readonly out: number;
}

export function expertMatrices(sizes: Sizes): ExpertMatrix[] {
  const { hidden_size: hidden, intermediate_size: intermediate, num_local_experts: experts } = sizes;
  return Array.from({ length: sizes.num_hidden_layers }, (_, layer) => [
    { name: `model.layers.${layer}.mlp.experts.gate_up_proj`, experts, into: hidden, out: 2 * intermediate },
    { name: `model.layers.${layer}.mlp.experts.down_proj`, experts, into: intermediate, out: hidden },
  ]).flat();
}
