"""The command fast-style, for tests: called here, and as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from fast_style.command import cli


def fast_style(*arguments):
    return cli.main(["fast-style", *map(str, arguments)])


def fails(capsys, *arguments):
    """Runs a command that must fail with one line, and gives that line."""
    assert fast_style(*arguments) == 1
    out, err = capsys.readouterr()
    assert err.startswith("fast-style: error: ") and err.count("\n") == 1
    return err


def files(folder):
    return sorted(
        p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()
    )


def command(*arguments, **options):
    """Runs the command as a process of its own."""
    code = "from fast_style.command import cli; cli.run()"
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment,
        capture_output=not {"stdout", "stderr"} & set(options),
        **options,
    )
