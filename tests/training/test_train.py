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
TERMS = ["content_block2_conv1", "style_block1_conv2", "total_variation"]


@pytest.fixture(scope="module")
def settings(options, painting):
    """Settings as words, as some callers have them."""
    changed = dict(
        style=str(painting),
        content_dir=str(options["content_dir"]),
        vgg16_weights=str(options["vgg16_weights"]),
        style_size=72,
        steps=6,
        warmup_steps=2,
        residual_blocks=1,
        content_layers=("block2_conv1",),
        style_layers=("block1_conv2",),
    )
    return Settings(**{**options, **changed})


@pytest.fixture(scope="module")
def finished(settings, tmp_path_factory):
    """The run directory of a finished training."""
    output_dir = tmp_path_factory.mktemp("run")
    assert train(settings, output_dir) == output_dir / "generator.keras"
    return output_dir


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


def test_run_json_tells_what_was_done(finished, settings):
    run = json.loads((finished / "run.json").read_text())
    expected = settings.resolved().to_json()
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
    assert run["photographs"] == 11  # one of twelve is kept for the samples
    assert run["resumed_at"] == 0
    speed = 6 * 2 / run["seconds"]
    assert run["images_per_second"] == pytest.approx(speed, rel=0.1)
    assert run["final"]["step"] == 6
    assert {f"{term}_loss" for term in TERMS} | {"loss"} <= set(run["final"])


def test_log_has_every_term_at_every_interval(finished):
    rows = read_log(finished)
    assert [row["step"] for row in rows] == [4, 6]
    for row in rows:
        assert row["saturated"] < 0.02
        assert 0 <= row["photos_saturated"] <= 1
        terms = [row[f"{term}_loss"] for term in TERMS]
        assert all(value > 0 for value in terms)
        weighted = terms[0] + 5 * terms[1] + 1e-6 * terms[2]
        assert row["loss"] == pytest.approx(weighted, rel=1e-4)


def test_learning_rate_rises_and_falls_as_a_cosine(finished):
    rates = [row["learning_rate"] for row in read_log(finished)]
    expected = [
        1e-3 * (0.98 * (1 + np.cos(np.pi * (step - 2) / 4)) / 2 + 0.02)
        for step in (4, 6)
    ]
    np.testing.assert_allclose(rates, expected, rtol=1e-5)


def test_samples_are_photographs_above_their_results(finished):
    names = sorted(path.name for path in (finished / "samples").iterdir())
    assert names == ["00000004.png", "00000006.png"]
    strip = np.asarray(Image.open(finished / "samples" / names[-1]))
    assert strip.shape == (64, 32, 3)  # one photograph of 32 px
    generator = keras.saving.load_model(finished / "generator.keras")
    expected = np.asarray(generator(strip[None, :32]))[0].round()
    assert np.abs(strip[32:] - expected).max() <= 1


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
    assert [event.step for event in events.Tensors("loss")] == [4, 6]
    strip = events.Tensors("photographs and results")[0].tensor_proto.string_val
    assert strip[2].startswith(b"\x89PNG")


def test_finished_training_leaves_no_backup_and_is_not_done_again(finished, settings):
    assert not (finished / "backup").exists()
    assert not list(finished.glob("unfinished*"))
    with pytest.raises(ValueError, match="holds a finished training.*another output"):
        train(settings, finished)


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


# Before the first log entry and after it.
@pytest.mark.parametrize("step, entries", [(3, 0), (5, 1)])
def test_nan_is_one_line_and_saves_nothing(options, tmp_path, step, entries):
    settings = Settings(**{**options, "steps": 6})
    with pytest.raises(ValueError, match=f"NaN at step {step}.*learning_rate"):
        train(settings, tmp_path, callbacks=[Poison(before=step)])
    assert not (tmp_path / "generator.keras").exists()
    assert not (tmp_path / "run.json").exists()
    (backup,) = (tmp_path / "backup").glob("*.npz")
    with np.load(backup) as state:
        assert all(np.isfinite(state[name]).all() for name in state)
    log = tmp_path / "log.csv"
    assert (len(read_log(tmp_path)) if log.exists() else 0) == entries


def test_weights_that_become_nan_at_the_last_step_are_not_saved(options, tmp_path):
    with pytest.raises(ValueError, match="NaN at step 4.*learning_rate"):
        train(Settings(**options), tmp_path, callbacks=[Poison(after=4)])
    assert not list(tmp_path.glob("*.keras"))
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["00000002.npz"]
