#!/usr/bin/env bash
# onnxruntime's conversion of a model to float16 appends the casts of inputs and outputs
# behind the nodes that they feed. ONNX wants nodes in topological order: onnx.checker
# refuses the file, while ONNX Runtime itself sorts the nodes and computes. So the fault
# shows elsewhere. Sort the nodes before you save.
#
# Seen with onnxruntime 1.32.0 and onnx 1.23.2: Conv, Resize, Relu becomes Conv, Resize,
# Relu, Cast, Cast, the first cast being that of the input; the checker tells of it, and
# the runtime gives the right values. Takes a minute.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnxruntime==1.32.0 onnx==1.23.2
cat >"$folder/halve.py" <<'PYTHON'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import convert_float_to_float16

kernel = np.full((3, 3, 1, 1), 0.5, np.float32)
scales = np.array([1, 1, 2, 2], np.float32)
nodes = [
    helper.make_node("Conv", ["photo", "kernel"], ["features"]),
    helper.make_node("Resize", ["features", "", "scales"], ["larger"], mode="nearest"),
    helper.make_node("Relu", ["larger"], ["picture"]),
]
photo = helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, 3, 4, 4])
picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 8, 8])
constants = [
    numpy_helper.from_array(kernel, "kernel"),
    numpy_helper.from_array(scales, "scales"),
]
graph = helper.make_graph(nodes, "doubled", [photo], [picture], constants)
opset = [helper.make_opsetid("", 17)]
model = helper.make_model(graph, opset_imports=opset, ir_version=8)
onnx.checker.check_model(model, full_check=True)

half = convert_float_to_float16(model, keep_io_types=True)
kinds = [node.op_type for node in half.graph.node]
print(*kinds)
assert kinds == ["Conv", "Resize", "Relu", "Cast", "Cast"]
try:
    onnx.checker.check_model(half)
except onnx.checker.ValidationError as error:
    print(str(error).splitlines()[0])
    assert "topologically sorted" in str(error)
else:
    raise SystemExit("onnx.checker accepts the order now.")
session = onnxruntime.InferenceSession(
    half.SerializeToString(), providers=["CPUExecutionProvider"]
)
(result,) = session.run(None, {"photo": np.ones((1, 3, 4, 4), np.float32)})
print("ONNX Runtime:", result.mean())
assert np.all(result == 1.5)
PYTHON
"$folder/venv/bin/python" "$folder/halve.py"
echo "As seen: the casts stand behind the nodes that they feed."
