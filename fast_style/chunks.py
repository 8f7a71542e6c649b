"""Parts of files that Pillow does not look at: checksums, colours, depths."""

import struct
import zlib
from typing import BinaryIO

_HEADERS = (
    1 << 23
)  # bytes at the start of a file that hold its boxes; a profile is large
_JPEG2000_PIXELS = b"\xff\x4f\xff\x51"  # begins them, and their headers
_PIECE = 1 << 20  # bytes that are inflated at a time


def of_png(file: BinaryIO) -> dict[bytes, bytes]:
    """Return a PNG file's chunks by their names, without those of the pixels.

    Raises:
        ValueError: A checksum of the pixels is wrong, which Pillow does not notice.
    """
    chunks: dict[bytes, bytes] = {}
    file.seek(8)
    while len(head := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", head)
        if name == b"IEND":
            break
        data, checksum = file.read(length), file.read(4)
        if name != b"IDAT":
            chunks.setdefault(name, data)
        elif checksum != struct.pack(">I", zlib.crc32(data, zlib.crc32(name))):
            raise ValueError("a checksum is wrong")
    return chunks


def check_deflated(file: BinaryIO, starts: list[int], lengths: list[int]) -> None:
    """Check the sums of a TIFF file's deflated parts, which libtiff does not read.

    Raises:
        ValueError, zlib.error: A part is damaged.
    """
    for start, length in zip(starts, lengths, strict=False):
        file.seek(start)
        inflater, data = zlib.decompressobj(), file.read(length)
        while data and not inflater.eof:
            inflater.decompress(data, _PIECE)
            data = inflater.unconsumed_tail
        if not inflater.eof:
            raise ValueError("a deflated part has no end")


def colors_of_boxes(file: BinaryIO) -> list[bytes]:
    """Return what the boxes `colr` of an AVIF or JPEG 2000 file hold.

    Reference:
        ISO/IEC 14496-12 and ISO/IEC 15444-1.
    """
    file.seek(0)
    start = file.read(_HEADERS).partition(_JPEG2000_PIXELS)[0]
    colors, place = [], start.find(b"colr")
    while place > 3:
        (length,) = struct.unpack(">I", start[place - 4 : place])
        colors.append(start[place + 4 : place - 4 + length])
        place = start.find(b"colr", place + 4)
    return colors


def depth_of_jpeg2000(file: BinaryIO) -> int:
    """Return the bits of the first channel of a JPEG 2000 file."""
    file.seek(0)
    _, found, codestream = file.read(_HEADERS).partition(_JPEG2000_PIXELS)
    return (codestream[38] & 0x7F) + 1 if found else 0
