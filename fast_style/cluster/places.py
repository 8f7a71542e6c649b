"""Files on this machine, in buckets and on HDFS, by pyarrow's file systems."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from fast_style import files

_OBJECT_STORES = ("s3", "gcs", "abfs")  # whose objects appear once they are whole
_HOSTS = ("hdfs", "viewfs", "file")  # schemes whose paths do not begin with the host


def is_remote(path: str) -> bool:
    """Return whether a path is an address, such as s3://bucket/photos."""
    return "://" in path


class Places:
    """File systems, by the addresses of files.

    Args:
        queries: Settings of a file system such as "region=eu-west-1", by the beginnings
            of its addresses, such as "s3://bucket".
    """

    def __init__(self, queries: dict[str, str] | None = None) -> None:
        self.queries = dict(queries or {})
        self._systems: dict[str, fs.FileSystem] = {"": fs.LocalFileSystem()}

    def without_query(self, word: str) -> str:
        """Return an address without the settings at its end, which are kept."""
        address, _, query = word.partition("?")
        if not is_remote(word) or not query:
            return word
        self.queries[_root(address)] = query
        return address

    def locate(self, path: str) -> tuple[fs.FileSystem, str]:
        """Return a path's file system, and what the file system calls it.

        Raises:
            OSError: The file system does not answer.
            ValueError: There is no such file system.
        """
        root = _root(path)
        if root not in self._systems:
            address = root if not root.endswith("://") else f"{root}/"
            if query := self.queries.get(root):
                address += f"?{query}"
            with _told(f"Cannot open '{path}'"):
                self._systems[root], _ = fs.FileSystem.from_uri(address)
        return self._systems[root], inside(path)

    def open(self, path: str) -> BinaryIO:
        """Return a file that is open for reading.

        Raises:
            OSError, ValueError: It cannot be opened.
        """
        system, name = self.locate(path)
        with _told(f"Cannot open '{path}'"):
            return system.open_input_file(name)

    def fetch(self, path: str, copy: str | os.PathLike) -> None:
        """Copy a file to this machine.

        Raises:
            OSError, ValueError: It cannot be opened.
        """
        with (
            self.open(path) as source,
            open(copy, "wb") as target,
            _told(f"Cannot read '{path}'"),
        ):
            shutil.copyfileobj(source, target)

    def put(self, copy: str | os.PathLike, path: str) -> None:
        """Copy a file from this machine to its place, whole or not at all.

        Raises:
            files.Unwritable, OSError, ValueError: It cannot be written.
        """
        system, name = self.locate(path)
        place = PurePosixPath(name)
        direct = system.type_name in _OBJECT_STORES
        written = name if direct else str(place.with_name(files.temporary_name()))
        try:
            if not direct:
                system.create_dir(str(place.parent), recursive=True)
            try:
                with (
                    open(copy, "rb") as source,
                    system.open_output_stream(written) as target,
                ):
                    shutil.copyfileobj(source, target)
                if not direct:
                    system.move(written, name)
            except BaseException:
                if system.get_file_info(written).is_file:
                    system.delete_file(written)
                raise
        except (OSError, pa.ArrowException) as error:
            raise files.problem(path, _plain(error)) from error

    def check_writable(self, folder: str) -> None:
        """Check, by another file in it, that files can be written to a folder.

        Raises:
            files.Unwritable, ValueError: They cannot.
        """
        trial = f"{folder.rstrip('/')}/{files.temporary_name()}"
        try:
            with tempfile.NamedTemporaryFile() as empty:
                self.put(empty.name, trial)
            system, name = self.locate(trial)
            system.delete_file(name)
        except OSError as error:
            problem = str(error).replace(trial, folder)
            raise files.Unwritable(problem) from error

    def sizes(self, folder: str, *, missing: bool = False) -> dict[str, int]:
        """Return the bytes of all files below a folder by their paths, sorted.

        Files and folders whose names begin with a dot are left out.

        Args:
            folder: The folder.
            missing: Whether it may be missing.

        Raises:
            OSError, ValueError: It cannot be opened.
        """
        system, name = self.locate(folder)
        with _told(f"Cannot open '{folder}'"):
            selector = fs.FileSelector(name, recursive=True, allow_not_found=missing)
            found = system.get_file_info(selector)
        parts = len(PurePosixPath(name).parts)
        sizes = {
            head(folder) + info.path: info.size
            for info in found
            if info.is_file
            and not any(
                part.startswith(".") for part in PurePosixPath(info.path).parts[parts:]
            )
        }
        return dict(sorted(sizes.items()))

    def is_file(self, path: str) -> bool:
        """Return whether there is such a file.

        Raises:
            OSError, ValueError: The file system does not answer.
        """
        system, name = self.locate(path)
        with _told(f"Cannot open '{path}'"):
            return system.get_file_info(name).is_file


def inside(path: str) -> str:
    """Return what its file system calls a file."""
    if not is_remote(path):
        return path
    scheme, host, rest = urlsplit(path)[:3]
    rest = path.removeprefix(f"{scheme}://{host}")  # also what is after a "#"
    return rest if scheme in _HOSTS else host + rest


def head(path: str) -> str:
    """Return what stands before that: the scheme and, of some, the host."""
    return path.removesuffix(inside(path))


def _root(path: str) -> str:
    """Return the beginning of an address that tells its file system."""
    if not is_remote(path):
        return ""
    scheme, host = urlsplit(path)[:2]
    return f"{scheme}://{host}"


def _plain(error: Exception) -> OSError:
    """Return an error with the system's number, if it has one, and one line of text."""
    number = getattr(error, "errno", None)
    text = os.strerror(number) if number else " ".join(str(error).split())
    return OSError(number, text.rstrip("."))


@contextmanager
def _told(problem: str) -> Iterator[None]:
    """Raise what pyarrow raises as one line that begins with the problem."""
    try:
        yield
    except pa.ArrowInvalid as error:
        raise ValueError(f"{problem}: {_plain(error).strerror}.") from error
    except (OSError, pa.ArrowException) as error:
        raise OSError(f"{problem}: {_plain(error).strerror}.") from error
