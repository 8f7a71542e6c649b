"""What a request brings: its pictures, held in memory and within limits."""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, cast

import numpy as np
from flask import Request, current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from fast_style import MIN_SIZE, images
from fast_style.stylizer import Stylizer

GZIP = ("gzip", "x-gzip")


class MemoryRequest(Request):
    """A request whose files stay in memory, where Werkzeug would use the disk."""

    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return io.BytesIO()


@contextmanager
def lend_stylizer(*, gzip: bool = False) -> Iterator[Stylizer]:
    """Lend a stylizer to this request; see `Backend.lend_stylizer`.

    Whatever takes much memory or time happens while it is lent, even reading the body:
    the number of stylizers bounds both.

    Args:
        gzip: Whether the body may be packed by gzip; `read_body` unpacks it.
    """
    encoding = _encoding()
    if encoding != "identity" and not (gzip and encoding in GZIP):
        advice = "Use gzip, or leave it out." if gzip else "Leave it out."
        raise UnsupportedMediaType(f"Content-Encoding is not supported. {advice}")
    with current_app.config["BACKEND"].lend_stylizer() as stylizer:
        # A page abandons a preview when its slider moves on; waitress notices.
        if request.environ.get("waitress.client_disconnected", bool)():
            raise ClientDisconnected
        yield stylizer


def read_body() -> bytes:
    """Return the request's body, unpacked.

    Raises:
        ValueError: It is said to be packed by gzip, and is damaged.
        images.TooLarge: Unpacked, it is larger than a request may be.
    """
    body = request.get_data(cache=False)
    if _encoding() not in GZIP:
        return body
    megabytes = current_app.config["SETTINGS"].max_upload
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(body, 1_000_000 * megabytes + 1)
    except zlib.error as error:
        raise ValueError(f"The body is not gzip, or damaged ({error}).") from None
    if len(body) > 1_000_000 * megabytes:
        raise images.TooLarge(
            f"The request is over {megabytes} MB when unpacked. Send less."
        )
    if not unpacker.eof:
        raise ValueError("The body is cut short: its gzip has no end.")
    return body


def check_area(pictures: list[np.ndarray]) -> None:
    """Check that a stylizer can paint the pictures in reasonable time and memory.

    The network adds a margin to each picture, which makes many tiny or thin pictures as
    much work as a large one.

    Args:
        pictures: uint8 (H, W, 3) each.

    Raises:
        images.TooLarge: With its margin one picture is larger than a square of the
            largest size, or all of them together are larger than two.
    """
    largest = current_app.config["SETTINGS"].max_size
    margin = sum(current_app.config["BACKEND"].geometry.margin)
    limit = (largest + margin) ** 2
    areas = [
        (height + margin) * (width + margin)
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


def _encoding() -> str:
    return request.headers.get("Content-Encoding", "identity").strip().lower()
