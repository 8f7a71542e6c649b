"""Serve the styles over HTTP: python -m serve, or fast-style serve."""

import argparse
import sys
from dataclasses import fields

from fast_style import extras
from fast_style.argument_types import number

from .config import Config


def parser(program: str) -> argparse.ArgumentParser:
    """Return the parser of the flags; absl's own, such as --verbosity, are known too.

    Args:
        program: What a person types to run this, for the help.
    """
    from absl.flags import argparse_flags

    class Parser(argparse_flags.ArgumentParser):
        def error(self, message: str) -> None:
            reason = message.rstrip(".")
            self.exit(1, f"{prefix(program)} {reason}. See {program} --help.\n")

    flags = Parser(
        prog=program,
        description="Serve the styles over HTTP, to people and to programs.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=88),
        allow_abbrev=False,
    )
    flags.add_argument(
        "--host",
        default="127.0.0.1",
        help="Address to listen on; 0.0.0.0 opens the server to the network. "
        "Default: 127.0.0.1.",
    )
    flags.add_argument(
        "--port",
        type=number(int, 0, 65535),
        default=8080,
        help="Port to listen on; 0 takes a free one. Default: 8080.",
    )
    for setting in fields(Config):
        text = setting.metadata["help"]
        if setting.metadata["type"] is bool:
            text += " Default: no."
            flags.add_argument(f"--{setting.name}", action="store_true", help=text)
            continue
        if setting.default is not None:
            text += f" Default: {setting.default}."
        flags.add_argument(
            f"--{setting.name}",
            type=setting.metadata["type"],
            default=setting.default,
            help=text,
        )
    return flags


def main(argv: list[str]) -> int:
    """Serve until a signal ends it, and return the exit status.

    Args:
        argv: What a person types to run this, and then the flags.
    """
    try:
        from absl import logging

        logging.use_absl_handler()
        logging.set_verbosity(logging.INFO)
        settings = vars(parser(argv[0]).parse_args(argv[1:]))
        address = {name: settings.pop(name) for name in ("host", "port")}
        from .server import run

        run(Config(**settings), **address)
    except ImportError as error:
        return _fail(argv[0], extras.advice(error, "serve"))
    except (OSError, ValueError) as error:
        return _fail(argv[0], str(error))
    return 0


def prefix(program: str) -> str:
    """Return how an error begins: "serve: error:" for `python -m serve`."""
    return f"{program.removeprefix('python -m ').split()[0]}: error:"


def _fail(program: str, reason: str) -> int:
    print(prefix(program), reason, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main([f"python -m {__package__}", *sys.argv[1:]]))
