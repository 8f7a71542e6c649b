"""The directory of an export: checked before the work, written whole or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fast_style import files, metadata
from fast_style.export.wanted import GUIDE
from fast_style.fields import SettingError


def check(output_dir: str | os.PathLike, overwrite: bool) -> None:
    """Check, before any work, that an export may have this directory.

    Args:
        output_dir: The directory.
        overwrite: Whether an earlier export may be lost.

    Raises:
        OSError: Nothing can be written there.
        SettingError: It exists, or holds what no export wrote.
    """
    path = Path(output_dir).absolute()
    if path.exists() and not overwrite:
        problem = (
            "exists already; give the path of a new one, or overwrite=True "
            "(--overwrite) to replace it."
        )
        raise SettingError("output_dir", f"is '{output_dir}', which {problem}")
    if path.exists() and (strange := _strange(path)):
        problem = f"holds {strange}, which no export wrote; give another directory."
        raise SettingError("output_dir", f"is '{output_dir}', which {problem}")
    above = next(parent for parent in path.parents if parent.exists())
    reason = None if os.access(above, os.W_OK | os.X_OK) else errno.EACCES
    if not above.is_dir():
        reason = errno.ENOTDIR
    if reason:
        raise OSError(f"Cannot write '{output_dir}': {os.strerror(reason)}.")


@contextmanager
def replacing(output_dir: str | os.PathLike) -> Iterator[Path]:
    """Yield an empty folder, and put it in the place of a directory in the end.

    It lies among the system's temporary files, because TensorFlow takes a path with
    brackets or backslashes for a pattern and then finds nothing.

    Args:
        output_dir: The directory. The block's errors leave it as it was.

    Raises:
        OSError: The directory cannot be written.
    """
    path = Path(output_dir).absolute()
    new, old = (path.with_name(files.temporary_name()) for _ in range(2))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary, "export")
        folder.mkdir()
        yield folder
        try:
            shutil.copytree(folder, new)  # makes the folders above, too
            if path.exists():
                path.rename(old)
            try:
                new.rename(path)
            except OSError:
                if old.exists():
                    old.rename(path)
                raise
        except shutil.Error as error:
            raise OSError(str(error.args[0][0][-1])) from error
        finally:
            for remains in (new, old):
                shutil.rmtree(remains, ignore_errors=True)


def _strange(path: Path) -> str | None:
    """Return the name of something in a directory that no export wrote."""
    if not path.is_dir():
        return "no folder"
    for entry in sorted(path.iterdir()):
        ours = entry.name in ("1", metadata.FILE_NAME, GUIDE)
        if not (ours or entry.match("fast_style_*.tflite") or entry.match("*.onnx")):
            return f"'{entry.name}'"
    return None
