"""Files of the package that are not Python: the sample photograph and the recipes.

In a copy of the repository their folders lie beside the package, installed in it.
"""

from pathlib import Path

PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the path of a folder such as "flags"."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def recipes() -> dict[str, Path]:
    """Return the files of flags to train with, by name."""
    return {path.stem: path for path in sorted(folder("flags").glob("*.flags"))}


SAMPLE = folder("examples") / "astronaut.jpg"  # a photograph to try things on
