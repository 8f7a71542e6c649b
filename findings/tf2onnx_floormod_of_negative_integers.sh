#!/usr/bin/env bash
# tf2onnx turns an integer floor-mod into Div, Mul, Sub, and ONNX divides integers
# towards zero: negative operands give another remainder than in TensorFlow, without a
# word. An index that is mirrored at a picture's border by a modulus comes out wrong.
#
# Seen with tensorflow 2.21.0, tf2onnx 1.17.0, onnxruntime 1.32.0:
#   x               -4 -3 -2 -1  0  1  2  3  4
#   TensorFlow  %3   2  0  1  2  0  1  2  0  1     //3  -2 -1 -1 -1  0 0 0 1 1
#   ONNX        %3  -1  0 -2 -1  0  1  2  0  1     //3  -1 -1  0  0  0 0 0 1 1
# Operands that are never negative agree. Takes 2.5 GB of disk and some minutes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tensorflow==2.21.0 tf2onnx==1.17.0 onnxruntime==1.32.0
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
import onnxruntime
import tensorflow as tf
import tf2onnx

signature = [tf.TensorSpec((None,), tf.int32, name="x")]


@tf.function(input_signature=signature)
def remainders(x):
    return tf.math.floormod(x, 3), tf.math.floordiv(x, 3)


model, _ = tf2onnx.convert.from_function(remainders, signature, opset=18)
session = onnxruntime.InferenceSession(
    model.SerializeToString(), providers=["CPUExecutionProvider"]
)


def in_onnx(x):
    return [values.tolist() for values in session.run(None, {"x": x})]


x = np.arange(-4, 5, dtype=np.int32)
in_tensorflow = [values.numpy().tolist() for values in remainders(x)]
assert in_tensorflow == [[2, 0, 1, 2, 0, 1, 2, 0, 1], [-2, -1, -1, -1, 0, 0, 0, 1, 1]]
assert in_onnx(x) == [[-1, 0, -2, -1, 0, 1, 2, 0, 1], [-1, -1, 0, 0, 0, 0, 0, 1, 1]]
positive = np.arange(9, dtype=np.int32)
assert in_onnx(positive) == [values.numpy().tolist() for values in remainders(positive)]
print("As seen: ONNX's remainders of negative integers are not TensorFlow's.")
PYTHON
