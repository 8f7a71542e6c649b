"""train() in this process; see test_resume.py for what a kill leaves behind."""

import csv
import importlib.metadata
import json

import keras
import numpy as np
import pytest
from PIL import Image

from fast_style import files
from fast_style.network.generator import Generator
from fast_style.training import train

LAYERS = {"content": "block2_conv1", "style": "block1_conv2"}
TERMS = ["content_block2_conv1", "style_block1_conv2", "total_variation"]


@pytest.fixture(scope="module")
def arguments(vgg16_weights, photographs, painting):
    """The smallest sensible training."""
    return dict(
        style=str(painting),
        content_dir=str(photographs),
        vgg16_weights=str(vgg16_weights),
        precision="float32",
        image_size=32,
        batch_size=2,
        steps=6,
        warmup_steps=2,
        filters=(4, 6, 8),
        residual_blocks=1,
        content_layers=(LAYERS["content"],),
        style_layers=(LAYERS["style"],),
        backup_every=2,
        log_every=4,
    )


@pytest.fixture(scope="module")
def finished(arguments, tmp_path_factory):
    """The run directory of a finished training."""
    output_dir = tmp_path_factory.mktemp("run")
    result = train.train(**arguments, style_size=72, output_dir=output_dir)
    assert result == output_dir / "generator.keras"
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


def test_run_json_tells_what_was_done(finished, arguments):
    run = json.loads((finished / "run.json").read_text())
    style = {"path": arguments["style"], "name": "scream", "size": 72, "weight": 1.0}
    style["sha256"] = files.fingerprint(arguments["style"])
    expected = {**arguments, "style": [style], "style_size": 72, "seed": 0}
    for name, value in expected.items():
        assert run["config"][name] == (list(value) if type(value) is tuple else value)
    for package in ("keras", "tensorflow", "numpy", "pillow"):
        assert run["versions"][package] == importlib.metadata.version(package)
    assert "fast-style" in run["versions"]
    assert run["backend"] == keras.backend.backend()
    assert run["photographs"] == 11  # one of twelve is kept for the samples
    assert run["resumed_at"] == 0
    assert run["seconds"] > 0
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
    assert Image.open(finished / "losses.png").size > (300, 200)


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


def test_finished_training_leaves_no_backup_and_is_not_done_again(finished, arguments):
    assert not (finished / "backup").exists()
    assert not list(finished.glob("unfinished*"))
    with pytest.raises(ValueError, match="holds a finished training.*--output_dir"):
        train.train(**arguments, style_size=72, output_dir=finished)


@pytest.mark.parametrize("name", ["logs/server.log", "samples/2024.png", "config.json"])
def test_files_of_something_else_are_not_touched(arguments, tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"mine": 1}')
    with pytest.raises(ValueError, match="which is of no training .* --output_dir"):
        train.train(**arguments, output_dir=tmp_path)
    assert path.read_text() == '{"mine": 1}'
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


@pytest.mark.parametrize("name", ["file", "file/run"])
def test_directory_that_cannot_be_written_is_told_before_any_work(
    arguments, tmp_path, monkeypatch, name
):
    (tmp_path / "file").write_text("precious")
    monkeypatch.setattr(train.data, "from_folder", None)
    with pytest.raises(OSError, match=f"Cannot write in '.*{name}': .*--output_dir"):
        train.train(**arguments, output_dir=tmp_path / name)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"learning_rate": np.nan}, "--learning_rate is nan; give a number of 0 or"),
        ({"content_weight": np.nan}, "--content_weight is nan"),
        ({"total_variation_weight": np.inf}, "--total_variation_weight is inf"),
        ({"style_layer_weights": (-1,)}, "--style_layer_weights is -1"),
        ({"style_layers": ("block1_conv1",) * 2}, "give each once"),
    ],
)
def test_numbers_that_no_training_can_have_are_refused(
    arguments, tmp_path, given, message
):
    with pytest.raises(ValueError, match=message):
        train.train(**{**arguments, **given}, output_dir=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_precision_is_chosen_once(arguments, tmp_path, monkeypatch):
    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    automatic = {**arguments, "precision": "auto", "output_dir": tmp_path}
    with monkeypatch.context() as patch:
        patch.setattr(train, "faster_precision", lambda: "bfloat16")
        patch.setattr(keras.Model, "save", stop)
        with pytest.raises(KeyboardInterrupt):
            train.train(**automatic)
    # The machine now has other work, say.
    monkeypatch.setattr(train, "faster_precision", lambda: "float32")
    generator = keras.saving.load_model(train.train(**automatic))
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["config"]["precision"] == "bfloat16"
    assert {weight.dtype for weight in generator.weights} == {"float32"}


@pytest.mark.parametrize("name", ["precision", "loss_network"])
def test_unknown_choice_is_one_line(arguments, tmp_path, name):
    with pytest.raises(ValueError, match=f"{name} is 'half'; give one of"):
        train.train(**{**arguments, name: "half"}, output_dir=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_few_photographs_are_warned_of(arguments, tmp_path, caplog, monkeypatch):
    class Stop(Exception):
        pass

    def stop(*args, **kwargs):
        raise Stop

    monkeypatch.setattr(train.objective, "loss_network", stop)
    with pytest.raises(Stop), caplog.at_level("WARNING"):
        train.train(**arguments, output_dir=tmp_path / "few")
    assert "Only 11 photographs" in caplog.text
    caplog.clear()
    monkeypatch.setattr(train.data, "FEW_PICTURES", 11)
    with pytest.raises(Stop), caplog.at_level("WARNING"):
        train.train(**arguments, output_dir=tmp_path / "enough")
    assert "photographs" not in caplog.text


def test_drawn_pictures_need_no_photographs(arguments, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(train.data.crops, "photographs", list)
    drawn = {**arguments, "content_dir": None, "dataset": "synthetic", "steps": 3}
    train.train(**drawn, output_dir=tmp_path)
    assert "photographs" not in caplog.text
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["dataset"] == "synthetic" and config["photographs"] == 0


@pytest.mark.parametrize("step", [3, 5])  # before and after the first log entry
def test_nan_is_one_line_and_saves_nothing(arguments, tmp_path, monkeypatch, step):
    class Poisoned(keras.callbacks.TerminateOnNaN):
        def on_train_batch_begin(self, batch, logs=None):
            if batch + 1 == step:
                weight = self.model.generator.trainable_variables[0]
                weight.assign(weight * np.nan)

    monkeypatch.setattr(keras.callbacks, "TerminateOnNaN", Poisoned)
    with pytest.raises(ValueError, match=f"NaN at step {step}.*--learning_rate"):
        train.train(**arguments, output_dir=tmp_path)
    assert not (tmp_path / "generator.keras").exists()
    assert not (tmp_path / "run.json").exists()
    for backup in (tmp_path / "backup").glob("*.npz"):
        with np.load(backup) as state:
            assert all(np.isfinite(state[name]).all() for name in state)
    assert not (tmp_path / "log.csv").exists() or len(read_log(tmp_path)) == 1


def test_weights_that_become_nan_at_the_last_step_are_not_saved(
    arguments, tmp_path, monkeypatch
):
    class Poisoned(keras.callbacks.TerminateOnNaN):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)
            if batch + 1 == 6:  # after the last loss
                weight = self.model.generator.trainable_variables[0]
                weight.assign(weight * np.nan)

    monkeypatch.setattr(keras.callbacks, "TerminateOnNaN", Poisoned)
    with pytest.raises(ValueError, match="NaN at step 6.*--learning_rate"):
        train.train(**arguments, output_dir=tmp_path)
    assert not list(tmp_path.glob("*.keras"))
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["00000004.npz"]


@pytest.mark.parametrize("term", ["content", "style"])
def test_layers_and_their_weights_must_be_as_many(arguments, tmp_path, term):
    wrong = {**arguments, f"{term}_layer_weights": (1.0, 2.0)}
    with pytest.raises(ValueError, match=f"1 {term} layers and 2 weights"):
        train.train(**wrong, output_dir=tmp_path / "run")
    with pytest.raises(ValueError, match=f"0 {term} layers"):
        none = {**arguments, f"{term}_layers": ()}
        train.train(**none, output_dir=tmp_path / "run")
