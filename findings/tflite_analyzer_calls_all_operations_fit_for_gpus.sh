#!/usr/bin/env bash
# tf.lite.experimental.Analyzer.analyze(..., gpu_compatibility=True) says of any model that
# it "looks compatible with GPU delegate", without a warning: also of RFFT2D and CONV_3D,
# which LiteRT's GPU delegate lists as "not supported", and of UNIQUE and WHERE, whose
# results have no known size. Compare the operations that the analyzer lists with those
# that the delegate has, or compile the model by CompiledModel with HardwareAccelerator.GPU
# and look at is_fully_accelerated(). Chromium's software driver for Vulkan is enough.
#
# Seen with tensorflow 2.21.0; the delegate's words are those of ai-edge-litert 2.3.0.
# Takes 2 GB of disk and some minutes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tensorflow==2.21.0
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" - <<'PYTHON'
import contextlib
import io

import tensorflow as tf

functions = {
    "RFFT2D": (tf.signal.rfft2d, (1, 4, 4)),
    "CONV_3D": (
        lambda x: tf.nn.conv3d(x, tf.ones((2, 2, 2, 3, 3)), [1] * 5, "VALID"),
        (1, 4, 4, 4, 3),
    ),
    "UNIQUE": (lambda x: tf.unique(x)[0], (5,)),
    "WHERE": (lambda x: tf.where(x > 0), (1, 4, 4, 3)),
}
for name, (function, shape) in functions.items():
    traced = tf.function(function, input_signature=[tf.TensorSpec(shape)])
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [traced.get_concrete_function()], tf.Module()
    )
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        tf.lite.experimental.Analyzer.analyze(
            model_content=converter.convert(), gpu_compatibility=True
        )
    assert f" {name}(" in told.getvalue()
    verdict = [line for line in told.getvalue().splitlines() if "GPU" in line][0]
    print(f"{name}: {verdict}")
    assert "looks compatible with GPU delegate" in verdict
    assert "WARNING" not in told.getvalue()
print("As seen: the analyzer calls all of them compatible.")
PYTHON
