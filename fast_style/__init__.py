"""Fast neural style transfer: a Stylizer applies what train.py and export.py make."""

__version__ = "0.1.0"
MIN_SIZE = 16  # px, of each side of a picture: the least that a network here takes
PHOTO = "photo"  # the row of a model's styles that gives the photograph itself
__all__ = ["MIN_SIZE", "PHOTO", "Stylizer", "__version__"]


def __getattr__(name):
    # Only who stylises pays for loading the interpreter.
    if name == "Stylizer":
        from fast_style.stylizer import Stylizer

        return Stylizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
