"""Says how transformers loads each folder, and whether it answers as the official one does: "reloads" in folders.json."""

import os

import torch
from transformers import GptOssConfig, GptOssForCausalLM

from tiny import FOLDERS, VOCABULARY


def load(name):
    config = GptOssConfig.from_pretrained(name)
    config.pad_token_id = None  # beyond the small vocabulary
    return GptOssForCausalLM.from_pretrained(name, config=config, dtype=torch.bfloat16, output_loading_info=True)


def main():
    os.chdir(FOLDERS)
    tokens = torch.arange(VOCABULARY)[None]
    wanted = load("official")[0](tokens).logits
    for name in sorted(os.listdir()):
        if name == "adapter":  # no model; transformers would look for its base
            continue
        try:
            model, info = load(name)
        except RuntimeError as error:
            print(name, "refused:", str(error)[:60])
            continue
        difference = (model(tokens).logits - wanted).abs().max().item()
        print(name, f"differs by {difference:.4f}", {what: len(names) for what, names in info.items() if names})


if __name__ == "__main__":
    main()
