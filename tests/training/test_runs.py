"""What a run directory may hold before a training, and what it records."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fast_style.training import runs

ROOT = Path(__file__).parents[2]

# What an earlier version's train() recorded of a training of one style from a base.
CONFIG = {
    "style": [
        {
            "path": "/paintings/scream.png",
            "name": "scream",
            "size": 384,
            "weight": 1.0,
            "sha256": "0b",
        }
    ],
    "style_size": 384,
    "photo": False,
    "filters": [4, 6, 8],
    "steps": 6,
    "learning_rate": 0.003,
    "backup_every": 200,
    "style_weight": 5.0,
    "adapted": ["scream"],
    "base_model_sha256": "c4",
    "style_weights": {"scream": 5.0},
    "photographs": 11,
}


@pytest.fixture
def interrupted(tmp_path):
    """A run directory of a training that has not ended."""
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    return tmp_path


@pytest.mark.parametrize("name", ["logs/server.log", "samples/2024.png", "config.json"])
def test_files_of_something_else_are_refused(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"mine": 1}')
    with (
        pytest.raises(ValueError, match="which no training wrote .*another output di"),
        runs.reserved(tmp_path),
    ):
        pass
    assert path.read_text() == '{"mine": 1}'
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


@pytest.mark.parametrize("name", ["file", "file/run"])
def test_a_directory_that_cannot_be_written_is_refused(tmp_path, name):
    (tmp_path / "file").write_text("precious")
    with (
        pytest.raises(OSError, match=f"Cannot write in '.*{name}': .*another output"),
        runs.reserved(tmp_path / name),
    ):
        pass


def test_a_new_directory_in_which_nothing_was_written_is_removed(tmp_path):
    with runs.reserved(tmp_path / "deep" / "run"):
        assert (tmp_path / "deep" / "run").exists()
    assert not (tmp_path / "deep" / "run").exists()


def test_one_training_at_a_time_has_a_directory(tmp_path):
    with (
        runs.reserved(tmp_path),
        pytest.raises(ValueError, match="Another training is under way in"),
        runs.reserved(tmp_path),
    ):
        pass
    with runs.reserved(tmp_path):
        pass


def test_a_training_that_was_killed_does_not_keep_its_directory(tmp_path):
    run = tmp_path / "run"
    code = (
        "import sys, time; from fast_style.training import runs\n"
        "with runs.reserved(sys.argv[1]):\n    print('kept', flush=True)\n"
        "    time.sleep(600)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, run],
        env={**os.environ, "KERAS_BACKEND": "numpy", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout.readline() == b"kept\n"
        with pytest.raises(ValueError, match="under way"), runs.reserved(run):
            pass
        process.kill()
    with runs.reserved(run):
        pass


def test_a_training_that_ended_meanwhile_is_not_overwritten(tmp_path, monkeypatch):
    def acquire(lock):
        (tmp_path / "generator.keras").touch()  # by the other one, as it ends

    monkeypatch.setattr(runs.FileLock, "acquire", acquire)
    with (
        pytest.raises(ValueError, match="holds a finished training"),
        runs.reserved(tmp_path),
    ):
        pass


def test_the_same_training_goes_on(interrupted):
    runs.check(interrupted)
    asked = {**CONFIG, "filters": (4, 6, 8), "backup_every": 10}
    runs.claim(interrupted, asked, goes_on=True)
    assert runs.recorded(interrupted, "backup_every") == 10


def test_a_training_goes_on_with_other_photographs_and_tells(interrupted, caplog):
    runs.claim(interrupted, {**CONFIG, "photographs": 12}, goes_on=True)
    told = (
        "photographs have changed: photographs was 11 and is 12. The training goes on"
    )
    assert told in caplog.text
    assert runs.recorded(interrupted, "photographs") == 12


def test_a_painting_may_be_moved_but_not_changed(interrupted):
    (style,) = CONFIG["style"]
    moved = {**CONFIG, "style": [{**style, "path": "/elsewhere/scream.png"}]}
    runs.claim(interrupted, moved, goes_on=True)
    edited = {**CONFIG, "style": [{**style, "sha256": "1c"}]}
    with pytest.raises(ValueError, match="style was .*'0b'.* and is .*'1c'"):
        runs.claim(interrupted, edited, goes_on=True)


@pytest.mark.parametrize(
    "changed, message",
    [
        ({"style_weight": 7.0}, "another training: style_weight was 5.0 and is 7.0. "),
        ({"base_model_sha256": "d5"}, "base_model_sha256 was 'c4' and is 'd5'"),
        ({"style": []}, "another training: style was .*scream"),
        ({"jit": True}, "jit was None and is True. Give the same settings"),
    ],
)
def test_another_training_does_not_go_on(interrupted, changed, message):
    with pytest.raises(ValueError, match=message):
        runs.claim(interrupted, {**CONFIG, **changed}, goes_on=True)
    assert runs.config(interrupted) == CONFIG


def test_a_training_without_a_backup_gives_its_directory_to_another(interrupted):
    runs.claim(interrupted, {**CONFIG, "steps": 7}, goes_on=False)
    assert runs.recorded(interrupted, "steps") == 7


def test_a_damaged_config_is_told(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ValueError, match="config.json' is damaged. Give another"):
        runs.check(tmp_path)


def test_a_directory_without_a_config_has_nothing_recorded(tmp_path):
    assert runs.recorded(tmp_path, "precision") is None
