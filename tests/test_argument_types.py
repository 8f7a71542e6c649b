"""Paths on command lines; the range of numbers is tested with each command's flags."""

import argparse
import importlib
import os
import shutil
from pathlib import Path

import pytest

from fast_style import gallery
from fast_style.argument_types import path
from fast_style.export import __main__ as exporting
from serve.config import Config


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # on Windows
    return tmp_path


def test_tilde_is_the_home_folder(home):
    assert Path(path("~/a.jpg")) == home / "a.jpg"
    assert path("a~.jpg") == "a~.jpg"


def test_file_of_that_very_name_comes_first(home, monkeypatch):
    monkeypatch.chdir(home)
    os.mkdir("~")
    assert path("~") == "~" and Path(path("~/a.jpg")) == home / "a.jpg"


def test_empty_path_is_refused():
    with pytest.raises(argparse.ArgumentTypeError, match="it is empty. Give a path."):
        path("")


def test_server_takes_the_home_folder(home):
    read = Config.__dataclass_fields__["model"].metadata["type"]
    assert Path(read("~/a.tflite")) == home / "a.tflite"


def test_export_takes_the_home_folder(home, monkeypatch):
    called = {}
    shutil.copy(gallery.GENERATOR, home / "run.keras")
    module = importlib.import_module("fast_style.export.export")
    monkeypatch.setattr(module, "export", lambda **given: called.update(given) or [])
    exporting.main(["fast-style export", "--model=~/run.keras", "--output_dir=~/out"])
    assert Path(called["model"]) == home / "run.keras"
    assert Path(called["output_dir"]) == home / "out"
