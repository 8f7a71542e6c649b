"""Sizes that keep the code readable in one sitting."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LINES = 300
FUNCTION_LINES = 50  # of the body, without the docstring
PARAMETERS = 8
LAYER_BASES = {"Layer", "Model"}


def tracked(*patterns):
    """The project's files of these names, as git knows them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        [*command, *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.exists()]


CODE = [p for p in tracked("*.py") if "tests" not in p.relative_to(ROOT).parts]
PAGE = tracked("serve/page/*.js", "serve/page/*.css", "serve/page/*.html")


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*CODE, *PAGE], ids=name_of)
def test_a_file_holds_one_thing(path):
    assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_function_does_one_thing(path):
    for function, owner in functions(ast.parse(path.read_text("utf-8"))):
        assert body_lines(function) <= FUNCTION_LINES, function.name
        if not (function.name == "__init__" and is_layer(owner)):
            assert parameters(function) <= PARAMETERS, function.name


def functions(tree):
    """Every function of a module with the class it is defined in, or None."""
    for parent in ast.walk(tree):
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node, parent if isinstance(parent, ast.ClassDef) else None


def body_lines(function):
    first = function.body[0]
    start = first.end_lineno if is_docstring(first) else first.lineno - 1
    return function.end_lineno - start


def is_docstring(node):
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return False
    return isinstance(node.value.value, str)


def parameters(function):
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return sum(argument.arg not in ("self", "cls") for argument in named)


def is_layer(owner):
    """Whether a class is a Keras layer or model, whose arguments are its config."""
    if owner is None:
        return False
    bases = {getattr(b, "attr", getattr(b, "id", "")) for b in owner.bases}
    return bool(bases & LAYER_BASES) or any(b.endswith("Convolution") for b in bases)


def test_the_checks_find_what_they_look_for():
    long = "\n".join(["def f(a, b=1, *, c, **d):", '    """Doc."""', *["    a"] * 51])
    ((function, owner),) = functions(ast.parse(long))
    assert (body_lines(function), parameters(function), owner) == (51, 3, None)
    layer = "class L(keras.Model):\n    def __init__(self, a): pass"
    ((function, owner),) = functions(ast.parse(layer))
    assert is_layer(owner) and parameters(function) == 1
