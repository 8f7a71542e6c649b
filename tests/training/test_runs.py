"""What a run directory may hold before a training, and what it records."""

import json

import numpy as np
import pytest

from fast_style.training import runs

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
    """A run directory with a backup."""
    (tmp_path / "backup").mkdir()
    np.savez(tmp_path / "backup" / "00000002.npz", 0)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    return tmp_path


@pytest.mark.parametrize("name", ["logs/server.log", "samples/2024.png", "config.json"])
def test_files_of_something_else_are_refused(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"mine": 1}')
    with pytest.raises(ValueError, match="which no training wrote .*another output di"):
        runs.check(tmp_path)
    assert path.read_text() == '{"mine": 1}'
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


@pytest.mark.parametrize("name", ["file", "file/run"])
def test_a_directory_that_cannot_be_written_is_refused(tmp_path, name):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(OSError, match=f"Cannot write in '.*{name}': .*another output"):
        runs.check(tmp_path / name)


def test_a_new_directory_is_not_made_by_the_check(tmp_path):
    runs.check(tmp_path / "deep" / "run")
    assert not (tmp_path / "deep" / "run").exists()


def test_the_same_training_goes_on(interrupted):
    runs.check(interrupted)
    asked = {**CONFIG, "filters": (4, 6, 8), "backup_every": 10}
    runs.claim(interrupted, asked)
    assert runs.recorded(interrupted, "backup_every") == 10


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
        runs.claim(interrupted, {**CONFIG, **changed})
    assert runs.config(interrupted) == CONFIG


def test_a_training_without_a_backup_gives_its_directory_to_another(interrupted):
    (interrupted / "backup" / "00000002.npz").unlink()
    runs.claim(interrupted, {**CONFIG, "steps": 7})
    assert runs.recorded(interrupted, "steps") == 7


def test_a_damaged_config_is_told(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ValueError, match="config.json' is damaged. Give another"):
        runs.check(tmp_path)


def test_a_directory_without_a_config_has_nothing_recorded(tmp_path):
    assert runs.recorded(tmp_path, "precision") is None
