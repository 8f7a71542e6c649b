"""Export to ONNX: for any size and blend, or with styles and size inside.

tf2onnx converts, and onnxruntime makes the smaller files and proves all of them.
"""

import dataclasses
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.float16 import convert_float_to_float16
from onnxruntime.transformers.onnx_model import OnnxModel

from fast_style import metadata
from fast_style.export import proof, savedmodel
from fast_style.export.proof import Artefact
from fast_style.export.wanted import PRECISIONS, Bake
from fast_style.network.generator import Generator


def write(
    generator: Generator,
    in_float16: Generator,
    folder: Path,
    description: Mapping,
    opset: int,
) -> list[Artefact]:
    """Write fast_style_*.onnx, which take pictures of any size and any blend.

    The inputs are `images`, uint8 (B, H, W, 3), and `style_weights`, float32 (B, rows),
    of any positive sum. The output is `stylized_images`, uint8 (B, H, W, 3).

    Args:
        generator: The generator.
        in_float16: The same, of features that fit float16; see `network.phones`.
        folder: Where to write.
        description: What fast_style.json tells, which each file holds, too.
        opset: Version of ONNX's operations.
    """
    paths = {name: folder / f"fast_style_{name}.onnx" for name in PRECISIONS}
    weights_spec = tf.TensorSpec(
        (None, len(generator.styles)), tf.float32, "style_weights"
    )
    specs = [tf.TensorSpec((None, None, None, 3), tf.uint8, "images"), weights_spec]
    model = _convert(savedmodel.arrays_endpoint(generator), specs, opset)
    _save(model, paths["float32"], description)
    model = _convert(savedmodel.arrays_endpoint(in_float16), specs, opset)
    halved = OnnxModel(convert_float_to_float16(model, keep_io_types=True))
    halved.topological_sort()  # the casts of the inputs come last
    _save(halved.model, paths["float16"], description)
    _quantize(paths["float32"], paths["int8"])
    return [_free(f"{name} ONNX", path) for name, path in paths.items()]


def bake(
    generator: Generator, asked: Bake, folder: Path, description: Mapping, opset: int
) -> Artefact:
    """Write a file with styles inside, for programs that give a picture alone.

    The input `image` and the output `stylized_image` are float32 (1, 3, H, W), RGB.

    Args:
        generator: The generator.
        asked: The styles, the size and the range.
        folder: Where to write.
        description: As of `write`.
        opset: As of `write`.

    Raises:
        ValueError: The generator lacks a style.
    """
    weights = generator.rows.weights(generator.rows.shares(asked.styles))[None]

    def stylize(image: tf.Tensor) -> dict[str, tf.Tensor]:
        pixels = tf.transpose(image, (0, 2, 3, 1)) * (255 / asked.largest)
        painted = generator(pixels, tf.constant(weights)) * (asked.largest / 255)
        return {"stylized_image": tf.transpose(painted, (0, 3, 1, 2))}

    height, width = asked.size[::-1] if asked.size else (None, None)
    spec = tf.TensorSpec((1, 3, height, width), tf.float32, "image")
    path = folder / f"fast_style_{asked.name}.onnx"
    about = {**description, "baked": dataclasses.asdict(asked)}
    _save(_convert(stylize, [spec], opset), path, about)
    session = _session(path)

    def paint(pixels: np.ndarray, _: np.ndarray) -> np.ndarray:
        image = np.float32(pixels.transpose(2, 0, 1)[None]) * (asked.largest / 255)
        (painted,) = session.run(None, {"image": image})
        return np.rint(painted[0].transpose(1, 2, 0) * (255 / asked.largest))

    only = (asked.size or proof.SIZES[0], weights)
    return Artefact(f"baked ONNX, {asked.name}", path, paint, only=only)


def _convert(
    function: Callable, specs: list[tf.TensorSpec], opset: int
) -> onnx.ModelProto:
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    model, _ = tf2onnx.convert.from_function(
        tf.function(function), input_signature=specs, opset=opset
    )
    return model


def _save(model: onnx.ModelProto, path: Path, description: Mapping[str, Any]) -> None:
    """Write a model with its description, once the checker has accepted it."""
    entry = model.metadata_props.add()
    entry.key, entry.value = metadata.FILE_NAME, metadata.dumps(dict(description))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _quantize(path: Path, quantized: Path) -> None:
    """Write a model whose convolutions compute in int8, by the picture's own ranges.

    Of unsigned weights, because onnxruntime is five times as slow with signed ones.
    """
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # a remark on a step that is not needed here
    try:
        quantize_dynamic(
            path, quantized, op_types_to_quantize=["Conv"], weight_type=QuantType.QUInt8
        )
    finally:
        root.setLevel(level)


def _free(name: str, path: Path) -> Artefact:
    """Open a file that takes any size and any blend."""
    session = _session(path)

    def paint(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        inputs = {"images": pixels[None], "style_weights": weights[None]}
        return session.run(None, inputs)[0][0]

    return Artefact(name, path, paint)


def _session(path: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
