"""A GPT-OSS as small as the format allows: two layers, four experts, one MXFP4 group in every row."""

from pathlib import Path

FOLDERS = Path(__file__).parent / "folders"

HIDDEN = 32
INTERMEDIATE = 32  # equal to HIDDEN, as both are 2880 in the real models: down_proj alone never shows its axes
EXPERTS = 4
LAYERS = 2
HEADS = 2
KV_HEADS = 1
HEAD_DIM = 8
VOCABULARY = 32  # the real 201,088 rows would be 26 MB; the special ids lie beyond it, and no test runs the model

SIZES = {
    "hidden_size": HIDDEN,
    "intermediate_size": INTERMEDIATE,
    "num_local_experts": EXPERTS,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "num_key_value_heads": KV_HEADS,
    "head_dim": HEAD_DIM,
    "vocab_size": VOCABULARY,
}

PAD = 199999
END = [200002, 199999, 200012]

SPECIAL = {
    199998: "<|startoftext|>",
    199999: "<|endoftext|>",
    200002: "<|return|>",
    200003: "<|constrain|>",
    200005: "<|channel|>",
    200006: "<|start|>",
    200007: "<|end|>",
    200008: "<|message|>",
    200012: "<|call|>",
    200018: "<|endofprompt|>",
}

CHAT_TEMPLATE = (
    "{%- for message in messages -%}\n"
    "<|start|>{{ message.role }}<|message|>{{ message.content }}<|end|>\n"
    "{%- endfor -%}\n"
    "{%- if add_generation_prompt -%}<|start|>assistant{%- endif -%}\n"
)
