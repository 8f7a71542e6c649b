"""How scripts such as train.py and export.py end."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from absl import flags

from fast_style import script
from fast_style.fields import SettingError

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "error, line",
    [
        (ValueError("steps is -1."), "demo: error: steps is -1."),
        (OSError("No such file."), "demo: error: No such file."),
        (SettingError("steps", "is -1."), "demo: error: --steps is -1."),
    ],
)
def test_an_error_is_one_line(error, line):
    with pytest.raises(SystemExit) as end, script.one_line_errors("demo"):
        raise error
    assert end.value.code == line


def test_missing_package_is_named_with_its_extra():
    with (
        pytest.raises(SystemExit, match=r"demo: .*'absl'.* pip install .*\[serve\]"),
        script.one_line_errors("demo", extra="serve"),
    ):
        raise ImportError("No module named 'absl'")


def test_interruption_is_one_line_and_status_130(capsys):
    with (
        pytest.raises(SystemExit) as end,
        script.one_line_errors("demo", interrupted="stopped. It can go on."),
    ):
        raise KeyboardInterrupt
    assert end.value.code == 130
    assert capsys.readouterr().err == "demo: stopped. It can go on.\n"


def test_success_exits_with_nothing(capsys):
    with script.one_line_errors("demo"):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "word, line",
    [
        ("--stlye=a", "There is no flag --stlye. Did you mean --style?"),
        ("--xyz", "There is no flag --xyz. See demo --help."),
        ("--style", "Missing value for flag --style. See demo --help."),
        (
            "--steps=0.5",
            "flag --steps=0.5: invalid literal for int() with base 10: '0.5'. "
            "See demo --help.",
        ),
    ],
)
def test_mistake_with_a_flag_is_one_line(word, line):
    values = flags.FlagValues()
    flags.DEFINE_string("style", None, "Style.", flag_values=values)
    flags.DEFINE_integer("style_size", 1, "Size.", flag_values=values)
    flags.DEFINE_integer("steps", 1, "Steps.", flag_values=values)
    module = SimpleNamespace(**{**vars(flags), "FLAGS": values})
    with pytest.raises(ValueError) as raised:
        script.flags_parser(module, "demo")(["demo", word])
    assert str(raised.value) == line


def run(name, *words, before=""):
    """Run a script after a piece of code; return its exit status and its errors."""
    code = (
        f"import runpy, sys, types\n{before}\nsys.argv = {[name, *words]!r}\n"
        f"runpy.run_path({str(ROOT / name)!r}, run_name='__main__')"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return process.returncode, process.stderr


@pytest.mark.parametrize("name", ["train.py", "export.py"])
@pytest.mark.parametrize("package", ["absl", "keras"])
def test_script_without_its_extra_names_it(name, package):
    flag = {"train.py": "--style=a.jpg", "export.py": "--model=run"}[name]
    before = f"sys.modules['{package}'] = sys.modules['tensorflow'] = None"
    status, errors = run(name, flag, before=before)
    assert status == 1 and errors.startswith(f"{name}: error: ")
    assert errors.count("\n") == 1 and "[train]'" in errors


@pytest.mark.parametrize(
    "name, flag, module, function",
    [
        ("train.py", "--style=a.jpg", "fast_style.training.train", "train"),
        ("export.py", "--model=run", "fast_style.export", "export"),
    ],
)
def test_interrupted_script_ends_with_130(name, flag, module, function):
    before = (
        "def interrupted(*arguments, **options): raise KeyboardInterrupt\n"
        f"module = sys.modules['{module}'] = types.ModuleType('{module}')\n"
        f"module.{function} = interrupted; module.proof = types.SimpleNamespace()"
    )
    status, errors = run(name, flag, before=before)
    assert status == 130
    assert errors.startswith(f"{name}: stopped.") and errors.count("\n") == 1


def test_export_without_a_model_says_what_to_give():
    line = "--model is missing; give a run directory or a .keras file."
    assert run("export.py") == (1, f"export.py: error: {line}\n")
