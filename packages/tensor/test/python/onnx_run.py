"""Runs each MODEL.onnx of a folder on the inputs of MODEL.json and compares with its outputs; prints "ok"."""
import glob
import json
import os
import sys

import numpy as np
import onnxruntime

TYPES = {"f32": "float32", "f64": "float64", "i64": "int64", "bool": "bool"}


def array(a):
    return np.array(a["data"], dtype=TYPES[a["dtype"]]).reshape(a["shape"])


for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.onnx"))):
    name = os.path.basename(path)[:-5]
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    assert session.get_modelmeta().producer_name == "@dioramic/tensor", session.get_modelmeta().producer_name
    assert session.get_inputs()[0].shape[0] == "batch", session.get_inputs()[0].shape
    runs = json.load(open(path[:-5] + ".json"))
    for r in runs:
        got = session.run(None, {i.name: array(v) for i, v in zip(session.get_inputs(), r["inputs"])})
        for g, w in zip(got, map(array, r["outputs"])):
            assert g.shape == w.shape, (name, g.shape, w.shape)
            off = np.abs(g.astype("float64") - w).max() / max(1, np.abs(w).max())
            assert off <= 1e-5, (name, off)
    print(f"{name}: {len(runs)} runs")
print("ok")
