"""Fast neural style transfer: apply painted styles to photographs, and train new ones.

`Stylizer` applies a style, `images` reads and writes pictures. Both are loaded when
they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fast_style import images
    from fast_style.stylizer import Stylizer

__version__ = "0.1.0"
__all__ = ["Stylizer", "images"]
MIN_SIZE = 16  # px, the shortest side of a picture that a generator takes
PHOTO = "photo"  # name of the row that is the photograph itself


def __getattr__(name: str) -> Any:
    if name == "Stylizer":
        return import_module("fast_style.stylizer").Stylizer
    if name == "images":
        return import_module("fast_style.images")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})  # for help(), which asks for what is listed
