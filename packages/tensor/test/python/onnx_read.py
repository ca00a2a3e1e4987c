"""Reads the models that onnx-proto.test.ts wrote: python onnx_read.py FOLDER"""
import sys

import numpy as np
import onnx
from onnx import numpy_helper, shape_inference

folder = sys.argv[1]
for name in ("inside.onnx", "external.onnx"):
    onnx.checker.check_model(f"{folder}/{name}", full_check=True)
    m = onnx.load(f"{folder}/{name}")
    assert m.ir_version == 10 and m.opset_import[0].version == 21 and m.producer_name == "dioramic"
    assert [(p.key, p.value) for p in m.metadata_props] == [("key", "value")]
    t = {i.name: i for i in m.graph.initializer}
    value = {k: numpy_helper.to_array(v) for k, v in t.items() if k != "s"}
    np.testing.assert_array_equal(value["w"], np.array([[0.5, -1, 2], [3, 4, 5]], np.float32))
    np.testing.assert_array_equal(value["d"], np.array([0.1]))
    np.testing.assert_array_equal(value["h"], np.array([1, -2], np.float16))
    assert float(value["b"].astype(np.float32)[0]) == 1.5
    np.testing.assert_array_equal(value["i"], np.array([-1, 2**60], np.int64))
    np.testing.assert_array_equal(value["j"], np.array([-9], np.int32))
    np.testing.assert_array_equal(value["u"], np.array([0, 255], np.uint8))
    np.testing.assert_array_equal(value["c"], np.array([-128, 127], np.int8))
    np.testing.assert_array_equal(value["t"], np.array([True, False]))
    assert list(t["s"].string_data) == ["grün".encode()]
    assert m.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    perm = [a for a in m.graph.node[2].attribute if a.name == "perm"][0]
    assert onnx.helper.get_attribute_value(perm) == [1, 0]
    shape_inference.infer_shapes(m, strict_mode=True)
print("ok")
