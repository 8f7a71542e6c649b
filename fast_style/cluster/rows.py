"""What goes to a worker and what comes back: one row for each picture."""

from dataclasses import dataclass

from fast_style.command.jobs import FileOptions, Job, Look
from fast_style.command.moving import Made


@dataclass(frozen=True, slots=True)
class Row:
    """A picture to paint.

    Args:
        job: Where it is read and where written.
        look: How it is painted.
    """

    job: Job
    look: Look


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
    """

    version: str
    model: bytes
    options: FileOptions
    folder: str
