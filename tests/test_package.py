"""What the package offers by its own name."""

import ast
import pydoc
import re
from pathlib import Path

import pytest

import fast_style

ROOT = Path(__file__).parents[1]


def names_in_the_documents():
    """Return what the documents' Python examples import from the package."""
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    text = "\n".join(path.read_text("utf-8") for path in documents)
    examples = re.findall(r"```python\n(.*?)```", text, re.S)
    return {
        alias.name
        for example in examples
        for node in ast.walk(ast.parse(example))
        if isinstance(node, ast.ImportFrom) and node.module == "fast_style"
        for alias in node.names
    }


def test_public_names_are_those_that_the_documents_import():
    assert set(fast_style.__all__) == names_in_the_documents()


def test_public_names_are_loaded_when_they_are_asked_for():
    for name in fast_style.__all__:
        assert getattr(fast_style, name) is not None


def test_help_shows_what_the_package_offers():
    text = pydoc.plain(pydoc.render_doc(fast_style))
    assert "class Stylizer" in text and "stylize(self, pixels" in text
    assert set(fast_style.__all__) <= set(dir(fast_style))


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="'fast_style' has no attribute 'paint'"):
        _ = fast_style.paint
