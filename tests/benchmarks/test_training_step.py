"""The benchmark of a training step, part by part, on a tiny batch."""

import json

import numpy as np
import pytest

from benchmarks import loader_times, prepare_training, step_parts, training_step
from benchmarks.measuring import Usage
from benchmarks.training_step import Plan
from fast_style.architecture import PRESETS, blocks_of


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("training")
    prepare_training.main(folder, 32, 1)
    return folder


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.usefixtures("eagerly")
def test_parts_of_a_step_are_timed(inputs):
    settings = dict(preset=[4, 4, 4], loss_network="compact", precision="float32")
    seconds = step_parts.measure({"folder": str(inputs), **settings}, rounds=1)
    assert len(seconds) == 5 and all(time > 0 for time in seconds.values())
    text = training_step.parts_text({"compact float32": seconds})
    assert "| whole step " in text and "(100%) |" in text


@pytest.mark.long
@pytest.mark.slow
def test_loaders_are_timed(inputs):
    loaders = loader_times.measure(str(inputs / "photographs"), 16, 64, 1)
    assert all(times[1] > 0 for times in loaders.values())
    text = training_step.loaders_text(loaders, step=0.5)
    assert "| drawn pictures " in text
    json.dumps(loaders)


@pytest.mark.long
@pytest.mark.slow
def test_pytorch_gets_the_weights_and_the_terms(inputs):
    arrays = np.load(inputs / "vgg16.npz")
    assert arrays["block1_conv1/kernel"].shape == (3, 3, 3, 64)
    assert arrays["light/channels"].tolist() == list(PRESETS["light"])
    assert arrays["light/residual_blocks"] == blocks_of("light")
    assert arrays["terms"].shape == (6,) and (arrays["terms"] > 0).all()


def test_steps_are_told_beside_pytorch_where_it_was_measured():
    plan = Plan(image_size=64, batch_size=2, rounds=1, batches=1)
    own = {f"{preset} compact": Usage(0.5, 100) for preset in ("light", "full")}
    peer = {f"{p} PyTorch float32": Usage(1.0, 200) for p in ("light", "full")}
    alone = training_step.steps_text(own, plan)
    assert "| compact |            4.00 |            100 |" in alone
    beside = training_step.steps_text({**own, **peer}, plan)
    assert "4.00 (2.00) |     100 (0.50)" in beside
