"""Writes models for onnx-proto.test.ts to read: python onnx_write.py FOLDER"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder = sys.argv[1]
arrays = {
    "float32": np.array([[0, 1.5], [-2, 1e30]], np.float32),
    "float64": np.array([0.1, -1e300]),
    "float16": np.array([1, -2.5], np.float16),
    "int64": np.array([-(2**62), 7], np.int64),
    "int32": np.array([-1, 2**31 - 1], np.int32),
    "int8": np.array([-128, 5], np.int8),
    "uint8": np.array([0, 255], np.uint8),
    "bool": np.array([True, False]),
}


def model(initializers):
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["again"]), helper.make_node("Add", ["v", "v"], ["w"])],
        "body",
        [
            helper.make_tensor_value_info("n", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("v", TensorProto.FLOAT, [2]),
        ],
        [helper.make_tensor_value_info("again", TensorProto.BOOL, []), helper.make_tensor_value_info("w", TensorProto.FLOAT, [2])],
    )
    nodes = [
        helper.make_node("Gelu", ["x"], ["y"], approximate="tanh"),
        helper.make_node("Loop", ["", "", "v0"], ["out"], body=body),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 2, None]), helper.make_tensor_value_info("v0", TensorProto.FLOAT, [2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None), helper.make_tensor_value_info("out", TensorProto.FLOAT, [2])],
        initializers,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])


raw = model([numpy_helper.from_array(a, k) for k, a in arrays.items()])
onnx.save(raw, f"{folder}/raw.onnx")
typed = model([helper.make_tensor(k, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape, a.flatten()) for k, a in arrays.items()])
assert not any(t.HasField("raw_data") for t in typed.graph.initializer)
onnx.save(typed, f"{folder}/typed.onnx")
onnx.save(raw, f"{folder}/outside.onnx", save_as_external_data=True, location="outside.bin", size_threshold=0)
print("ok")
