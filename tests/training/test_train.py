"""A training of one style; see test_resume.py for what a kill leaves behind."""

import csv
import importlib.metadata
import json

import keras
import numpy as np
import pytest
from PIL import Image

from fast_style import files
from fast_style.network.generator import Generator
from fast_style.training.settings import Settings
from fast_style.training.train import train

pytestmark = pytest.mark.slow
TERMS = [
    "content_block1_conv2",
    "style_block1_conv1",
    "style_block1_conv2",
    "total_variation",
]


def read_log(output_dir):
    with open(output_dir / "log.csv", newline="") as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


def test_result_is_a_generator_with_the_style_in_its_name(finished):
    generator = keras.saving.load_model(finished / "generator.keras")
    assert isinstance(generator, Generator)
    assert generator.styles == ("scream",)
    assert generator.filters == (4, 6, 8)
    assert generator.residual_blocks == 1
    assert generator(np.zeros((1, 37, 53, 3), np.uint8)).shape == (1, 37, 53, 3)


def test_run_json_tells_what_was_done(finished, long_settings):
    run = json.loads((finished / "run.json").read_text())
    expected = long_settings.resolved().to_json()
    style = expected["style"][0]
    assert (style["name"], style["size"], style["weight"]) == ("scream", 72, 1.0)
    style["sha256"] = files.fingerprint(style["path"])
    expected["upsampling"] = "nearest"
    for name, value in expected.items():
        assert run["config"][name] == value, name
    for package in ("keras", "tensorflow", "numpy", "pillow"):
        assert run["versions"][package] == importlib.metadata.version(package)
    assert "fast-style" in run["versions"]
    assert run["backend"] == keras.backend.backend()
    assert run["unreadable"] == []
    assert run["photographs"] == 11  # one of twelve is kept for the samples
    assert run["resumed_at"] == 0
    speed = 120 * 2 / run["seconds"]
    assert run["images_per_second"] == pytest.approx(speed, rel=0.1)
    assert run["final"]["step"] == 120
    assert list(run["balanced_weights"]) == ["scream"]
    last = [row["loss"] for row in read_log(finished)][-30:]
    assert run["final"]["loss"] == pytest.approx(np.mean(last))
    assert {f"{term}_loss" for term in TERMS} | {"loss"} <= set(run["final"])


def test_log_has_every_term_at_every_interval(finished):
    rows = read_log(finished)
    config = json.loads((finished / "run.json").read_text())["config"]
    style = config["style_weights"]["scream"]
    assert [row["step"] for row in rows] == list(range(2, 121, 2))
    for row in rows:
        assert row["saturated"] < 0.02
        assert 0 <= row["photos_saturated"] <= 1
        terms = [row[f"{term}_loss"] for term in TERMS]
        assert all(value > 0 for value in terms)
        weighted = terms[0] + style * (terms[1] + 0.5 * terms[2]) + 1e-4 * terms[3]
        assert -1 <= row["similarity"] <= 1
        assert row["loss"] == pytest.approx(weighted, rel=1e-4)


def test_learning_rate_rises_and_falls_as_a_cosine(finished):
    rates = {row["step"]: row["learning_rate"] for row in read_log(finished)}
    # The highest at the end of the warm-up, a fiftieth of it at the end.
    ends = [rates[60], rates[120]]
    np.testing.assert_allclose(ends, [1e-3, 0.02e-3], rtol=1e-5)


def test_samples_are_photographs_above_their_results(finished):
    names = sorted(path.name for path in (finished / "samples").iterdir())
    assert names == ["00000000.png", "00000060.png", "00000120.png"]
    strip = np.asarray(Image.open(finished / "samples" / names[-1]))
    assert strip.shape == (64, 32, 3)  # one photograph of 32 px
    generator = keras.saving.load_model(finished / "generator.keras")
    expected = np.asarray(generator(strip[None, :32]))[0].round()
    assert np.abs(strip[32:] - expected).max() <= 1


def test_samples_may_be_of_a_photograph_of_ones_own(options, photo, tmp_path):
    path = tmp_path / "mine.png"
    Image.fromarray(photo).save(path)
    settings = Settings(**{**options, "steps": 1, "sample": path})
    train(settings, tmp_path / "run")
    strip = np.array(Image.open(tmp_path / "run" / "samples" / "00000001.png"))
    assert strip.shape == (2 * 37, 53, 3)
    np.testing.assert_array_equal(strip[:37], photo)


def test_plot_is_a_picture(finished):
    with Image.open(finished / "losses.png") as plot:
        assert min(plot.size) > 200


def test_tensorboard_has_every_term_and_the_strips(finished):
    from tensorboard.backend.event_processing import event_accumulator

    events = event_accumulator.EventAccumulator(str(finished / "logs"), {"tensors": 0})
    events.Reload()
    tags = events.Tags()["tensors"]
    names = {f"{term}_loss" for term in TERMS} | {"loss", "saturated", "learning_rate"}
    assert names <= set(tags)
    assert "photographs and results" in tags
    assert [e.step for e in events.Tensors("loss")] == list(range(2, 121, 2))
    strips = events.Tensors("photographs and results")
    assert [event.step for event in strips] == [0, 60, 120]
    strip = strips[0].tensor_proto.string_val
    assert strip[2].startswith(b"\x89PNG")


def test_finished_training_leaves_no_backup_and_is_not_done_again(
    finished, long_settings
):
    assert not (finished / "backup").exists()
    assert not list(finished.glob("unfinished*"))
    with pytest.raises(ValueError, match="holds a finished training.*another output"):
        train(long_settings, finished)


class Poison(keras.callbacks.Callback):
    """Makes a weight NaN, before a step or after the step's loss is known."""

    def __init__(self, *, before=None, after=None):
        super().__init__()
        self.before = before
        self.after = after

    def on_train_batch_begin(self, batch, logs=None):
        if batch + 1 == self.before:
            self.poison()

    def on_train_batch_end(self, batch, logs=None):
        if batch + 1 == self.after:
            self.poison()

    def poison(self):
        weight = self.model.generator.trainable_variables[0]
        weight.assign(weight * np.nan)


@pytest.mark.usefixtures("eagerly")
def test_nan_is_one_line_and_saves_nothing(options, tmp_path):
    settings = Settings(**{**options, "steps": 6})
    with pytest.raises(ValueError, match="NaN at step 5.*learning_rate"):
        train(settings, tmp_path, callbacks=[Poison(before=5)])
    assert not (tmp_path / "generator.keras").exists()
    assert not (tmp_path / "run.json").exists()
    assert [row["step"] for row in read_log(tmp_path)] == [1, 2, 3, 4]
    (backup,) = (tmp_path / "backup").glob("*.npz")
    with np.load(backup) as state:
        assert all(np.isfinite(state[name]).all() for name in state)


@pytest.mark.usefixtures("eagerly")
def test_weights_that_become_nan_at_the_last_step_are_not_saved(options, tmp_path):
    with pytest.raises(ValueError, match="NaN at step 4.*learning_rate"):
        train(Settings(**options), tmp_path, callbacks=[Poison(after=4)])
    assert not list(tmp_path.glob("*.keras"))
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["00000002.npz"]
