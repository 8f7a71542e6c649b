"""Train styles: fast-style train --style wave.jpg --flagfile=quick"""

import contextlib
import dataclasses
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from absl import flags, logging

from fast_style import gallery, native_log, script
from fast_style.fields import FilePath, SettingError, allowed, expanded
from fast_style.training import checks, supervision
from fast_style.training.hosts import Hosts
from fast_style.training.settings import (
    Factors,
    Filters,
    Layers,
    Settings,
    Styles,
    StyleWeight,
)

DESCRIPTION = """\
Learn styles from paintings, and write a run directory with the trained generator.

  {program} --style painting.jpg --flagfile=quick
  {program} --style painting.jpg --flagfile=wave --content_dir=photographs

A recipe is a file of flags. --flagfile takes a recipe's name, or the path of a file of
your own; flags after it change it. The recipes are:
{recipes}.
"""

# The flag of a setting, by the setting's type.
DEFINERS: dict[Any, Callable] = {
    Styles: flags.DEFINE_multi_string,
    bool: flags.DEFINE_bool,
    bool | None: flags.DEFINE_bool,
    int: flags.DEFINE_integer,
    int | None: flags.DEFINE_integer,
    float: flags.DEFINE_float,
    float | None: flags.DEFINE_float,
    str: flags.DEFINE_string,
    str | None: flags.DEFINE_string,
    FilePath: flags.DEFINE_string,
    FilePath | None: flags.DEFINE_string,
    StyleWeight: flags.DEFINE_string,
    Filters: flags.DEFINE_list,
    Layers: flags.DEFINE_list,
    Factors: flags.DEFINE_list,
}


def define_flags(values: flags.FlagValues) -> None:
    """Define a flag for each setting, for the hosts, and --output_dir."""
    flags.DEFINE_string(
        "output_dir",
        "run",
        "The run directory. Given again, its training goes on where it stopped.",
        flag_values=values,
    )
    for field in (*dataclasses.fields(Settings), *dataclasses.fields(Hosts)):
        help, choices = field.metadata["help"], field.metadata["choices"]
        default, options = default_of(field), {"flag_values": values}
        if choices and field.type in (str, str | None):
            flags.DEFINE_enum(field.name, default, choices, help, **options)
        else:
            if limits := allowed(field):
                help = f"{help} Give {limits}."
            DEFINERS[field.type](field.name, default, help, **options)


def default_of(field: dataclasses.Field) -> Any:
    """Return the default of a flag from that of its setting."""
    if field.default is dataclasses.MISSING:
        return None
    return list(field.default) if isinstance(field.default, tuple) else field.default


def settings_of(values: flags.FlagValues) -> Settings:
    """Return the settings that the flags ask for.

    Raises:
        SettingError: A flag has a value outside its limits.
    """
    return Settings(**values_of(Settings, values))


def hosts_of(values: flags.FlagValues) -> Hosts:
    """Return the hosts that the flags tell of; see `settings_of`."""
    return Hosts(**values_of(Hosts, values))


def values_of(kind: type, values: flags.FlagValues) -> dict[str, Any]:
    """Return the values of the fields of a dataclass from those of its flags."""
    return {
        field.name: value_of(field, values[field.name].value)
        for field in dataclasses.fields(kind)
    }


def value_of(field: dataclasses.Field, value: Any) -> Any:
    """Return the value of a setting from that of its flag."""
    if field.type is Styles:
        return list(map(expanded, value or []))  # Settings refuse an empty list
    if value is None:
        return None
    if field.type in (FilePath, FilePath | None):
        return expanded(value)
    if field.type is Factors:
        return numbers(field.name, value, float)
    if field.type is Filters:
        return value[0] if len(value) == 1 else numbers(field.name, value, int)
    if field.type is StyleWeight:
        with contextlib.suppress(ValueError):  # Settings check words
            return float(value)
    return value


def numbers(name: str, words: Sequence[str], kind: Callable[[str], Any]) -> list[Any]:
    """Return words as numbers."""
    try:
        return [kind(word) for word in words]
    except ValueError:
        raise SettingError(
            name, f"is '{','.join(words)}'; give numbers with commas between them."
        ) from None


def main(argv: Sequence[str]) -> int:
    """Train, and return the exit status.

    Args:
        argv: What a person types to run this, and then the flags.

    Raises:
        SystemExit: Help was asked for, or the training failed or was interrupted.
    """
    program, recipes = argv[0], gallery.recipes()
    text = DESCRIPTION.format(program=program, recipes=", ".join(recipes))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's own remarks
    # Without it, TensorFlow is half as fast on processors that lack AVX-512.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    logging.set_verbosity(logging.INFO)  # until the flags are read
    with script.one_line_errors(program):
        values = script.read_flags(flags, define_flags, argv, text, recipes)
        settings, hosts = settings_of(values), hosts_of(values)
        hosts.check_batch(settings.batch_size)
        output_dir = expanded(values.output_dir)
        checks.check_files(settings, output_dir if hosts.first else None)
        arguments = settings, output_dir, logging.get_verbosity()
        if hosts.several:
            return supervision.run(program, hosts, run, *arguments)
        run(*arguments)
    return 0


def run(settings: Settings, output_dir: str, verbosity: int) -> None:
    """Train, and tell where the result is."""
    logging.use_absl_handler()
    logging.set_verbosity(verbosity)
    with native_log.off():
        import keras

        names = keras.distribution.list_devices()
    logging.info("Training on %s.", ", ".join(names))
    from fast_style.training import devices
    from fast_style.training.train import train

    path = train(settings, output_dir)
    if devices.is_first_host():
        print(f"Saved {path}. To go on from it: --base_model={path.parent}.")
    else:
        print("Done. The first host saves the result.")


if __name__ == "__main__":
    sys.exit(main([f"python -m {__package__}", *sys.argv[1:]]))
