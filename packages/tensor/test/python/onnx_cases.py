"""Writes the test cases of ONNX's operators that Python's onnx holds: FOLDER/NAME/model.onnx, input_0.pb, …, output_0.pb, …; prints "ok".

Not those of half floats (f32 here, so what rounds to them differs) and of more than a megabyte.
"""
import os
import re
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

warnings.simplefilter("ignore")


def number(v):
    return isinstance(v, onnx.TensorProto) or (isinstance(v, np.ndarray) and v.dtype != object) or np.isscalar(v)


for case in collect_testcases(None):
    if case.model is None or not case.data_sets:
        continue
    inputs, outputs = case.data_sets[0]
    if not all(map(number, [*inputs, *outputs])) or re.search(r"(?i)f(loat|p)?16|softmax_precision", case.name):
        continue
    if sum(np.asarray(v).nbytes for v in [*inputs, *outputs] if not isinstance(v, onnx.TensorProto)) > 1e6:
        continue
    folder = os.path.join(sys.argv[1], case.name)
    os.makedirs(folder)
    with open(os.path.join(folder, "model.onnx"), "wb") as f:
        f.write(case.model.SerializeToString())
    for kind, values in (("input", inputs), ("output", outputs)):
        for i, v in enumerate(values):
            tensor = v if isinstance(v, onnx.TensorProto) else numpy_helper.from_array(np.asarray(v))
            with open(os.path.join(folder, f"{kind}_{i}.pb"), "wb") as f:
                f.write(tensor.SerializeToString())
print("ok")
