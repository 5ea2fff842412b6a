"""Usage: safe_open.py FOLDER TIMES. Opens every shard and names its tensors; writes the seconds of each time as JSON."""

import glob
import json
import sys
import time

import numpy  # noqa: F401  or the first opening would load it
from safetensors import safe_open

folder, times = sys.argv[1:]
shards = sorted(glob.glob(f'{folder}/*.safetensors'))
seconds = []
tensors = 0
for _ in range(int(times)):
    began = time.perf_counter()
    tensors = 0
    for shard in shards:
        with safe_open(shard, framework='np') as opened:
            tensors += len(opened.keys())
    seconds.append(time.perf_counter() - began)
json.dump({'seconds': seconds, 'tensors': tensors}, sys.stdout)
