"""The same training on several replicas and on another backend.

Both take a process of their own: a process cannot change its backend, nor its devices
once TensorFlow has seen them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import backend_training
import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.slow
SCRIPT = Path(backend_training.__file__)
ROOT = SCRIPT.parents[2]


@pytest.fixture(scope="module")
def trained(photographs, painting, tmp_path_factory):
    """A function that trains in a new process and returns its figures and folder."""

    def trained(kind, code, **environment):
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


RUN = f"import runpy; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"


@pytest.fixture(scope="module")
def replicas(trained):
    return trained("replicas", RUN)


@pytest.fixture(scope="module")
def jax(trained):
    """A training with JAX where TensorFlow is not installed."""
    pytest.importorskip("jax")
    return trained(
        "jax",
        f"import sys; sys.modules['tensorflow'] = None; {RUN}",
        KERAS_BACKEND="jax",
        # So that compiling, which is most of the work, takes a third of the time.
        XLA_FLAGS="--xla_backend_optimization_level=0",
    )


@pytest.fixture(scope="module")
def steps():
    """Two steps on one device with TensorFlow."""
    return backend_training.two_steps(backend_training.trainer())


def assert_equal_steps(steps, expected):
    assert steps["first"] == pytest.approx(expected["first"], rel=1e-3)
    assert expected["fall"] > 1e-3 * expected["first"]["loss"]
    # The second loss follows an update, so the gradients are equal, too.
    np.testing.assert_allclose(steps["fall"], expected["fall"], rtol=0.02)


def test_step_on_two_replicas_is_that_on_one(replicas, steps):
    result, _ = replicas
    assert result["replicas"] == 2
    assert_equal_steps(result, steps)


def test_training_on_two_replicas_logs_and_saves(replicas):
    _, folder = replicas
    assert (folder / "generator.keras").exists()
    assert len((folder / "log.csv").read_text().splitlines()) == 4
    with Image.open(folder / "samples" / "00000003.png") as strip:
        assert strip.size == (32, 64)


def test_step_on_jax_is_that_on_tensorflow(jax, steps):
    result, _ = jax
    assert not result["tensorflow"]
    assert_equal_steps(result, steps)


def test_training_on_jax_goes_on_as_if_never_interrupted(jax):
    result, folder = jax
    run = json.loads((folder / "run.json").read_text())
    assert run["resumed_at"] == 2
    assert result["difference"] == 0
