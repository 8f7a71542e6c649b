"""A training that was interrupted goes on as if it had not been.

Nor does it see what a person's keras.json asks of Keras.
"""

import dataclasses
import json
import logging
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest
from commandline import words_of

from fast_style.training import __main__ as command
from fast_style.training.settings import Settings
from fast_style.training.train import train

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def words(long_settings):
    """The flags of a command that asks for these settings."""
    return words_of(long_settings)


@pytest.fixture(scope="module")
def killed(words, tmp_path_factory):
    """The run directory of a process that was killed in the middle.

    It was told by a keras.json of the person's own what a training should not see.
    """
    home = tmp_path_factory.mktemp("home")
    config = {"image_data_format": "channels_first", "floatx": "float16"}
    (home / "keras.json").write_text(json.dumps(config))
    output_dir = tmp_path_factory.mktemp("killed")
    process = subprocess.Popen(
        [sys.executable, ROOT / "train.py", *words, f"--output_dir={output_dir}"],
        env={**os.environ, "KERAS_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while process.poll() is None and not list(output_dir.glob("backup/*.npz")):
        time.sleep(0.01)
    process.kill()
    text = process.communicate()[0]
    assert process.returncode == -9, text
    assert not (output_dir / "generator.keras").exists()
    return output_dir


def test_another_training_does_not_go_on_in_its_directory(long_settings, killed):
    another = dataclasses.replace(long_settings, style_weight=7.0, backup_every=20)
    with pytest.raises(ValueError, match="style_weight was 'normal' and is 7.0. Give"):
        train(another, killed)
    assert list(killed.glob("backup/*.npz"))


def test_killed_training_ends_as_a_whole_one(long_settings, killed, finished, caplog):
    # As if killed after this row and before its backup, and within a backup.
    names = (killed / "log.csv").read_text().splitlines()[0]
    later = ",".join(["119", *["0"] * names.count(",")])
    (killed / "log.csv").write_text(f"{names}\n{later}\n")
    (killed / "backup" / "unfinished.tmp").write_bytes(b"half a backup")
    with caplog.at_level(logging.INFO, "absl"):
        train(dataclasses.replace(long_settings, backup_every=20), killed)
    step = json.loads((killed / "run.json").read_text())["resumed_at"]
    assert 0 < step < 120 and step % 10 == 0
    assert f"Going on from step {step} of 120." in caplog.text

    resumed, expected = (
        keras.saving.load_model(run / "generator.keras").get_weights()
        for run in (killed, finished)
    )
    for values, expected_values in zip(resumed, expected, strict=True):
        np.testing.assert_allclose(values, expected_values, rtol=0, atol=1e-5)

    log, expected_log = (
        np.genfromtxt(run / "log.csv", delimiter=",", names=True)
        for run in (killed, finished)
    )
    assert log.dtype.names == expected_log.dtype.names
    # Entries of steps that the kill undid are not kept.
    assert list(log["step"]) == [*range(step + 2, 121, 2)]
    rest = expected_log["loss"][expected_log["step"] > step]
    np.testing.assert_allclose(log["loss"], rest, rtol=1e-4)


@pytest.mark.usefixtures("eagerly")
def test_a_result_that_could_not_be_saved_is_saved_when_started_again(
    options, tmp_path
):
    settings = Settings(**{**options, "steps": 2})
    (tmp_path / "unfinished.keras").mkdir()  # in the way of the result
    with pytest.raises(OSError, match="unfinished.keras"):
        train(settings, tmp_path)
    with np.load(tmp_path / "backup" / "00000002.npz") as state:
        expected = state["arr_0"]
    (tmp_path / "unfinished.keras").rmdir()
    generator = keras.saving.load_model(train(settings, tmp_path))
    np.testing.assert_array_equal(generator.get_weights()[0], expected)
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["final"]["step"] == 2 and run["final"]["loss"] > 0


@pytest.mark.usefixtures("eagerly")
def test_nan_ends_the_command_in_one_line_with_the_last_backup_kept(words, tmp_path):
    more = f"--output_dir={tmp_path}", "--learning_rate=1e30"
    with pytest.raises(SystemExit) as stop:
        command.main(["python train.py", *words, *more])
    assert re.fullmatch(
        "train.py: error: The loss became NaN at step .*", stop.value.code
    )
    assert not list(tmp_path.glob("*.keras")) and not (tmp_path / "run.json").exists()
    for backup in (tmp_path / "backup").glob("*"):
        with np.load(backup) as state:
            assert all(np.isfinite(state[name]).all() for name in state)
