"""Picture files of every kind, built in code, with the picture that each one holds."""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

HEIGHT, WIDTH = 45, 61


@dataclass(frozen=True)
class Case:
    """A file and what must come of it.

    Args:
        name: Names the case, and the file by its suffix.
        data: The file's bytes.
        rgb: The picture, (H, W, 3) from 0 to 255; None where the file must be refused.
        alpha: Its alpha, (H, W) from 0 to 255, or None.
        tolerance: Grey levels that rounding and lossy compression may take.
        rare: Whether the file may also be refused.
        samples: What the independent reader must find in the file.
        decode: The independent reader.
    """

    name: str
    data: bytes
    rgb: np.ndarray | None
    alpha: np.ndarray | None = None
    tolerance: float = 1.0
    rare: bool = False
    samples: np.ndarray | None = None
    decode: Callable[[bytes], np.ndarray] | None = None


def scene() -> np.ndarray:
    """Return a smooth picture with all colours and alphas, (H, W, 4) from 0 to 1."""
    y, x = np.mgrid[:HEIGHT, :WIDTH] / [[[HEIGHT - 1]], [[WIDTH - 1]]]
    red, green = 0.5 + 0.5 * np.sin(5 * x), 0.5 + 0.5 * np.cos(4 * y)
    return np.stack([red, green, (x + y) / 2, (1.4 * x - 0.2).clip(0, 1)], -1)


def quantize(values: np.ndarray, dtype: str) -> np.ndarray:
    """Return values from 0 to 1 as samples of a type, its largest number being 1."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return values.astype(kind)
    return np.rint(values * np.iinfo(kind).max).astype(kind)


def grey_of(rgb: np.ndarray) -> np.ndarray:
    """Return three channels of the mean of the three, in any scale."""
    return np.repeat(rgb.mean(-1, keepdims=True), 3, -1)


def packed(values: np.ndarray, bits: int) -> bytes:
    """Return rows of whole numbers in some bits each, filled to bytes."""
    shifts = np.arange(bits)[::-1]
    digits = (values[..., None].astype(int) >> shifts) & 1
    return np.packbits(
        digits.reshape(len(values), -1).astype(np.uint8), axis=1
    ).tobytes()


def png(
    width: int, height: int, rows: list[bytes], depth: int, color: int, **chunks: bytes
) -> bytes:
    """Return a PNG file of packed rows, with chunks before its pixels."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))]
    parts += [(name.encode(), data) for name, data in chunks.items()]
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts += [(b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + name
        + data
        + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def tiff(width: int, height: int, data: bytes, **tags: int | tuple[int, ...]) -> bytes:
    """Return an uncompressed TIFF file of one strip; tags are t262=1 and the like."""
    numbers = {int(name[1:]): value for name, value in tags.items()}
    numbers |= {256: width, 257: height, 259: 1, 273: 8, 278: height, 279: len(data)}
    directory, beyond = b"", b""
    start = 8 + len(data) + 2 + 12 * len(numbers) + 4
    for tag, value in sorted(numbers.items()):
        values = value if isinstance(value, tuple) else (value,)
        long = tag in (273, 279)
        text = struct.pack(f"<{len(values)}{'I' if long else 'H'}", *values)
        if len(text) > 4:
            beyond += text
            text = struct.pack("<I", start + len(beyond) - len(text))
        directory += struct.pack("<HHI", tag, 4 if long else 3, len(values))
        directory += text.ljust(4, b"\0")
    head = b"II*\0" + struct.pack("<I", 8 + len(data)) + data
    return head + struct.pack("<H", len(numbers)) + directory + bytes(4) + beyond


def saved(image: Image.Image, format: str, **options) -> bytes:
    """Return the file that Pillow makes of a picture."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()
