"""What the scripts of the distillations share: their flags, and how they end."""

import dataclasses
import os
import sys
from collections.abc import Callable
from typing import Any

from absl import logging

from fast_style import native_log, script
from fast_style.distillation.settings import Settings
from fast_style.fields import FilePath, allowed, expanded


def run(
    flags: Any,
    name: str,
    description: str,
    kind: type[Settings],
    load: Callable[[], Callable[..., None]],
    *,
    output: str,
    work_dir: str,
) -> None:
    """Run a script by the flags that a person typed after its name.

    Args:
        flags: The module absl.flags, which programs alone import.
        name: Of the script.
        description: What the help says above the flags.
        kind: The dataclass of its settings.
        load: Imports and returns the function that does the work; it takes the
            settings, --output and --work_dir.
        output: Help of --output.
        work_dir: Default of --work_dir.

    Raises:
        SystemExit: Help was asked for, or the script failed or was interrupted.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as in training
    logging.use_absl_handler()
    logging.set_verbosity(logging.INFO)
    stopped = "stopped. The same command goes on from the last backup."

    def define(values: Any) -> None:
        options = {"flag_values": values}
        flags.DEFINE_string("output", None, output, required=True, **options)
        help = "Folder of the backups."
        flags.DEFINE_string("work_dir", work_dir, help, **options)
        for field in dataclasses.fields(kind):
            _define(flags, field, options)

    with script.one_line_errors(name, interrupted=stopped):
        argv = [f"scripts/{name}", *sys.argv[1:]]
        values = script.read_flags(flags, define, argv, description)
        settings = kind(**_given(kind, values))
        with native_log.off():
            import keras

            work = load()
            keras.distribution.list_devices()
        work(settings, expanded(values.output), expanded(values.work_dir))


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


def _given(kind: type[Settings], values: Any) -> dict[str, Any]:
    """Return the values of the settings from those of their flags."""
    given = {field: values[field.name].value for field in dataclasses.fields(kind)}
    return {
        field.name: expanded(value) if field.type is FilePath else value
        for field, value in given.items()
    }
