"""What the scripts of the distillations share: their flags, and how they end."""

import dataclasses
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from absl import logging

from fast_style import script
from fast_style.distillation.settings import Settings
from fast_style.fields import FilePath, allowed, expanded

Kind = TypeVar("Kind", bound=Settings)


def run(program: str, main: Callable[[Sequence[str]], None]) -> None:
    """Run a script with what a person typed after its name.

    Args:
        program: Name of the script.
        main: Does its work.

    Raises:
        SystemExit: It failed or was interrupted.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as in training
    logging.use_absl_handler()
    logging.set_verbosity(logging.INFO)
    stopped = "stopped. The same command goes on from the last backup."
    with script.one_line_errors(program, interrupted=stopped):
        main([f"scripts/{program}", *sys.argv[1:]])


def read(
    flags: Any,
    argv: Sequence[str],
    description: str,
    kind: type[Kind],
    *,
    output: str,
    work_dir: str,
) -> tuple[Kind, str, str]:
    """Read the flags of a script: the settings, --output and --work_dir.

    Args:
        flags: The module absl.flags, which programs alone import.
        argv: As script.read_flags takes it, and the description.
        description: What the help says above the flags.
        kind: The dataclass of the settings.
        output: Help of --output.
        work_dir: Default of --work_dir.

    Returns:
        The settings and the two paths.

    Raises:
        ValueError: There is a mistake in a flag.
        SystemExit: The help was asked for.
    """
    fields = dataclasses.fields(kind)

    def define(values: Any) -> None:
        options = {"flag_values": values}
        flags.DEFINE_string("output", None, output, required=True, **options)
        help = "Folder of the backups."
        flags.DEFINE_string("work_dir", work_dir, help, **options)
        for field in fields:
            _define(flags, field, options)

    values = script.read_flags(flags, define, argv, description)
    given: dict[str, Any] = {field.name: values[field.name].value for field in fields}
    for field in fields:
        if field.type is FilePath:
            given[field.name] = expanded(given[field.name])
    return kind(**given), expanded(values.output), expanded(values.work_dir)


def _define(flags: Any, field: dataclasses.Field, options: dict[str, Any]) -> None:
    """Define the flag of a setting."""
    definers: dict[Any, Any] = {int: flags.DEFINE_integer, float: flags.DEFINE_float}
    needed = field.default is dataclasses.MISSING
    help, limits = field.metadata["help"], allowed(field)
    definers.get(field.type, flags.DEFINE_string)(
        field.name,
        None if needed else field.default,
        f"{help} Give {limits}." if limits else help,
        required=needed,
        **options,
    )
