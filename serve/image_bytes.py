"""Picture files of stylize_bytes, read as the SavedModel reads them.

A client of this server is a client of TensorFlow Serving, which has the readers of
fast_style/export/pictures.py: fewer kinds, not turned upright, without transparency.
"""

import io
import struct

import numpy as np

from fast_style import images, opening

from .requests import read_picture

FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP", "BMP")


def decode(data: bytes) -> np.ndarray:
    """Return the picture of a file, uint8 (H, W, 3); of a GIF the first frame.

    Transparent parts lie on white, those of a GIF on black.

    Raises:
        images.TooLarge: It has more pixels than the server takes.
        ValueError: TensorFlow cannot read the file, or it is too small.
    """
    file = io.BytesIO(data)
    file.name = "image_bytes"
    try:
        with opening.open_picture(file) as image:
            format = image.format
            frames = getattr(image, "n_frames", 1) if format == "WEBP" else 1
            _check(data, format or "", image.mode, frames)
        file.seek(0)
        picture = read_picture(file, upright=False)
    except images.Unreadable as error:
        raise ValueError(str(error)) from None  # TF Serving's status is 400, not 415
    if picture.alpha is None:
        return picture.pixels
    # In float32, as in the SavedModel.
    ground = np.float32(0 if format == "GIF" else 255)
    alpha = picture.alpha[..., None].astype(np.float32)
    return np.rint(ground - (ground - picture.pixels) * alpha / 255).astype(np.uint8)


def _check(data: bytes, format: str, mode: str, frames: int) -> None:
    """Refuse what TensorFlow does not read, or reads wrong."""
    if format not in FORMATS:
        raise ValueError(
            f"'image_bytes' is a {format} file, which TensorFlow does not read. "
            "Give JPEG, PNG, GIF, WebP or BMP."
        )
    if format == "WEBP" and (frames > 1 or mode != "RGB"):
        raise ValueError(
            "'image_bytes' is a WebP file that moves or has alpha, which TensorFlow "
            "does not read. Give a PNG file."
        )
    if format == "BMP":
        header = data[14:34].ljust(20, b"\0")
        size, _, _, _, bits, compression = struct.unpack("<IiiHHI", header)
        if size < 40 or bits not in (24, 32) or compression:
            raise ValueError(
                "'image_bytes' is a BMP file with a palette, under 24 bits or a "
                "compression, which TensorFlow reads wrong. Give a PNG file."
            )
