"""Makes the folders that the installed transformers is to write. Run by make.sh, once for each version, oldest first."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import torch
import transformers
from transformers import AutoModel, AutoTokenizer, GptOssConfig, GptOssForCausalLM

import official
from tiny import FOLDERS, PAD, SIZES

OFFICIAL = Path("official")  # relative, since some of the files that are written say where they came from
BF16 = Path("whole-4.55")
TINY_SHARDS = "20KB"


def model_of(folder, kind=GptOssForCausalLM, dtype=torch.bfloat16, **options):
    """What any training script does. Padding is hidden while loading only because its id is beyond the small vocabulary."""
    config = GptOssConfig.from_pretrained(folder)
    config.pad_token_id = None
    model = kind.from_pretrained(folder, config=config, torch_dtype=dtype, **options)
    model.config.pad_token_id = PAD
    return model


def dequantized():
    from transformers import Mxfp4Config

    return model_of(OFFICIAL, quantization_config=Mxfp4Config(dequantize=True))


def save(model, folder, **options):
    model.save_pretrained(folder, **options)
    AutoTokenizer.from_pretrained(OFFICIAL).save_pretrained(folder)


def lora(model):
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(6)
    adapted = get_peft_model(model, LoraConfig(r=2, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"))
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.02)  # as after training: zeros would merge to nothing
    return adapted


def from_config(folder):
    torch.manual_seed(4)
    model = GptOssForCausalLM(GptOssConfig(**SIZES, pad_token_id=None, eos_token_id=200002)).to(torch.bfloat16)
    model.config.pad_token_id = model.generation_config.pad_token_id = PAD
    save(model, folder)


def headless(folder):
    save(model_of(BF16, kind=AutoModel), folder)


def half(folder):
    """FP16, loaded again and saved again: transformers keeps the norms in FP32 then."""
    with tempfile.TemporaryDirectory() as first:
        save(model_of(BF16, dtype=torch.float16), first)
        save(model_of(first, dtype=torch.float16), folder)


def sharded_over_whole(folder):
    save(model_of(BF16), folder)
    save(model_of(BF16), folder, max_shard_size=TINY_SHARDS)


def whole_over_sharded(folder):
    save(model_of(BF16), folder, max_shard_size=TINY_SHARDS)
    save(model_of(BF16), folder)


def unmerged(folder):
    adapted = lora(model_of(BF16))
    adapted.base_model.model.save_pretrained(folder, state_dict=adapted.state_dict())
    AutoTokenizer.from_pretrained(OFFICIAL).save_pretrained(folder)


def resaved_mxfp4(folder):
    from stand_ins import plain_kernels

    with plain_kernels():
        save(model_of(OFFICIAL), folder, max_shard_size=TINY_SHARDS)


def quantized_on_load(folder):
    from stand_ins import plain_kernels
    from transformers import Mxfp4Config

    with plain_kernels():
        save(model_of(BF16, quantization_config=Mxfp4Config()), folder)


def trained(folder):
    from transformers import Trainer, TrainingArguments

    model = model_of(BF16)
    arguments = TrainingArguments(
        output_dir=str(folder), max_steps=1, save_steps=1, optim="sgd", report_to=[], use_cpu=True,
        per_device_train_batch_size=1, bf16=False,
    )
    rows = [{"input_ids": torch.arange(8), "labels": torch.arange(8)}]
    trainer = Trainer(
        model=model, args=arguments, train_dataset=rows, processing_class=AutoTokenizer.from_pretrained(OFFICIAL)
    )
    trainer.train()
    trainer.save_model()


MAKERS = {
    "4.55.4": {
        "official": official.write,
        "whole-4.55": lambda folder: save(dequantized(), folder),
    },
    "4.57.6": {
        "sharded-4.57": lambda folder: save(dequantized(), folder, max_shard_size=TINY_SHARDS),
    },
    "5.18.0": {
        "experts-lost-5.18": lambda folder: save(dequantized(), folder),
    },
    "5.23.0": {
        "whole-5.23": lambda folder: save(dequantized(), folder, save_original_format=False),
        "sharded-5.23": lambda folder: save(model_of(BF16), folder, max_shard_size=TINY_SHARDS),
        "from-config-5.23": from_config,
        "experts-misnamed-5.23": lambda folder: save(dequantized(), folder, max_shard_size=TINY_SHARDS),
        "mxfp4-resaved-5.23": resaved_mxfp4,
        "mxfp4-axes-5.23": quantized_on_load,
        "merged-lora": lambda folder: save(lora(model_of(BF16)).merge_and_unload(), folder),
        "merged-lora-misnamed": lambda folder: save(lora(dequantized()).merge_and_unload(), folder),
        "adapter": lambda folder: save(lora(model_of(BF16)), folder),
        "unmerged-lora": unmerged,
        "headless-5.23": headless,
        "half-5.23": half,
        "sharded-over-whole": sharded_over_whole,
        "whole-over-sharded": whole_over_sharded,
        "trained-5.23": trained,
    },
}


def main():
    FOLDERS.mkdir(exist_ok=True)
    os.chdir(FOLDERS)
    for name, make in MAKERS[transformers.__version__].items():
        folder = Path(name)
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        make(folder)
        print(name, sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()))


if __name__ == "__main__":
    main()
