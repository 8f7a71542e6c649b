"""The words and flags of fast-style, its help, and their completion by a shell."""

import re
import shutil
import subprocess
import sys

import pytest
from commandline import Command, files

import fast_style
from fast_style.command import cli, commands, completion, parsers

PAINTING = [name for name in parsers.TEXTS if name != "styles"]


@pytest.fixture
def command(capsys, model):
    return Command(capsys, model)


@pytest.mark.parametrize("name", parsers.TEXTS)
def test_every_command_has_its_help(command, capsys, name):
    assert command(*filter(None, [name]), "--help") == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: fast-style {name or 'IN...'}")
    assert text == parsers.make_parser(name).format_help()
    assert max(map(len, text.splitlines())) <= 88


@pytest.mark.parametrize("name", PAINTING)
def test_help_shows_each_default(name):
    text = " ".join(parsers.make_parser(name).format_help().split())
    no_default = {"overwrite", "skip_existing", "json", "help", "version"}
    no_default |= {"print_completion", "resume", "nosteady", "painting"}
    flags = text[text.index("options:") :].split(" --")[1:]
    for flag in flags:
        assert "Default: " in flag or flag.split()[0] in no_default
    (max_size,) = (flag for flag in flags if flag.startswith("max_size"))
    assert f"Default: {512 if name else 0}." in max_size


def test_help_names_every_command():
    text = parsers.make_parser().format_help()
    for name in parsers.COMMANDS:
        assert f"\n  {name} " in text


def test_version_is_the_packages(command, capsys):
    assert command("--version") == 0
    assert capsys.readouterr().out == f"fast-style {fast_style.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.png", "b.png", "-o", "out", "--max_size", "40"],
        ["-o", "out", "a.png", "--max_size=40", "b.png"],
        ["--max-size", "40", "a.png", "-oout", "b.png"],
        ["a.png", "--output=out", "--max-size=40", "--", "b.png"],
    ],
)
def test_flags_and_pictures_come_in_any_order(folder, command, arguments):
    for name in ("a.png", "b.png"):
        shutil.copyfile("photo.png", name)
    assert command(*arguments) == 0
    assert files(folder / "out") == ["a.png", "b.png"]


def test_words_after_two_dashes_are_no_flags(folder, capsys, model):
    shutil.copyfile("photo.png", "--json")
    assert Command(capsys)("--model", model, "-o", "a.png", "--", "--json") == 0
    assert files(folder) == ["--json", "a.png", "photo.png"]


def test_picture_named_like_a_flag_is_told_how_to_be_given(folder, command):
    shutil.copyfile("photo.png", "-x.png")
    error = command.fails("-x.png", "photo.png")
    assert "no flag -x.png. Give the picture as ./-x.png." in error
    assert command("./-x.png") == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fantasy"], "fast-style has no flag --fantasy. See --help."),
        (["--stile=wave"], "has no flag --stile. Did you mean --style?"),
        (["sheet", "--style", "wave"], "fast-style sheet has no flag --style."),
        (["--style"], "argument -s/--style: it has no value. Give one.\n"),
        (
            ["--quality", "high"],
            "'high' is invalid. Give a whole number from 1 to 100.",
        ),
        (["--quality", "101"], "'101' is invalid. Give a whole number from 1 to 100."),
        (["--max_size=-1"], "Give 0 or a whole number of at least 16.\n"),
        (["--max_size=10"], "argument --max_size: '10' is invalid. Give 0 or a whole"),
        (["--strength", "nan"], "'nan' is invalid. Give a number from 0 to 1.\n"),
        (["--fade", "glass"], "(choose from "),
        (["--print-completion", "fish"], "(choose from "),
    ],
)
def test_wrong_flags_are_one_line(folder, command, arguments, message):
    assert message in command.fails(*arguments)


@pytest.mark.skipif(sys.platform != "linux", reason="an old bash, or none")
@pytest.mark.parametrize(
    ("words", "completions"),
    [
        (["ph"], {"photo.png"}),
        (["s"], {"styles", "sheet", "serve"}),
        (["sheet", "ph"], {"photo.png"}),
        (["photo.png", "--ke"], {"--keep_color"}),
        (["--keep_color", "l"], {"luminance"}),
        (["-o", "ph"], {"photo.png"}),
    ],
)
def test_bash_completes_words_flags_and_files(folder, words, completions):
    typed = " ".join(f"'{word}'" for word in ["fast-style", *words])
    script = (
        completion.script("bash")
        + f"""
        COMP_WORDS=({typed})
        COMP_CWORD={len(words)}
        _shtab_fast_style
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    )
    process = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert set(process.stdout.split()) == completions, process.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_knows_every_flag(command, capsys, shell):
    assert command("--print-completion", shell) == 0
    script = capsys.readouterr().out
    for name in parsers.TEXTS:
        for flag in re.findall(r"--(\w+)", parsers.make_parser(name).format_help()):
            assert flag in script


def test_interrupted_command_ends_with_130(monkeypatch):
    def stop(**_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "styles", stop)
    monkeypatch.setattr(sys, "argv", ["fast-style", "styles"])
    with pytest.raises(SystemExit) as end:
        cli.run()
    assert end.value.code == 130


def test_serve_hands_its_flags_over(capsys):
    assert Command(capsys)("serve", "--help") == 0
    assert capsys.readouterr().out.startswith("usage: fast-style serve ")


def test_serve_without_the_server_is_one_line(capsys, monkeypatch):
    for module in ("fast_style.serve", "serve.__main__"):
        monkeypatch.setitem(sys.modules, module, None)
    error = Command(capsys).fails("serve")
    assert error.endswith("Install the extra serve: pip install '.[serve]'\n")
