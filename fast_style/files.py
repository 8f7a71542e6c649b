"""Files that appear whole or not at all."""

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path, mode="wb", **options):
    """Opens a file that takes a path's place once all is written and on the disk.

    Args:
        path: The path, whose folder is made if missing. What is there stays until then.
        mode, **options: As of open().

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    path = Path(path)
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(temporary, mode, **options) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(f"Cannot write '{path}': {error.strerror or error}.") from error


def fingerprint(path: str | os.PathLike) -> str:
    """Return the SHA-256 of a file's bytes, as hexadecimal digits."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
