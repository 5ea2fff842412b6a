import type { Format, Shape } from './tensors';

/** GPT-OSS's special tokens under their real ids. */
const SPECIAL_TOKENS: Readonly<Record<string, number>> = {
  '<|startoftext|>': 199998,
  '<|endoftext|>': 199999,
  '<|return|>': 200002,
  '<|constrain|>': 200003,
  '<|channel|>': 200005,
  '<|start|>': 200006,
  '<|end|>': 200007,
  '<|message|>': 200008,
  '<|call|>': 200012,
  '<|endofprompt|>': 200018,
};

/** Text, not JSON.stringify: that would write `7.0` as `7`, which transformers 5 refuses to read as a float. */
export function configJson(shape: Shape, format: Format): string {
  const layers = Array.from({ length: shape.num_hidden_layers }, (_, layer) => attention(layer));
  const quantization = `,
  "quantization_config": {
    "modules_to_not_convert": ["model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"],
    "quant_method": "mxfp4"
  }`;
  return `{
  "architectures": ["GptOssForCausalLM"],
  "attention_bias": true,
  "attention_dropout": 0.0,
  "eos_token_id": 200002,
  "experts_per_token": 2,
  "head_dim": ${shape.head_dim},
  "hidden_act": "silu",
  "hidden_size": ${shape.hidden_size},
  "initial_context_length": 4096,
  "initializer_range": 0.02,
  "intermediate_size": ${shape.intermediate_size},
  "layer_types": ${JSON.stringify(layers)},
  "max_position_embeddings": 131072,
  "model_type": "gpt_oss",
  "num_attention_heads": ${shape.num_attention_heads},
  "num_experts_per_tok": 2,
  "num_hidden_layers": ${shape.num_hidden_layers},
  "num_key_value_heads": ${shape.num_key_value_heads},
  "num_local_experts": ${shape.num_local_experts},
  "output_router_logits": false,
  "pad_token_id": 199999,
  "rms_norm_eps": 1e-05,
  "rope_scaling": {
    "beta_fast": 32.0,
    "beta_slow": 1.0,
    "factor": 32.0,
    "original_max_position_embeddings": 4096,
    "rope_type": "yarn",
    "truncate": false
  },
  "rope_theta": 150000,
  "router_aux_loss_coef": 0.9,
  "sliding_window": 128,
  "swiglu_limit": 7.0,
  "tie_word_embeddings": false,${format === 'bf16' ? '\n  "torch_dtype": "bfloat16",' : ''}
  "transformers_version": "4.55.0.dev0",
  "use_cache": true,
  "vocab_size": ${shape.vocab_size}${format === 'mxfp4' ? quantization : ''}
}
`;
}

const attention = (layer: number) => (layer % 2 === 0 ? 'sliding_attention' : 'full_attention');

export function generationConfigJson(): string {
  return json({
    bos_token_id: 199998,
    do_sample: true,
    eos_token_id: [200002, 199999, 200012],
    pad_token_id: 199999,
    transformers_version: '4.55.0.dev0',
  });
}

/** One token for each byte and no merges: it encodes any text, if not in few tokens. */
export function tokenizerJson(): string {
  const bytes = Object.fromEntries(byteAlphabet().map((character, id) => [character, id]));
  const addedTokens = Object.entries(SPECIAL_TOKENS).map(([content, id]) => {
    return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  });
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return json({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens,
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: { ...bytes, ...SPECIAL_TOKENS }, // an added token that is no word of the model would get another id on loading
      merges: [],
    },
  });
}

/** The printable stand-ins of the 256 bytes that byte-level tokenizers use: printable bytes as they are, others from U+0100 on. */
function byteAlphabet(): readonly string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCodePoint(printable ? byte : next++);
  });
}

export function tokenizerConfigJson(): string {
  return json({
    bos_token: '<|startoftext|>',
    clean_up_tokenization_spaces: false,
    eos_token: '<|return|>',
    model_input_names: ['input_ids', 'attention_mask'],
    model_max_length: 131072,
    pad_token: '<|endoftext|>',
    tokenizer_class: 'PreTrainedTokenizerFast',
  });
}

/** The frame of GPT-OSS's message format, without tools and channels. */
export const CHAT_TEMPLATE = [
  '{%- for message in messages -%}',
  '{{- "<|start|>" + message.role + "<|message|>" + message.content + "<|end|>" -}}',
  '{%- endfor -%}',
  '{%- if add_generation_prompt -%}{{- "<|start|>assistant" -}}{%- endif -%}',
  '',
].join('\n');

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
