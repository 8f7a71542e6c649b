"""The same step on several replicas, and on another backend, in processes of their own.

A process cannot change its backend, nor its devices once TensorFlow has seen them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

COMMON = """
import json, sys
import keras
import numpy as np
from fast_style.network.generator import Generator
from fast_style.perception.vgg16 import vgg16
from fast_style.training.trainer import StyleTransferTrainer

LAYERS = ("block1_conv2", "block2_conv1")
rng = np.random.default_rng(0)
painting = rng.integers(0, 256, (70, 66, 3), np.uint8)
photos = rng.integers(0, 256, (4, 37, 53, 3), np.uint8)
shares = np.float32([[1, 0], [0.7, 0.3], [0.2, 0.8], [1, 0]])

def made():
    trainer = StyleTransferTrainer(
        Generator(("wave", "photo"), filters=(4, 6, 8), residual_blocks=1),
        vgg16(LAYERS, sys.argv[1]),
        [painting],
        content_layers=LAYERS[1:],
        style_layers=LAYERS,
    )
    trainer((photos, shares))
    weights = np.random.default_rng(1)
    trainer.generator.set_weights(
        [weights.normal(0.02, 0.05, w.shape) for w in trainer.generator.get_weights()]
    )
    factors = dict.fromkeys(trainer.loss_terms(), 1.0)
    trainer.compile(
        keras.optimizers.SGD(1e-3),
        loss=trainer.loss_terms(),
        loss_weights={**factors, "total_variation": 1e-4},
    )
    return trainer

def step(trainer):
    trainer.fit((photos, shares), batch_size=4, epochs=2, shuffle=False, verbose=0)
    logs = {k: v[0] for k, v in trainer.history.history.items()}
    return {"first": logs, "second": trainer.history.history["loss"][1]}
"""

TWO_DEVICES = """
import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
assert strategy.num_replicas_in_sync == 2
"""

SEVERAL = """
with strategy.scope():
    trainer = made()
print(json.dumps({"one": step(made()), "two": step(trainer)}))
"""

TRAINING = """
import json, sys
from fast_style.training.settings import Settings
from fast_style.training.train import train

weights, painting, photographs, output_dir = sys.argv[1:]
settings = Settings(
    style=painting,
    content_dir=photographs,
    vgg16_weights=weights,
    precision="float32",
    image_size=32,
    batch_size=2,
    steps=4,
    filters=(4, 6, 8),
    residual_blocks=0,
    content_layers=("block1_conv1",),
    style_layers=("block1_conv1",),
    backup_every=3,
    log_every=2,
)
train(settings, output_dir, strategy=strategy)
print(json.dumps(None))
"""

JAX = """
assert keras.backend.backend() == "jax"
result = step(made())
assert "tensorflow" not in sys.modules or sys.modules["tensorflow"] is None
print(json.dumps(result))
"""

JAX_TRAINING = """
import sys
sys.modules["tensorflow"] = None
import json
import keras
import numpy as np
from fast_style.training.settings import Settings
from fast_style.training.train import train

assert keras.backend.backend() == "jax"
weights, painting, photographs, folder = sys.argv[1:]
settings = Settings(
    style=painting,
    content_dir=photographs,
    vgg16_weights=weights,
    precision="float32",
    image_size=32,
    batch_size=2,
    steps=6,
    filters=(4, 6, 8),
    residual_blocks=1,
    content_layers=("block1_conv1",),
    style_layers=("block1_conv1",),
    style_weight="normal",
    backup_every=4,
    log_every=2,
)

class Stop(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        if batch == 5:  # the newest backup is that of the fourth step
            raise KeyboardInterrupt

whole = train(settings, folder + "/whole")
try:
    train(settings, folder + "/cut", callbacks=[Stop()])
except KeyboardInterrupt:
    cut = train(settings, folder + "/cut")
assert json.load(open(folder + "/cut/run.json"))["resumed_at"] == 4
one, other = (keras.saving.load_model(path).get_weights() for path in (whole, cut))
print(json.dumps(max(float(abs(a - b).max()) for a, b in zip(one, other))))
"""


def run(code, *arguments, **environment):
    root = str(Path(__file__).parents[2])
    process = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": root, **environment},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def replicas(vgg16_weights):
    return run(COMMON + TWO_DEVICES + SEVERAL, vgg16_weights)


def assert_equal_steps(one, other):
    assert one["first"].keys() == other["first"].keys()
    for name, value in one["first"].items():
        assert other["first"][name] == pytest.approx(value, rel=1e-3), name
    assert one["first"]["loss"] != pytest.approx(one["second"], rel=1e-3)
    # The second loss is after an update: the gradients are equal, too.
    fall, other_fall = (s["first"]["loss"] - s["second"] for s in (one, other))
    np.testing.assert_allclose(other_fall, fall, rtol=0.02)


def test_step_on_two_replicas_is_that_on_one(replicas):
    assert_equal_steps(replicas["one"], replicas["two"])


def test_training_on_two_replicas_logs_and_saves(
    vgg16_weights, painting, photographs, tmp_path
):
    run(TWO_DEVICES + TRAINING, vgg16_weights, painting, photographs, tmp_path)
    assert (tmp_path / "generator.keras").exists()
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 3
    with Image.open(tmp_path / "samples" / "00000004.png") as strip:
        assert strip.size == (32, 64)


def test_step_on_jax_is_that_on_tensorflow(replicas, vgg16_weights):
    pytest.importorskip("jax")
    without = "import sys; sys.modules['tensorflow'] = None\n"
    quick = "--xla_backend_optimization_level=0"  # to compile: 10 s instead of 25
    code = without + COMMON + JAX
    result = run(code, vgg16_weights, KERAS_BACKEND="jax", XLA_FLAGS=quick)
    assert_equal_steps(replicas["one"], result)


def test_training_on_jax_without_tensorflow_goes_on_as_if_never_cut(
    vgg16_weights, painting, photographs, tmp_path
):
    pytest.importorskip("jax")
    quick = "--xla_backend_optimization_level=0"
    paths = (vgg16_weights, painting, photographs, tmp_path)
    difference = run(JAX_TRAINING, *paths, KERAS_BACKEND="jax", XLA_FLAGS=quick)
    assert difference == 0
