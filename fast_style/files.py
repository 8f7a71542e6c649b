"""Files that are written whole or not at all, and fingerprints of files."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TRIAL = 65536  # bytes
# A disk that is full, read-only, broken or gone takes no other file either.
_LASTING = {
    number
    for number, name in errno.errorcode.items()
    if name in ("ENOSPC", "EDQUOT", "EROFS", "EIO", "ENODEV", "ENXIO", "ESTALE")
}


class Unwritable(OSError):
    """No file can be written in a place."""


def check_writable(path: str | os.PathLike) -> None:
    """Check, by another file beside it, that a file can be written.

    Args:
        path: The file. Its folder may be missing.

    Raises:
        Unwritable: It cannot.
    """
    folder = Path(path).parent
    while not os.path.lexists(folder):
        folder = folder.parent
    trial = folder / temporary_name()
    try:
        try:
            trial.write_bytes(bytes(_TRIAL))
        finally:
            trial.unlink(missing_ok=True)
    except OSError as error:
        raise Unwritable(_problem(path, error)) from error


@contextmanager
def replacing(
    path: str | os.PathLike, mode: str = "wb", *, durable: bool = True, **options: Any
) -> Iterator[Any]:
    """Open a file that takes the place of `path` once it is written.

    Until then the content goes to a hidden temporary file beside it. Its name is
    random, so processes and threads may write into one folder.

    Args:
        path: The file to write. Its folder is made if it is missing.
        mode: Mode of `open`.
        durable: Whether the content must be on the disk, safe from a power failure,
            before it replaces what is there. It takes some 10 ms a file.
        **options: Further arguments of `open`.

    Raises:
        Unwritable: Its disk takes no file any more.
        OSError: The file cannot be written. The old file, if any, is unchanged.
    """
    path = Path(path)
    temporary = path.with_name(temporary_name())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(temporary, mode, **options) as file:
                yield file
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise problem(path, error) from error


def problem(path: str | os.PathLike, error: OSError) -> OSError:
    """Return an error that says why a file cannot be written.

    Args:
        path: The file.
        error: What the system says.

    Returns:
        An Unwritable if its disk takes no file any more, otherwise an OSError.
    """
    kind = Unwritable if error.errno in _LASTING else OSError
    return kind(_problem(path, error))


def fingerprint(path: str | os.PathLike) -> str:
    """Return the SHA-256 of a file's bytes, as hexadecimal digits."""
    import hashlib  # here, because loading OpenSSL takes as long as many modules

    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def temporary_name() -> str:
    """Return a hidden name, which no other process or thread takes."""
    return f".fast-style-{os.urandom(8).hex()}.tmp"


def _problem(path: str | os.PathLike, error: OSError) -> str:
    return f"Cannot write '{path}': {error.strerror or error}."
