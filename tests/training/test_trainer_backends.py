"""The same training on several replicas and on another backend.

Both take a process of their own: a process cannot change its backend, nor its devices
once TensorFlow has seen them.
"""

import json

import backend_training
import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def steps():
    """Two steps on one device with TensorFlow."""
    return backend_training.two_steps(backend_training.trainer())


def assert_equal_steps(steps, expected):
    assert steps["first"] == pytest.approx(expected["first"], rel=1e-3)
    assert expected["fall"] > 1e-3 * expected["first"]["loss"]
    # The second loss follows an update, so the gradients are equal, too.
    np.testing.assert_allclose(steps["fall"], expected["fall"], rtol=0.02)
    assert steps["seen"] == expected["seen"] == 4  # in two steps, those alone
    assert steps["balance"] == pytest.approx(expected["balance"], rel=1e-3)
    assert expected["balance"] < -0.001


@pytest.mark.long
def test_step_on_two_replicas_is_that_on_one(trained, steps):
    result, _ = trained("steps")
    assert result["replicas"] == 2
    assert_equal_steps(result, steps)


@pytest.mark.long
def test_training_on_two_replicas_logs_and_saves(trained):
    _, folder = trained("training")
    assert (folder / "generator.keras").exists()
    assert len((folder / "log.csv").read_text().splitlines()) == 7
    with Image.open(folder / "samples" / "00000006.png") as strip:
        assert strip.size == (32, 64)


@pytest.mark.long
def test_step_on_two_devices_of_jax_is_that_on_one_of_tensorflow(jax, steps):
    result, _ = jax
    assert result["devices"] == 2 and not result["tensorflow"]
    assert_equal_steps(result, steps)


@pytest.mark.long
def test_training_on_jax_goes_on_as_if_never_interrupted(jax):
    result, folder = jax
    run = json.loads((folder / "run.json").read_text())
    assert run["resumed_at"] == 4
    assert result["difference"] == 0
