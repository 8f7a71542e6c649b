"""Small trainings, finished and interrupted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest

from fast_style.training.optimizers import steps_done
from fast_style.training.settings import Settings
from fast_style.training.train import train

SCRIPT = Path(__file__).parents[1] / "support" / "backend_training.py"
ROOT = SCRIPT.parents[2]
RUN_TRAINING = f"import runpy; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"


@pytest.fixture(scope="session")
def options(vgg16_weights, photographs, painting):
    """The settings of a small training, to be changed by tests."""
    return dict(
        style=[painting],
        content_dir=photographs,
        vgg16_weights=vgg16_weights,
        precision="float32",
        image_size=32,
        batch_size=2,
        steps=4,
        warmup_steps=1,
        filters=(4, 6, 8),
        residual_blocks=0,
        content_layers=("block1_conv2",),
        style_layers=("block1_conv1", "block1_conv2"),
        backup_every=2,
        log_every=4,
    )


@pytest.fixture(scope="session")
def long_settings(options):
    """The settings of a training that is long enough to be killed on the way."""
    changed = dict(
        style_size=72,
        steps=120,
        warmup_steps=60,
        residual_blocks=1,
        style_layer_weights=(1.0, 0.5),
        backup_every=10,
        log_every=60,
    )
    return Settings(**{**options, **changed})


@pytest.fixture(scope="session")
def finished(long_settings, once):
    """The run directory of that training, which nothing interrupted."""

    def make(output_dir):
        assert train(long_settings, output_dir) == output_dir / "generator.keras"

    return once("finished", make)


class Interruption(keras.callbacks.Callback):
    """Ends a training as Ctrl+C does, after a step and its backup."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_begin(self, batch, logs=None):
        if steps_done(self.model) == self.step:
            raise KeyboardInterrupt


@pytest.fixture(scope="session")
def interrupted():
    """A function that trains until a step, with options for Settings."""

    def run(step, output_dir, **options):
        with pytest.raises(KeyboardInterrupt):
            train(Settings(**options), output_dir, callbacks=[Interruption(step)])
        assert list(output_dir.glob("backup/*.npz"))

    return run


@pytest.fixture(scope="session")
def trained(photographs, painting, tmp_path_factory):
    """A function that trains in a new process and returns its figures and folder."""

    def trained(kind, code=RUN_TRAINING, **environment):
        folder = tmp_path_factory.mktemp(kind)
        process = subprocess.run(
            [sys.executable, "-c", code, kind, photographs, painting, folder],
            env={
                **os.environ,
                **environment,
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(SCRIPT.parent)]),
            },
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stderr
        return json.loads(process.stdout.splitlines()[-1]), folder

    return trained


@pytest.fixture(scope="session")
def jax(trained):
    """A training with JAX on two devices, where TensorFlow is not installed."""
    pytest.importorskip("jax")
    return trained(
        "jax",
        f"import sys; sys.modules['tensorflow'] = None; {RUN_TRAINING}",
        KERAS_BACKEND="jax",
        # So that compiling, which is most of the work, takes a third of the time.
        XLA_FLAGS="--xla_backend_optimization_level=0 "
        "--xla_force_host_platform_device_count=2",
    )
