"""Completion of fast-style's words and flags by shells."""

import argparse
from typing import Any

import shtab

from fast_style.command import parsers

_BASH = """\
_fast_style_words() {
  compgen -W '%s' -- "$1"
  compgen -f -- "$1"
}"""


class _Parser(argparse.ArgumentParser):
    """A parser that marks which of its flags take a file."""

    def add_argument(self, *names: str, **settings: Any) -> argparse.Action:
        action = super().add_argument(*names, **settings)
        if settings.get("metavar") in ("OUT", "FILE"):
            _complete(action, shtab.FILE)
        return action


def script(shell: str) -> str:
    """Return the script by which a shell completes fast-style's command lines.

    Flags of all commands are offered everywhere, because shtab offers no files where it
    offers commands.

    Args:
        shell: "bash", "zsh" or "tcsh".
    """
    parser = _Parser(prog="fast-style", add_help=False, conflict_handler="resolve")
    for command in reversed(parsers.TEXTS):
        parsers.add_flags(parser, command)
    words = " ".join(parsers.COMMANDS)
    zsh = "{_files; compadd -- " + words + "}"
    functions = {"bash": "_fast_style_words", "zsh": zsh, "tcsh": "f"}
    # bash offers files for all that "*" takes. zsh and tcsh count each as one word.
    for name in ("first", "second", "third"):
        argument = parser.add_argument(name, nargs="*", help="a picture or a command")
        _complete(argument, functions)
    return shtab.complete(parser, shell, preamble={"bash": _BASH % words})


def _complete(action: argparse.Action, functions: dict[str, str]) -> None:
    """Tell shtab by which function each shell completes an argument."""
    action.complete = functions  # type: ignore[attr-defined]
