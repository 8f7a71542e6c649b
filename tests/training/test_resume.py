"""A training that was cut off goes on as if it had not been."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest

from fast_style.network.generator import Generator
from fast_style.training import train
from fast_style.training.callbacks import Backup

ROOT = Path(__file__).parents[2]
STEPS = 120


@pytest.fixture(scope="module")
def start(vgg16_weights, photographs, painting):
    """Starts train.py on a run directory, as a process of its own."""

    def start(output_dir, *flags):
        arguments = [
            f"--style={painting}",
            f"--content_dir={photographs}",
            f"--vgg16_weights={vgg16_weights}",
            f"--output_dir={output_dir}",
            f"--steps={STEPS}",
            "--image_size=32",
            "--batch_size=2",
            "--filters=4,6,8",
            "--residual_blocks=1",
            "--content_layers=block1_conv2",
            "--style_layers=block1_conv1,block1_conv2",
            "--style_layer_weights=1,0.5",
            "--precision=float32",
            "--backup_every=10",
            "--log_every=40",
            *flags,
        ]
        return subprocess.Popen(
            [sys.executable, str(ROOT / "train.py"), *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


@pytest.fixture(scope="module")
def runs(start, tmp_path_factory):
    """Run directories, one killed in the middle and one not, and the logs' texts."""
    folder = tmp_path_factory.mktemp("runs")
    killed, whole = folder / "killed", folder / "whole"
    both = start(killed), start(whole)
    while both[0].poll() is None and not list(killed.glob("backup/*.npz")):
        time.sleep(0.01)
    both[0].kill()
    both[0].communicate()
    assert both[0].returncode == -9
    assert not (killed / "generator.keras").exists()
    refused = start(killed, "--style_weight=7", "--backup_every=20")
    line = refused.communicate()[0]
    assert refused.returncode == 1
    # As if killed after this row and before its backup, and within a backup.
    (killed / "log.csv").write_text("step\n119\n")
    (killed / "backup" / "unfinished.tmp").write_bytes(b"half a backup")
    again = start(killed, "--backup_every=20")
    resumed = again.communicate()[0]
    assert again.returncode == 0, resumed
    text = both[1].communicate()[0]
    assert both[1].returncode == 0, text
    return {"killed": killed, "whole": whole, "refused": line, "resumed": resumed}


def test_killed_training_says_that_it_goes_on(runs):
    step = json.loads((runs["killed"] / "run.json").read_text())["resumed_at"]
    assert 0 < step < STEPS and step % 10 == 0
    assert f"Going on from step {step} of {STEPS}." in runs["resumed"]
    assert f"Saved {runs['killed'] / 'generator.keras'}" in runs["resumed"]


def test_killed_training_ends_with_the_weights_of_a_whole_one(runs):
    killed, whole = (
        keras.saving.load_model(runs[name] / "generator.keras").get_weights()
        for name in ("killed", "whole")
    )
    for one, other in zip(killed, whole, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)


def test_killed_training_ends_with_the_log_of_a_whole_one(runs):
    killed, whole = (
        np.genfromtxt(runs[name] / "log.csv", delimiter=",", names=True)
        for name in ("killed", "whole")
    )
    assert killed.dtype.names == whole.dtype.names
    assert list(killed["step"]) == list(whole["step"]) == [40, 80, 120]
    np.testing.assert_allclose(killed["loss"][1:], whole["loss"][1:], rtol=1e-4)


def test_another_training_in_its_directory_is_refused_in_one_line(runs):
    line = runs["refused"].strip().splitlines()[-1]
    assert line.startswith("train.py: error: ")
    assert "another training: style_weight was 5.0 and is 7.0. Give" in line
    assert "Traceback" not in runs["refused"]


def test_training_whose_result_could_not_be_saved_saves_it_when_started_again(
    vgg16_weights, photographs, painting, tmp_path, monkeypatch
):
    arguments = dict(
        style=str(painting),
        content_dir=str(photographs),
        vgg16_weights=str(vgg16_weights),
        output_dir=tmp_path,
        image_size=32,
        batch_size=1,
        steps=2,
        filters=(4, 6, 8),
        residual_blocks=0,
        content_layers=("block1_conv1",),
        style_layers=("block1_conv1",),
        backup_every=2,
    )

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Generator, "save", full)
        with pytest.raises(OSError, match="No space left"):
            train.train(**arguments)
    with np.load(tmp_path / "backup" / "00000002.npz") as state:
        expected = state["arr_0"]
    assert train.train(**arguments).exists()
    generator = keras.saving.load_model(tmp_path / "generator.keras")
    np.testing.assert_array_equal(generator.get_weights()[0], expected)
    run = json.loads((tmp_path / "run.json").read_text())
    assert run["final"]["step"] == 2 and run["final"]["loss"] > 0


class Trainer:
    """What a Backup looks at."""

    stop_training = False

    def __init__(self):
        self.generator = self.optimizer = self
        self.weights = [keras.Variable(np.arange(3.0))]
        self.iterations = keras.Variable(0, dtype="int32")
        self.variables = [self.iterations]

    def train(self, backup, steps):
        backup.set_model(self)
        for _ in range(steps):
            self.iterations.assign_add(1)
            self.weights[0].assign(self.weights[0] + 1)
            backup.on_train_batch_end(0)


def test_backup_keeps_the_newest(tmp_path):
    backup = Backup(tmp_path / "backup", 3)
    assert backup.step == 0
    Trainer().train(backup, 11)
    names = sorted(path.name for path in (tmp_path / "backup").iterdir())
    assert names == ["00000009.npz"]
    assert backup.step == 9


def test_backup_restores_weights_and_optimiser(tmp_path):
    backup, trainer = Backup(tmp_path, 3), Trainer()
    trainer.train(backup, 4)
    restored = Trainer()
    backup.restore(restored)
    assert int(restored.iterations) == 3
    np.testing.assert_array_equal(restored.weights[0].numpy(), [3, 4, 5])


def test_backup_that_cannot_be_written_leaves_the_older_one(tmp_path, monkeypatch):
    backup, trainer = Backup(tmp_path, 3), Trainer()
    trainer.train(backup, 3)

    def full(file, *arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        trainer.train(backup, 3)
    assert backup.step == 3
    backup.restore(Trainer())


def test_damaged_backup_is_told(tmp_path):
    backup = Backup(tmp_path, 3)
    Trainer().train(backup, 3)
    path = tmp_path / "00000003.npz"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match="00000003.npz' is damaged. Remove it"):
        backup.restore(Trainer())


def test_backup_is_not_made_of_a_training_gone_wrong(tmp_path):
    backup, trainer = Backup(tmp_path, 1), Trainer()
    trainer.stop_training = True
    trainer.train(backup, 1)
    assert backup.step == 0


def test_backup_of_weights_gone_wrong_does_not_take_a_good_ones_place(tmp_path):
    backup, trainer = Backup(tmp_path, 2), Trainer()
    trainer.train(backup, 3)
    trainer.weights[0].assign(np.array([1.0, np.nan, 2.0]))
    trainer.train(backup, 2)
    assert backup.step == 2


def test_nan_ends_the_command_in_one_line_with_the_last_backup_kept(start, tmp_path):
    process = start(tmp_path, "--learning_rate=1e30", "--warmup_steps=60")
    text = process.communicate()[0]
    assert process.returncode == 1
    last = text.strip().splitlines()[-1]
    assert last.startswith("train.py: error: The loss became NaN at step ")
    assert "Traceback" not in text
    assert not list(tmp_path.glob("*.keras")) and not (tmp_path / "run.json").exists()
    for backup in (tmp_path / "backup").glob("*"):
        with np.load(backup) as state:
            assert all(np.isfinite(state[name]).all() for name in state)
