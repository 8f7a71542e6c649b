"""The flags of fast-style train, which are the settings of a training."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from absl import flags

from fast_style.fields import SettingError
from fast_style.training import __main__ as program
from fast_style.training.hosts import Hosts
from fast_style.training.settings import Settings

ROOT = Path(__file__).parents[2]


def settings(*words):
    """Return the settings that words of the command line ask for."""
    values = flags.FlagValues()
    program.define_flags(values)
    values(["fast-style train", *words])
    return program.settings_of(values)


def test_there_is_a_flag_for_every_setting():
    values = flags.FlagValues()
    program.define_flags(values)
    fields = *dataclasses.fields(Settings), *dataclasses.fields(Hosts)
    assert set(values) == {field.name for field in fields} | {"output_dir"}
    for field in fields:
        assert field.metadata["help"] in values[field.name].help


def test_defaults_of_the_flags_are_those_of_the_settings():
    given = settings("--style=wave.jpg").to_json()
    assert given == Settings(style="wave.jpg").to_json()


def test_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # on Windows
    given = settings("--style=~/a.jpg,name=b", "--content_dir=~/photographs")
    assert given.paintings[0].path == tmp_path / "a.jpg"
    assert Path(given.content_dir) == tmp_path / "photographs"


def test_flags_give_values_of_the_settings_types():
    given = settings(
        "--style=a.jpg,name=b",
        "--style=c.jpg",
        "--nophoto",
        "--filters=4,6,8",
        "--style_weight=7",
        "--content_layers=block1_conv1,block2_conv1",
        "--content_layer_weights=1,0.5",
        "--steps=6",
        "--learning_rate=1e-2",
        "--download",
    )
    assert [painting.name for painting in given.paintings] == ["b", "c"]
    assert given.photo is False and given.download is True
    assert given.filters == [4, 6, 8]
    assert given.style_weight == 7.0
    assert given.content_layers == ["block1_conv1", "block2_conv1"]
    assert given.content_layer_weights == [1.0, 0.5]
    assert (given.steps, given.learning_rate) == (6, 0.01)
    words = settings("--style=a.jpg", "--filters=full", "--style_weight=gentle")
    assert (words.filters, words.style_weight) == ("full", "gentle")


@pytest.mark.parametrize(
    "word, message",
    [
        ("--filters=4,6,x", "filters is '4,6,x'; give numbers with commas"),
        ("--style_layer_weights=a", "style_layer_weights is 'a'; give numbers"),
        ("--style_weight=much", "style_weight is 'much'; give a number of 0 or"),
    ],
)
def test_words_that_are_no_numbers_are_refused(word, message):
    with pytest.raises(SettingError, match=message):
        settings("--style=a.jpg", word)


def run(*words):
    """Run train.py; return its exit status, its output and its errors."""
    done = subprocess.run(
        [sys.executable, ROOT / "train.py", *words], capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


def test_help_is_a_success_and_names_every_flag():
    status, text, errors = run("--help")
    assert (status, errors) == (0, "")
    for field in dataclasses.fields(Settings):
        assert f"{field.name}: " in text


@pytest.mark.parametrize(
    "words, line",
    [
        (["--style=a.jpg", "--steps=-1"], "--steps is -1; give 1 or more."),
        ([], "--style is empty; give the path of a painting."),
        (["--stlye=a.jpg"], "There is no flag --stlye. Did you mean --style?\n"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_flag(words, line):
    status, _, errors = run(*words)
    assert status == 1
    assert errors.startswith(f"train.py: error: {line}") and errors.count("\n") == 1


@pytest.mark.parametrize(
    "word, line",
    [
        ("--style=none.jpg", "Cannot open .*none.jpg"),
        ("--base_model=none", "Cannot find 'none'. Give a run directory"),
        ("--content_dir=none", "content_dir is 'none', which is no folder"),
        ("--vgg16_weights=none.h5", "vgg16_weights is 'none.h5', which is no file"),
        ("--output_dir=file", "Cannot write in 'file'"),
    ],
)
def test_a_wrong_path_is_told_before_keras_is_loaded(
    painting, tmp_path, monkeypatch, word, line
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(SystemExit, match=line):
        program.main(["fast-style train", f"--style={painting}", word])
