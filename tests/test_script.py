"""How programs such as fast-style train read their flags, and how they end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from absl import flags

from fast_style import gallery, script
from fast_style.fields import SettingError

ROOT = Path(__file__).parents[1]
STYLE = f"--style={ROOT / 'examples' / 'styles' / 'mosaic.png'}"
MODEL = f"--model={gallery.GENERATOR}"


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


@pytest.mark.parametrize("texts", [(), ("stopped. It can go on.",)])
def test_interruption_is_one_line_and_status_130(capsys, texts):
    with pytest.raises(SystemExit) as end, script.one_line_errors("demo"):
        raise KeyboardInterrupt(*texts)
    assert end.value.code == 130
    assert capsys.readouterr().err == f"demo: {''.join(texts) or 'stopped.'}\n"


def test_success_exits_with_nothing(capsys):
    with script.one_line_errors("demo"):
        pass
    assert capsys.readouterr().err == ""


def read(*words, recipes=None):
    """Read a command line, and return the values of its flags."""

    def define(values):
        flags.DEFINE_string("style", None, "Style.", flag_values=values)
        flags.DEFINE_integer("style_size", 1, "Size.", flag_values=values)
        flags.DEFINE_integer("steps", 1, "Steps.", flag_values=values)

    return script.read_flags(flags, define, ["demo", *words], "Shows.", recipes)


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
        (
            "word",
            "'word' belongs to no flag. Write --flag=value, each value with its flag.",
        ),
        ("--flagfile=none", "There is no flag file 'none'. Give its path."),
    ],
)
def test_mistake_with_a_flag_is_one_line(word, line):
    with pytest.raises(ValueError) as raised:
        read(word)
    assert str(raised.value) == line


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_is_a_success_with_every_flag(capsys, word):
    with pytest.raises(SystemExit) as end:
        read("--steps=2", word)
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("Shows.\nflags:\n  --steps: Steps.\n")
    assert "--style: " in text and "--style_size: " in text and "absl" not in text


@pytest.mark.parametrize("form", [["--flagfile=quick"], ["--flagfile", "quick"]])
def test_flag_file_is_found_by_the_name_of_a_recipe(form, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    recipe = tmp_path / "package" / "quick.flags"
    recipe.parent.mkdir()
    recipe.write_text("--style=a\n--steps=2\n")
    recipes = {"quick": recipe, "slow": recipe}
    values = read(*form, "--steps=3", recipes=recipes)
    assert (values.style, values.style_size, values.steps) == ("a", 1, 3)
    (tmp_path / "quick").mkdir()  # a run directory of that name is no flag file
    assert read(*form, recipes=recipes).steps == 2
    (tmp_path / "quick").rmdir()
    (tmp_path / "quick").write_text("--steps=5")  # a path comes first
    assert read(*form, recipes=recipes).steps == 5
    with pytest.raises(
        ValueError, match="'quik'. Give its path, or a recipe: quick, s"
    ):
        read("--flagfile=quik", recipes=recipes)


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
    flag = {"train.py": STYLE, "export.py": MODEL}[name]
    before = f"sys.modules['{package}'] = sys.modules['tensorflow'] = None"
    status, errors = run(name, flag, before=before)
    assert status == 1 and errors.startswith(f"{name}: error: ")
    assert errors.count("\n") == 1 and "[train]'" in errors


@pytest.mark.parametrize(
    "name, flag, module, function",
    [
        ("train.py", STYLE, "fast_style.training.train", "train"),
        ("export.py", MODEL, "fast_style.export.export", "export"),
    ],
)
def test_interrupted_script_ends_with_130(name, flag, module, function):
    before = (
        "def interrupted(*arguments, **options): raise KeyboardInterrupt\n"
        f"module = sys.modules['{module}'] = types.ModuleType('{module}')\n"
        f"module.{function} = interrupted\n"
        "keras = sys.modules['keras'] = types.ModuleType('keras')\n"
        "keras.distribution = types.SimpleNamespace(list_devices=lambda: ['cpu:0'])\n"
        "for name in ('training.devices', 'export.proof'):\n"
        "    sys.modules[f'fast_style.{name}'] = types.ModuleType(name)"
    )
    status, errors = run(name, flag, before=before)
    assert status == 130
    *log, last = errors.splitlines()
    assert last.startswith(f"{name}: stopped.")
    assert all("Training on cpu:0." in line for line in log)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGPIPE")
@pytest.mark.parametrize("package", ["training", "export"])
def test_reader_of_the_help_may_stop_early(package):
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-m", f"fast_style.{package}", "--help"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
        stdout=write,
        stderr=subprocess.PIPE,
    )
    os.close(write)
    assert (process.returncode, process.stderr) == (1, b"")


def test_export_without_a_model_says_what_to_give():
    line = "--model is missing; give a run directory or a .keras file."
    assert run("export.py") == (1, f"export.py: error: {line}\n")
