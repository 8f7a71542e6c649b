"""Films: read, painted frame by frame, and written with all that is not pictures.

`stylize` paints a film. It needs the package's extra video.
"""

from fast_style import extras

try:
    import av  # noqa: F401
except ImportError as error:
    raise ImportError(extras.advice(error, "video")) from error

from fast_style.video.films import FilmOptions, Order, Painted, paint, stylize

__all__ = ["FilmOptions", "Order", "Painted", "paint", "stylize"]
