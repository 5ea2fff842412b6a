"""The layout of openai/gpt-oss-20b. Its converter cannot run without OpenAI's vocabulary: the tensors are packed here and
written by safetensors, config and generation config have the fields and order of the hub's, the tokenizer is transformers' own."""

import json

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from tiny import CHAT_TEMPLATE, END, EXPERTS, HEAD_DIM, HEADS, HIDDEN, INTERMEDIATE, KV_HEADS, LAYERS, PAD, SPECIAL, VOCABULARY

GROUP = 32  # values that share a scale; two of them lie in a byte


def write(folder):
    folder.mkdir(parents=True)
    tensors = hub_tensors()
    write_shards(folder, tensors)
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    (folder / "generation_config.json").write_text(json.dumps(GENERATION, indent=2) + "\n")
    tokenizer().save_pretrained(folder)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\npipeline_tag: text-generation\n---\n\n# gpt-oss\n")
    (folder / "LICENSE").write_text("Apache License, Version 2.0\n")
    (folder / "USAGE_POLICY").write_text("Be lawful.\n")
    write_original(folder / "original", tensors)
    (folder / "metal").mkdir()
    (folder / "metal" / "model.bin").write_bytes(b"GPT-OSS v1.0\0" + bytes(1011))
    notes = folder / ".cache" / "huggingface" / "download"
    notes.mkdir(parents=True)
    (notes.parent / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n")
    (notes / "config.json.metadata").write_text("6cee5e81ee83917806bbde320786a8fb61efebee\n" + "0" * 40 + "\n1763700000.0\n")


def hub_tensors():
    """In the order of the hub's index: layers as text, then embedding, norm and head."""
    torch.manual_seed(20)
    tensors = {}
    for layer in range(LAYERS):
        at = f"model.layers.{layer}"
        tensors[f"{at}.self_attn.sinks"] = bf16(HEADS)
        for name, rows in (("q", HEADS), ("k", KV_HEADS), ("v", KV_HEADS)):
            tensors[f"{at}.self_attn.{name}_proj.weight"] = bf16(rows * HEAD_DIM, HIDDEN)
            tensors[f"{at}.self_attn.{name}_proj.bias"] = bf16(rows * HEAD_DIM)
        tensors[f"{at}.self_attn.o_proj.weight"] = bf16(HIDDEN, HEADS * HEAD_DIM)
        tensors[f"{at}.self_attn.o_proj.bias"] = bf16(HIDDEN)
        tensors[f"{at}.input_layernorm.weight"] = bf16(HIDDEN)
        tensors[f"{at}.mlp.router.weight"] = bf16(EXPERTS, HIDDEN)
        tensors[f"{at}.mlp.router.bias"] = bf16(EXPERTS)
        for name, rows, columns in (("gate_up_proj", 2 * INTERMEDIATE, HIDDEN), ("down_proj", HIDDEN, INTERMEDIATE)):
            groups = columns // GROUP
            tensors[f"{at}.mlp.experts.{name}_blocks"] = u8(0, 256, EXPERTS, rows, groups, GROUP // 2)
            tensors[f"{at}.mlp.experts.{name}_scales"] = u8(118, 124, EXPERTS, rows, groups)
            tensors[f"{at}.mlp.experts.{name}_bias"] = bf16(EXPERTS, rows)
        tensors[f"{at}.post_attention_layernorm.weight"] = bf16(HIDDEN)
    tensors["model.embed_tokens.weight"] = bf16(VOCABULARY, HIDDEN)
    tensors["model.norm.weight"] = bf16(HIDDEN)
    tensors["lm_head.weight"] = bf16(VOCABULARY, HIDDEN)
    return tensors


def bf16(*shape):
    return (torch.randn(shape) * 0.02).to(torch.bfloat16)


def u8(low, high, *shape):
    return torch.randint(low, high, shape, dtype=torch.uint8)


def write_shards(folder, tensors):
    """First fit, numbered from zero, and the total in the names is one less than there are: as on the hub."""
    limit = 12_500
    shards = [{}]
    for name, tensor in tensors.items():
        if sum(t.nbytes for t in shards[-1].values()) + tensor.nbytes > limit:
            shards.append({})
        shards[-1][name] = tensor
    weight_map = {}
    for number, shard in enumerate(shards):
        file = f"model-{number:05d}-of-{len(shards) - 1:05d}.safetensors"
        save_file(shard, folder / file)  # without metadata: the hub's shards have no __metadata__
        weight_map.update(dict.fromkeys(shard, file))
    index = {"metadata": {"total_size": sum(t.nbytes for t in tensors.values())}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))  # one line, unsorted: as on the hub


def write_original(folder, tensors):
    """OpenAI's own layout, a part of it: a second set of weights under names that transformers does not know."""
    folder.mkdir()
    own = {
        "embedding.weight": tensors["model.embed_tokens.weight"],
        "block.0.mlp.mlp1_weight.blocks": tensors["model.layers.0.mlp.experts.gate_up_proj_blocks"],
        "block.0.mlp.mlp1_weight.scales": tensors["model.layers.0.mlp.experts.gate_up_proj_scales"],
    }
    save_file(own, folder / "model.safetensors")
    own_config = {"num_hidden_layers": LAYERS, "num_experts": EXPERTS, "hidden_size": HIDDEN, "vocab_size": VOCABULARY}
    (folder / "config.json").write_text(json.dumps(own_config))
    (folder / "dtypes.json").write_text(json.dumps({"embedding.weight": "BF16", "block.0.mlp.mlp1_weight.blocks": "FP4"}))


def tokenizer():
    """Letters and the special tokens under their real ids; nothing between."""
    vocabulary = {letter: number for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz .,?")}
    vocabulary.update((text, token_id) for token_id, text in SPECIAL.items())
    small = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    small.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    small.decoder = decoders.ByteLevel()
    small.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in SPECIAL.values()])
    return PreTrainedTokenizerFast(
        tokenizer_object=small,
        bos_token="<|startoftext|>",
        eos_token="<|return|>",
        pad_token="<|endoftext|>",
        model_input_names=["input_ids", "attention_mask"],
        chat_template=CHAT_TEMPLATE,
    )


CONFIG = {
    "architectures": ["GptOssForCausalLM"],
    "attention_bias": True,
    "attention_dropout": 0.0,
    "eos_token_id": 200002,
    "experts_per_token": 4,
    "head_dim": HEAD_DIM,
    "hidden_act": "silu",
    "hidden_size": HIDDEN,
    "initial_context_length": 4096,
    "initializer_range": 0.02,
    "intermediate_size": INTERMEDIATE,
    "layer_types": ["sliding_attention", "full_attention"],
    "max_position_embeddings": 131072,
    "model_type": "gpt_oss",
    "num_attention_heads": HEADS,
    "num_experts_per_tok": 4,
    "num_hidden_layers": LAYERS,
    "num_key_value_heads": KV_HEADS,
    "num_local_experts": EXPERTS,
    "output_router_logits": False,
    "pad_token_id": PAD,
    "quantization_config": {
        "modules_to_not_convert": [
            "model.layers.*.self_attn",
            "model.layers.*.mlp.router",
            "model.embed_tokens",
            "lm_head",
        ],
        "quant_method": "mxfp4",
    },
    "rms_norm_eps": 1e-05,
    "rope_scaling": {
        "beta_fast": 32.0,
        "beta_slow": 1.0,
        "factor": 32.0,
        "original_max_position_embeddings": 4096,
        "rope_type": "yarn",
        "truncate": False,
    },
    "rope_theta": 150000,
    "router_aux_loss_coef": 0.9,
    "sliding_window": 128,
    "swiglu_limit": 7.0,
    "tie_word_embeddings": False,
    "transformers_version": "4.55.0.dev0",
    "use_cache": True,
    "vocab_size": VOCABULARY,
}

GENERATION = {
    "bos_token_id": 199998,
    "do_sample": True,
    "eos_token_id": END,
    "pad_token_id": PAD,
    "transformers_version": "4.55.0.dev0",
}
