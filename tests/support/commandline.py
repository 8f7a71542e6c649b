"""Commands, for tests: fast-style, called here or as a process, and the scripts."""

import contextlib
import io
import os
import runpy
import subprocess
import sys
from pathlib import Path
from unittest import mock

from fast_style.command import cli, parsers


class Command:
    """fast-style in this process, with a model of the tests by default.

    Args:
        capsys: pytest's fixture, by which `fails` reads what was printed.
        model: The model of calls without --model; None for the package's own.
    """

    def __init__(self, capsys, model=None):
        self._capsys, self._model = capsys, model

    def __call__(self, *arguments):
        """Run the command and return its exit status."""
        words = [str(argument) for argument in arguments]
        if self._model and "--model" not in words:
            place = 1 if words and words[0] in parsers.COMMANDS else 0
            words[place:place] = ["--model", str(self._model)]
        try:
            return cli.main(["fast-style", *words])
        except SystemExit as stop:
            return stop.code

    def fails(self, *arguments):
        """Run a command that must fail with one line of error, and return that line."""
        assert self(*arguments) == 1
        error = self._capsys.readouterr().err
        assert error.startswith("fast-style: error: ") and error.count("\n") == 1
        return error


def files(folder):
    """Return the paths of all files in a folder and below it, sorted."""
    return sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    )


def run_process(*arguments, shell="", **options):
    """Run the command in a process of its own.

    Args:
        *arguments: What follows the command's name.
        shell: What a shell's line has after the command, such as ">&-".
        **options: Those of subprocess.run.
    """
    code = "from fast_style.command import cli; cli.run()"
    words = [sys.executable, "-c", code, *map(str, arguments)]
    if shell:
        words = ["sh", "-c", f'"$@" {shell}', "sh", *words]
    paths = {"PYTHONPATH": str(Path(cli.__file__).parents[2])}
    environment = {**os.environ, **paths, "PYTHONUNBUFFERED": ""}
    return subprocess.run(
        words,
        env={**environment, **options.pop("env", {})},
        capture_output=not {"stdout", "stderr"} & set(options),
        **options,
    )


def words_of(settings):
    """Return the flags of fast-style train that ask for a training's Settings."""
    values = settings.to_json()
    words = [f"--style={values.pop('style')[0]['path']}"]
    for name, value in values.items():
        if value is not None:
            text = ",".join(map(str, value)) if isinstance(value, list) else value
            words.append(f"--{name}={text}")
    return words


def run_script(name, *arguments):
    """Run a script of the folder scripts/ here, where TensorFlow is imported already.

    Returns:
        What subprocess.run returns of it.
    """
    words = [str(Path(__file__).parents[2] / "scripts" / name), *map(str, arguments)]
    output, errors, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.object(sys, "argv", words),
        mock.patch.object(sys, "path", [*sys.path]),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        try:
            runpy.run_path(words[0], run_name="__main__")
        except SystemExit as stop:  # its code is a status, or what to print before 1
            status = stop.code
    if isinstance(status, str):
        errors.write(f"{status}\n")
        status = 1
    texts = output.getvalue(), errors.getvalue()
    return subprocess.CompletedProcess(words, status or 0, *texts)
