"""What a request brings: its pictures, held in memory and within limits."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import numpy as np
from flask import Request, current_app, request
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from fast_style import MIN_SIZE, images
from fast_style.stylizer import Stylizer

# px that the network paints around a picture, both sides of it together, with its five
# residual blocks: what makes many tiny or thin pictures as much work as a large one.
AROUND = 108


class MemoryRequest(Request):
    """A request whose files stay in memory; Werkzeug's go to disk above 500 kB."""

    def _get_file_stream(self, *_args, **_kwargs) -> IO[bytes]:
        return io.BytesIO()


@contextmanager
def painter() -> Iterator[Stylizer]:
    """Lends a painter to this request; see `Backend.painter`.

    What costs much memory or time, reading the body too, is done while it is lent.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Content-Encoding is not known here. Leave it out.")
    with current_app.config["BACKEND"].painter() as lent:
        # A page gives up a preview when its slider moves on; waitress knows.
        if request.environ.get("waitress.client_disconnected", bool)():
            raise ClientDisconnected
        yield lent


def check_area(pictures: list[np.ndarray]) -> None:
    """Refuses what would take a painter too long, or too much memory.

    Args:
        pictures: uint8 (H, W, 3) each.

    Raises:
        images.TooLarge: one is more than a square of the largest size, or all together
            are more than two.
    """
    limit = current_app.config["LIMITS"].max_size
    most = (limit + AROUND) ** 2
    areas = [(len(one) + AROUND) * (one.shape[1] + AROUND) for one in pictures]
    if max(areas, default=0) > most or sum(areas) > 2 * most:
        raise images.TooLarge(
            f"What was sent is more to paint than {limit} x {limit} px. Send smaller "
            "pictures, or fewer."
        )


def read_picture(
    file: IO[bytes], *, max_size: int = 0, upright: bool = True
) -> images.Picture:
    """Reads a picture that was sent; see `images.read`.

    Raises:
        UnsupportedMediaType: it is of no known kind.
        ValueError: it is damaged or too small.
        images.TooLarge: it has too many pixels.
    """
    try:
        images.read_size(file)
    except images.TooLarge:
        raise
    except ValueError as error:
        raise UnsupportedMediaType(str(error)) from error
    file.seek(0)
    limit = 1_000_000 * current_app.config["LIMITS"].max_pixels
    return images.read(
        file,
        max_size=max_size,
        min_size=MIN_SIZE,
        max_pixels=min(limit, images.MAX_PIXELS),
        upright=upright,
    )
