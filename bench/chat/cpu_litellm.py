"""Prints the CPU milliseconds of this process for one stream of so many tokens through LiteLLM's SDK, as JSON."""

import json
import os
import sys
import time

os.environ.update(
    AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY="example",
    AWS_REGION="us-east-1",
    LITELLM_LOCAL_MODEL_COST_MAP="True",  # or it asks the network for prices
)

import litellm

endpoint, model, streams, tokens = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
litellm.telemetry = False
messages = [
    {"role": "system", "content": "You are brief."},
    {"role": "user", "content": "Say something of the length that I ask for."},
]


def once():
    answer = litellm.completion(
        model=model,
        messages=messages,
        max_tokens=tokens,
        stream=True,
        aws_bedrock_runtime_endpoint=endpoint,
    )
    return sum(1 for chunk in answer if chunk.choices and chunk.choices[0].delta.content)


for _ in range(20):
    once()
start = time.process_time()
pieces = sum(once() for _ in range(streams))
spent = time.process_time() - start
print(json.dumps({"milliseconds": spent * 1000 / streams, "pieces": pieces / streams}))
