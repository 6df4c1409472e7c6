"""Reads a Sortlab model with Hugging Face's own library and checks that it agrees with a reading by hand.

  pip install safetensors numpy
  python3 tests/conformance/read_safetensors.py MODEL.safetensors
"""

import json
import struct
import sys

import numpy
from safetensors import safe_open

path = sys.argv[1]
with open(path, "rb") as file:
    data = file.read()
(length,) = struct.unpack("<Q", data[:8])
assert (8 + length) % 64 == 0, "the data is not aligned"
header = json.loads(data[8:8 + length])
metadata = header.pop("__metadata__")
assert metadata["format"] == "sortlab-model"
weights = numpy.frombuffer(data[8 + length:], "<f4")

count = 0
with safe_open(path, framework="numpy") as model:
    assert model.metadata() == metadata
    assert set(model.keys()) == set(header)
    for name, entry in header.items():
        tensor = model.get_tensor(name)
        begin, end = entry["data_offsets"]
        assert tensor.dtype == numpy.float32 and list(tensor.shape) == entry["shape"], name
        assert numpy.array_equal(tensor.ravel(), weights[begin // 4:end // 4]), name
        count += tensor.size
        print(f"{name:32} {tuple(tensor.shape)}")
assert count == weights.size
for key in ("architecture", "classes", "preprocessing", "training"):
    json.loads(metadata[key])
print(f"{count} weights, classes {metadata['classes']}: as written")
