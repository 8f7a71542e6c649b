"""Picture files of every kind that stylize_bytes may be sent, built in code."""

import io
import struct

import numpy as np
import picture_files
from PIL import Image

HEIGHT, WIDTH = 40, 56
_Y, _X = np.mgrid[0:HEIGHT, 0:WIDTH] / WIDTH
RGB = (np.stack([_X, _Y, (_X + _Y) / 2], -1) * 200 + 20).astype(np.uint8)
GREY = RGB.mean(-1).astype(np.uint8)
ALPHA = (255 * _X).astype(np.uint8)
COLOR, PALETTE = Image.fromarray(RGB), Image.fromarray(RGB).quantize(64)
RGBA = Image.fromarray(np.dstack([RGB, ALPHA]))
FRAMES = {"save_all": True, "append_images": [Image.fromarray(RGB[::-1].copy())]}
TURNED = Image.Exif()
TURNED[0x0112] = 6


def file(image, format, **options):
    """Return the bytes of a file by Pillow."""
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def png(color, values, **chunks):
    """Return the bytes of a PNG file of 16 bits."""
    rows = [row.tobytes() for row in values.astype(">u2")]
    return picture_files.png(WIDTH, HEIGHT, rows, 16, color, **chunks)


def bmp(bits, values, height=HEIGHT, compression=0):
    """Return the bytes of a BMP file, whose values are as they lie in it."""
    content = values.tobytes()
    sizes = len(content), 0, 0, 0, 0
    header = struct.pack(
        "<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, *sizes
    )
    start = struct.pack("<2sIHHI", b"BM", 54 + len(content), 0, 0, 54)
    return start + header + content


_BGR = RGB[..., ::-1]
_WIDE = RGB.astype(np.uint16) * 257 - 100 * (RGB > 100)
READABLE = {
    "JPEG": file(COLOR, "JPEG", quality=95),
    "JPEG, subsampled": file(COLOR, "JPEG", quality=75),
    "JPEG, progressive": file(COLOR, "JPEG", progressive=True),
    "JPEG, grey": file(Image.fromarray(GREY), "JPEG"),
    "JPEG, CMYK": file(COLOR.convert("CMYK"), "JPEG", quality=95),
    "JPEG, turned by EXIF": file(COLOR, "JPEG", exif=TURNED),
    "MPO": file(COLOR, "MPO", **FRAMES),
    "PNG": file(COLOR, "PNG"),
    "PNG, turned by EXIF": file(COLOR, "PNG", exif=TURNED),
    "PNG, grey": file(Image.fromarray(GREY), "PNG"),
    "PNG, grey and alpha": file(RGBA.convert("LA"), "PNG"),
    "PNG, alpha": file(RGBA, "PNG"),
    "PNG, palette": file(PALETTE, "PNG"),
    "PNG, palette of 4 bits": file(COLOR.quantize(16), "PNG", bits=4),
    "PNG, palette with a transparent colour": file(PALETTE, "PNG", transparency=3),
    "PNG, 4 bits with a transparent colour": file(
        COLOR.quantize(16), "PNG", bits=4, transparency=3
    ),
    "PNG, one bit": file(Image.fromarray(GREY).convert("1"), "PNG"),
    "PNG, 16 bits": png(2, _WIDE),
    "PNG, 16 bits, grey": png(0, _WIDE[..., 0]),
    "PNG, 16 bits, alpha": png(6, np.dstack([_WIDE, ALPHA * np.uint16(257)])),
    "PNG, linear": png(2, _WIDE, gAMA=struct.pack(">I", 100_000)),
    "GIF": file(PALETTE, "GIF"),
    "GIF, animated": file(PALETTE, "GIF", **FRAMES),
    "GIF, a transparent colour": file(PALETTE, "GIF", transparency=3),
    "WebP": file(COLOR, "WEBP", quality=95),
    "WebP, lossless": file(COLOR, "WEBP", lossless=True),
    "BMP": file(COLOR, "BMP"),
    "BMP, from the top": bmp(24, _BGR, height=-HEIGHT),
    "BMP, 32 bits": bmp(32, np.dstack([_BGR, ALPHA])[::-1]),
}
REFUSED = {
    "WebP, alpha": file(RGBA, "WEBP", lossless=True),
    "WebP, animated": file(COLOR, "WEBP", **FRAMES),
    "BMP, palette": file(PALETTE, "BMP"),
    "BMP, grey": file(Image.fromarray(GREY), "BMP"),
    "BMP, one bit": file(Image.fromarray(GREY).convert("1"), "BMP"),
    "BMP, 16 bits": bmp(16, _BGR[..., 0].astype("<u2")),
    "BMP, compressed": bmp(32, np.dstack([_BGR, ALPHA])[::-1], compression=3),
    "BMP, of OS/2": struct.pack("<2sIHHIIHHHH", b"BM", 26, 0, 0, 26, 12, 20, 20, 1, 24),
    "TIFF": file(COLOR, "TIFF"),
    "PPM": file(COLOR, "PPM"),
    "AVIF": file(COLOR, "AVIF"),
    "JPEG 2000": file(COLOR, "JPEG2000"),
    "text": b"no picture at all",
    "a byte": b"\xff",
    "nothing": b"",
    "BMP, cut short": file(COLOR, "BMP")[:20],
    "RIFF": b"RIFF\0\0\0\0WAVEfmt ",
    "PNG, cut short": file(COLOR, "PNG")[:150],
    "JPEG, cut short": file(COLOR, "JPEG")[:700],
}
