"""What a person reads where an extra is not installed."""

import json

import pytest

from fast_style import extras


def test_advice_in_a_checkout_names_the_checkout(tmp_path):
    (tmp_path / "setup.py").touch()
    error = ImportError("No module named 'flask'")
    assert extras.advice(error, "serve", tmp_path) == (
        "No module named 'flask'. Install the extra serve: pip install '.[serve]'"
    )


def test_advice_of_an_installed_package_names_the_package(tmp_path):
    advice = extras.advice(ImportError("No module named 'keras'"), "train", tmp_path)
    assert advice.endswith("pip install 'fast-style[train]'")


@pytest.mark.parametrize("exists", [True, False])
def test_advice_names_the_folder_that_the_package_was_installed_from(tmp_path, exists):
    source = tmp_path / "a copy"
    if exists:
        source.mkdir()
    information = tmp_path / "fast_style-0.1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Name: fast-style\n")
    origin = {"url": source.as_uri(), "dir_info": {}}
    (information / "direct_url.json").write_text(json.dumps(origin))
    advice = extras.advice(ImportError("No module named 'keras'"), "train", tmp_path)
    package = source if exists else "fast-style"  # it may be gone
    assert advice.endswith(f"pip install '{package}[train]'")


def test_a_backend_that_no_extra_installs_is_told_from_a_missing_extra(tmp_path):
    error = ModuleNotFoundError("No module named 'torch'", name="torch")
    assert extras.advice(error, "train", tmp_path) == (
        "No module named 'torch'. Keras is told to use it by KERAS_BACKEND or by "
        "keras.json in ~/.keras. Install torch, or set KERAS_BACKEND=tensorflow."
    )


def test_advice_is_given_once(tmp_path):
    error = ImportError(extras.advice(ImportError("No httpx"), "serve", tmp_path))
    assert extras.advice(error, "serve", tmp_path) == str(error)
