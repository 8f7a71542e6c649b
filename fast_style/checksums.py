"""A checksum of a whole model file, which tells a damaged one from a sound one.

Every model file is a zip archive or ends in one, and an archive may end in a comment.
The comment is the checksum of all that stands before it. Other readers pass it over.
"""

import os
import zlib
from pathlib import Path

_MARK = b"crc32 "
_DIGITS = 8
_END_BYTES = 22  # of an archive's end without a comment; it begins with _END
_END = b"PK\5\6"


def seal(content: bytes) -> bytes:
    """Return a model file's content with its checksum.

    Args:
        content: The file, which ends in a zip archive without a comment.
    """
    length = len(_MARK) + _DIGITS
    body = content[:-2] + length.to_bytes(2, "little") + _MARK
    return body + _checksum(body)


def read(path: str | os.PathLike, remedy: str) -> bytes:
    """Return the content of a model file.

    Args:
        path: The file. One of an earlier version has no checksum and is taken as it is.
        remedy: What to do about a damaged file; it ends the error.

    Raises:
        OSError: The file cannot be opened.
        ValueError: The file is damaged, or no archive.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise OSError(f"Cannot open '{path}': {error.strerror}.") from error
    if not (_is_sealed(content) or _is_of_an_earlier_version(content)):
        raise ValueError(f"'{path}' is damaged, or no model of fast_style. {remedy}")
    return content


def _checksum(body: bytes) -> bytes:
    return b"%08x" % zlib.crc32(body)


def _is_sealed(content: bytes) -> bool:
    body, checksum = content[:-_DIGITS], content[-_DIGITS:]
    return body.endswith(_MARK) and checksum == _checksum(body)


def _is_of_an_earlier_version(content: bytes) -> bool:
    """Return whether an archive ends without a comment, as no sealed one does."""
    end = content[-_END_BYTES:]
    return end.startswith(_END) and end.endswith(b"\0\0")
