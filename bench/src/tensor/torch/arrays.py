"""safetensors files of f32 and i64 arrays: 8 bytes of header length, a JSON header, the raw little-endian values."""
import json
import struct

import torch

TYPES = {"F32": torch.float32, "I64": torch.int64}
NAMES = {dtype: name for name, dtype in TYPES.items()}


def load(path):
    """Name → tensor."""
    with open(path, "rb") as f:
        (length,) = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(length))
        body = bytearray(f.read())
    header.pop("__metadata__", None)
    out = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(body[begin:end], dtype=TYPES[entry["dtype"]])
        out[name] = flat.reshape(entry["shape"]).clone()
    return out


def save(path, tensors):
    header, at = {}, 0
    for name, t in tensors.items():
        size = t.numel() * t.element_size()
        header[name] = {"dtype": NAMES[t.dtype], "shape": list(t.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)))
        f.write(text)
        for t in tensors.values():
            f.write(t.detach().cpu().contiguous().numpy().tobytes())
