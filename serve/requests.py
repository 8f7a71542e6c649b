"""What a request brings: its pictures, held in memory and within limits."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, cast

import numpy as np
from flask import Request, current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from fast_style import MIN_SIZE, images
from fast_style.stylizer import Stylizer


class MemoryRequest(Request):
    """A request whose files stay in memory, where Werkzeug would use the disk."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return io.BytesIO()


@contextmanager
def lend_stylizer() -> Iterator[Stylizer]:
    """Lend a stylizer to this request; see `Backend.lend_stylizer`.

    Whatever takes much memory or time happens while it is lent, even reading the body:
    the number of stylizers bounds both.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Content-Encoding is not supported. Leave it out.")
    with current_app.config["BACKEND"].lend_stylizer() as stylizer:
        # A page abandons a preview when its slider moves on; waitress notices.
        if request.environ.get("waitress.client_disconnected", bool)():
            raise ClientDisconnected
        yield stylizer


def check_area(pictures: list[np.ndarray]) -> None:
    """Check that a stylizer can paint the pictures in reasonable time and memory.

    The network paints a border around each picture, which makes many tiny or thin
    pictures as much work as a large one.

    Args:
        pictures: uint8 (H, W, 3) each.

    Raises:
        images.TooLarge: With its border one picture is larger than a square of the
            largest size, or all of them together are larger than two.
    """
    largest = current_app.config["SETTINGS"].max_size
    border = current_app.config["BACKEND"].border
    limit = (largest + border) ** 2
    areas = [
        (height + border) * (width + border)
        for height, width, _ in (pixels.shape for pixels in pictures)
    ]
    if max(areas, default=0) > limit or sum(areas) > 2 * limit:
        raise images.TooLarge(
            f"The request holds more to paint than {largest} x {largest} px. "
            "Send smaller pictures, or fewer."
        )


def read_picture(
    file: BinaryIO | FileStorage, *, max_size: int = 0, upright: bool = True
) -> images.Picture:
    """Read a picture that was sent; see `images.read` for arguments and errors."""
    limit = 1_000_000 * current_app.config["SETTINGS"].max_pixels
    return images.read(
        cast(BinaryIO, file),  # a FileStorage has the methods of its stream
        max_size=max_size,
        min_size=MIN_SIZE,
        max_pixels=min(limit, images.MAX_PIXELS),
        upright=upright,
    )
