"""Export for phones' GPUs: LiteRT files of one size, which take every operation."""

import contextlib
import io
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from fast_style import metadata, native_log
from fast_style.export import proof
from fast_style.export.proof import Artefact
from fast_style.export.wanted import GUIDE
from fast_style.network import phones
from fast_style.network.generator import Generator
from fast_style.runner import WHOLE, count_cores

# Of those that LiteRT's GPU delegate has for four axes, what the network is made of.
OPERATIONS = {
    *("ADD", "CONCATENATION", "CONV_2D", "DEPTH_TO_SPACE", "DEQUANTIZE", "MAXIMUM"),
    *("MEAN", "MUL", "RELU", "RESHAPE", "RSQRT", "SLICE", "SPACE_TO_DEPTH", "SQUARE"),
    *("STRIDED_SLICE", "SUB", "SUM", "TANH"),
}


def write(
    generator: Generator,
    size: tuple[int, int],
    folder: Path,
    description: Mapping,
) -> Artefact:
    """Write a file that a phone's GPU takes whole, and look at its operations.

    The inputs are `images`, float32 (1, H, W, 3) in 0..255, and `style_weights`,
    float32 (1, 1, 1, rows), summing to one. The output is `stylized_images`, float32
    (1, H, W, 3) in 0..255. Weights are kept in float16.

    Args:
        generator: The generator, of features that fit float16; see `network.phones`.
        size: Width and height of the pictures in px.
        folder: Where to write.
        description: What fast_style.json tells, which the file holds, too.

    Raises:
        ValueError: The GPU lacks an operation.
    """
    path = folder / file_name(size)
    content = convert(generator, size)
    if missing := gpu_lacks(content):
        raise ValueError(
            f"A phone's GPU does not take {path.name}: it has {', '.join(missing)}. "
            "Leave out --phone."
        )
    path.write_bytes(content)
    metadata.attach(path, {**description, "size": size})
    interpreter = Interpreter(model_path=str(path), num_threads=count_cores())
    run = interpreter.get_signature_runner()

    def paint(pixels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        outputs = run(
            images=np.float32(pixels[None]), style_weights=weights[None, None, None]
        )
        return np.rint(outputs["stylized_images"][0])

    weightings = proof.weightings_of(len(generator.styles), [0])
    return Artefact("phone, {}x{}".format(*size), path, paint, only=(size, weightings))


def file_name(size: tuple[int, int]) -> str:
    """Return the name of the file for a width and height in px."""
    return "fast_style_{}x{}.tflite".format(*size)


def guide(generator: Generator, sizes: Sequence[tuple[int, int]]) -> str:
    """Return the text of GUIDE, for the files of some sizes."""
    files = [f"- `{file_name(s)}`: pictures of {s[0]} x {s[1]} px" for s in sizes]
    width, height = sizes[0]
    row = generator.rows.painted_indices[0]
    return Template(Path(__file__).with_name(GUIDE).read_text("utf-8")).substitute(
        files="\n".join(files),
        first=file_name(sizes[0]),
        width=width,
        height=height,
        names=", ".join(f"`{name}`" for name in generator.styles),
        rows=len(generator.styles),
        row=row,
        name=generator.styles[row],
    )


def convert(generator: Generator, size: tuple[int, int]) -> bytes:
    """Convert a generator to the content of a .tflite file for one size.

    Args:
        generator: The generator.
        size: Width and height in px.
    """
    width, height = size
    specs = [
        tf.TensorSpec((1, height, width, 3), tf.float32, "images"),
        tf.TensorSpec((1, 1, 1, len(generator.styles)), tf.float32, "style_weights"),
    ]

    def stylize(images: tf.Tensor, style_weights: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"stylized_images": phones.paint(generator, images, style_weights)}

    archive = keras.export.ExportArchive()
    archive.add_endpoint(WHOLE, stylize, input_signature=specs)
    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(
            folder, signature_keys=[WHOLE]
        )
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
        with native_log.off():
            return converter.convert()


def gpu_lacks(content: bytes) -> list[str]:
    """Return the operations of a .tflite file that are not among OPERATIONS.

    The analyzer of TensorFlow 2.21 lists them. Its own verdict on GPUs is no help: it
    calls operations compatible that LiteRT's delegate refuses.
    """
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        tf.lite.experimental.Analyzer.analyze(model_content=content)
    return sorted(set(re.findall(r"Op#\d+ (\w+)", told.getvalue())) - OPERATIONS)


def largest_values(
    path: Path, pixels: np.ndarray, weights: np.ndarray
) -> dict[str, float]:
    """Return the largest value, without its sign, of every operation's result.

    Args:
        path: A file of `write`.
        pixels: A picture of its size, uint8 (H, W, 3).
        weights: The weights of the rows, float32 (rows,).

    Returns:
        The values by the names that the file gives the results.
    """
    interpreter = Interpreter(
        model_path=str(path),
        num_threads=count_cores(),
        experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        experimental_preserve_all_tensors=True,
    )
    interpreter.get_signature_runner()(
        images=np.float32(pixels[None]), style_weights=weights[None, None, None]
    )
    values = {}
    for details in interpreter.get_tensor_details():
        if details["dtype"] is np.float32 and details["name"]:
            with contextlib.suppress(
                ValueError
            ):  # a tensor that has no place of its own
                value = interpreter.get_tensor(details["index"])
                values[details["name"]] = float(np.abs(value).max(initial=0))
    return values
