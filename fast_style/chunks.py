"""Parts of files that Pillow does not look at: checksums, colours, depths."""

import struct
import zlib
from typing import BinaryIO

_HEADERS = (
    1 << 23
)  # bytes at the start of a file that hold its boxes; a profile is large
_JPEG2000_PIXELS = b"\xff\x4f\xff\x51"  # begins them, and their headers
_JPEG_XL_SIDES = (9, 13, 18, 30)  # bits of a side's length, by its two bits before
_JPEG_XL_RATIOS = ((0, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
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


def size_of_jpeg_xl(file: BinaryIO) -> tuple[int, int]:
    """Return the width and height in px of a JPEG XL file, of which no more is decoded.

    Raises:
        ValueError, struct.error: The file is damaged.

    Reference:
        ISO/IEC 18181-1 and 18181-2.
    """
    start = _start_of_jpeg_xl(file)
    if start[:2] != b"\xff\x0a":
        raise ValueError("it has no pictures")
    bits = int.from_bytes(start[2:], "little")

    def take(count: int) -> int:
        nonlocal bits
        value, bits = bits & ((1 << count) - 1), bits >> count
        return value

    small = take(1)

    def side() -> int:
        return 8 * (take(5) + 1) if small else take(_JPEG_XL_SIDES[take(2)]) + 1

    height = side()
    across, down = _JPEG_XL_RATIOS[take(3)]
    return height * across // down if across else side(), height


def _start_of_jpeg_xl(file: BinaryIO) -> bytes:
    """Return the first bytes of the pixels' stream, which may lie in boxes."""
    file.seek(0)
    start = file.read(16)
    if start[4:8] != b"JXL ":
        return start
    place, stream = 12, b""
    while len(stream) < 16:
        file.seek(place)
        head = file.read(16)
        length, name = struct.unpack(">I4s", head[:8])
        inside = place + 8
        if length == 1:  # a long one follows
            (length,) = struct.unpack(">Q", head[8:])
            inside += 8
        if name in (b"jxlc", b"jxlp"):
            file.seek(inside + 4 * (name == b"jxlp"))
            stream += file.read(min(16, place + length - file.tell()) if length else 16)
        if length < 8:  # to the end of the file
            break
        place += length
    return stream
