"""Several steps between two looks of the processor: the same training."""

import csv
import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from commandline import files

from fast_style.fields import SettingError
from fast_style.training.settings import Settings
from fast_style.training.train import train

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def longer(options):
    """Settings whose balance moves, too."""
    changed = dict(steps=6, backup_every=2, log_every=2, style_weight="normal")
    return {**options, **changed}


@pytest.fixture(scope="module")
def runs(longer, tmp_path_factory):
    """The run directories of one step at a time, run eagerly, and of two."""
    folders = {}
    for at_once in (1, 2):
        folders[at_once] = tmp_path_factory.mktemp("run")
        tf.config.run_functions_eagerly(at_once == 1)  # as in the fixture `eagerly`
        train(Settings(**longer, steps_per_execution=at_once), folders[at_once])
    return folders


def weights(run):
    return keras.saving.load_model(run / "generator.keras").get_weights()


def log(run):
    with open(run / "log.csv", newline="") as file:
        return {
            int(row.pop("step")): {name: float(value) for name, value in row.items()}
            for row in csv.DictReader(file)
        }


def test_weights_are_the_same(runs):
    for two, one in zip(weights(runs[2]), weights(runs[1]), strict=True):
        np.testing.assert_allclose(two, one, rtol=1e-3, atol=1e-5)


def test_entries_of_the_log_are_means_over_all_their_steps(runs):
    one, two = log(runs[1]), log(runs[2])
    assert list(one) == list(range(1, 7)) and list(two) == [2, 4, 6]
    for step, entry in two.items():
        for name, value in entry.items():
            mean = (one[step - 1][name] + one[step][name]) / 2
            expected = one[step][name] if name == "learning_rate" else mean
            assert value == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_samples_and_figures_are_the_same(runs):
    samples = [path for path in files(runs[1]) if path.startswith("samples")]
    assert samples == [path for path in files(runs[2]) if path.startswith("samples")]
    one, two = (json.loads((run / "run.json").read_text()) for run in runs.values())
    for name, value in one["final"].items():
        assert two["final"][name] == pytest.approx(value, rel=1e-3, abs=1e-6)


@pytest.mark.long
@pytest.mark.usefixtures("eagerly")
def test_interrupted_training_goes_on_with_another_number(
    runs, longer, interrupted, tmp_path
):
    interrupted(2, tmp_path, **longer, steps_per_execution=2)
    train(Settings(**longer, steps_per_execution=1), tmp_path)
    assert json.loads((tmp_path / "run.json").read_text())["resumed_at"] == 2
    for resumed, one in zip(weights(tmp_path), weights(runs[1]), strict=True):
        np.testing.assert_allclose(resumed, one, rtol=1e-3, atol=1e-5)


def test_number_that_does_not_divide_the_steps_done_is_refused(longer, tmp_path):
    earlier = Settings(**{**longer, "backup_every": 1}).resolved().to_json()
    (tmp_path / "config.json").write_text(json.dumps(earlier))
    (tmp_path / "backup").mkdir()
    np.savez(tmp_path / "backup" / "00000003.npz", 0)
    with pytest.raises(SettingError, match="is 2, which does not divide the 3 steps"):
        train(Settings(**longer, steps_per_execution=2), tmp_path)
    assert list(tmp_path.glob("backup/*.npz"))
