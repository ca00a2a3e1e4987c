"""Reads ours.safetensors and large.safetensors, writes theirs.safetensors: python safetensors_check.py FOLDER"""
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

folder = sys.argv[1]
with safe_open(f"{folder}/ours.safetensors", framework="np") as f:
    assert f.metadata() == {"who": "grün \"x\""}, f.metadata()
    assert f.get_slice("b").get_dtype() == "BF16"
    expected = {
        "f64": np.array([0.1, -1e300]),
        "f32": np.array([[1, -2], [0.5, 3]], np.float32),
        "f16": np.array([0.1, -65504], np.float16),
        "i64": np.array([-(2**63), 5]),
        "i32": np.array([-1], np.int32),
        "i16": np.array([-32768], np.int16),
        "i8": np.array([-128], np.int8),
        "u8": np.array([255], np.uint8),
        "bool": np.array([True, False]),
        "empty": np.zeros((0, 3), np.float32),
        "scalar": np.array(7, np.float32),
    }
    assert set(f.keys()) == set(expected) | {"b"}
    for name, want in expected.items():
        got = f.get_tensor(name)
        assert got.dtype == want.dtype and got.shape == want.shape, name
        np.testing.assert_array_equal(got, want, name)

with safe_open(f"{folder}/large.safetensors", framework="np") as f:
    np.testing.assert_array_equal(f.get_tensor("tail"), [True, False, True])

expected["turned"] = np.ascontiguousarray(np.arange(6, dtype=np.float32).reshape(2, 3).T)
save_file(expected, f"{folder}/theirs.safetensors", metadata={"format": "np"})
save_file({k: v for k, v in expected.items()}, f"{folder}/again.safetensors")
assert load_file(f"{folder}/theirs.safetensors").keys() == expected.keys()
print("ok")
