"""Advice where an extra of the package, such as [serve], is not installed."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

BACKENDS = ("torch", "openvino")  # of Keras, which no extra installs
ROOT = Path(__file__).parents[1]  # the checkout, or the folder of all packages


def load(module: str, extra: str, problem: str) -> Any:
    """Return a module of a part that needs an extra.

    Args:
        module: Its full name.
        extra: Name of the extra.
        problem: What cannot be done without it, such as "Cannot paint a camera".

    Raises:
        OSError: The extra is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise OSError(f"{problem}: {advice(error, extra)}") from error


def missing(modules: Iterable[str], extra: str) -> str | None:
    """Return how to install an extra if one of its modules is missing; else None.

    The modules are looked for, and not loaded.

    Args:
        modules: Names of modules that it installs.
        extra: Its name.
    """
    for name in modules:
        if find_spec(name) is None:
            return advice(ImportError(f"No module named '{name}'", name=name), extra)
    return None


def advice(error: ImportError, extra: str, root: Path = ROOT) -> str:
    """Return how to install the extra that a failed import belongs to.

    Args:
        error: The error of the import.
        extra: Name of the extra, such as "serve".
        root: Folder that the package lies in.
    """
    if "pip install" in str(error):
        return str(error)  # the module that failed has given its advice
    if error.name in BACKENDS:
        return (
            f"{error}. Keras is told to use it by KERAS_BACKEND or by keras.json in "
            f"~/.keras. Install {error.name}, or set KERAS_BACKEND=tensorflow."
        )
    return f"{error}. Install the extra {extra}: pip install '{_source(root)}[{extra}]'"


def _source(root: Path) -> str:
    """Return what pip installs the package from: a folder, a wheel, or its name."""
    if (root / "setup.py").exists():
        return "."
    # Here, because they take long to load, and are needed where nothing else is done.
    import json
    from importlib import metadata
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    for distribution in metadata.distributions(name="fast-style", path=[str(root)]):
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")
        url = urlsplit(origin.get("url", ""))
        path = Path(url2pathname(url.path))
        if url.scheme == "file" and path.exists():
            return str(path)
    return "fast-style"
