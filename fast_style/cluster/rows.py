"""What goes to a worker and what comes back: one row for each picture."""

from dataclasses import dataclass

from fast_style.command.jobs import FileOptions, Job, Look
from fast_style.command.moving import Made


@dataclass(frozen=True, slots=True)
class Member:
    """A picture's file within an archive.

    Args:
        archive: Path or address of the archive, which is not compressed.
        offset: Where the picture begins, in bytes.
        size: Its bytes.
    """

    archive: str
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A picture's file in a column of a Parquet file.

    Args:
        table: Path or address of the Parquet file.
        column: The column; its values are bytes, or have a field "bytes".
        group: The row group.
        index: The row in its group.
    """

    table: str
    column: str
    group: int
    index: int


@dataclass(frozen=True, slots=True)
class Row:
    """A picture to paint.

    Args:
        job: Where it is read and where written.
        look: How it is painted.
        part: Where its file lies within another, which then stands in the job's source;
            None for a file of its own.
    """

    job: Job
    look: Look
    part: Member | Cell | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a row.

    Args:
        seconds: What it took.
        made: What was made; None where it failed.
        error: Why it failed, in one line; "" where it did not.
        ends: Whether the same would befall all others, as on a full disk.
        notes: What a person should know, a line each.
    """

    seconds: float
    made: Made | None = None
    error: str = ""
    ends: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setup:
    """What every worker is given once.

    Args:
        version: Of fast_style, where the command runs.
        model: Content of the .tflite file.
        options: How pictures are read and written.
        folder: The folder that paths start from which do not start at the root.
        queries: Settings of file systems; see `Places`.
    """

    version: str
    model: bytes
    options: FileOptions
    folder: str
    queries: dict[str, str]
