"""Jobs that paint: films and many pictures in one look, and sheets of all styles."""

import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

from fast_style import MIN_SIZE, color, extras, files, images, kinds, strokes, styles

from ..backends import Backend
from .kinds import (
    PROGRESS,
    check_names,
    choice,
    finished,
    only_output,
    painting_progress,
    remove_unfinished,
)
from .sending import picture_size
from .store import INPUT, OUTPUT, Job

LOOK = ("strength", "fade", "keep_color", "stroke", "size")
SHEET_SIZE = 512  # px, of each picture, if a client asks for none


class _Painter:
    """What all kinds have in common that paint by fast-style.

    Args:
        backend: Returns the backend, whose styles and fades there are.
        max_size: px, the longest side that is painted.
    """

    def __init__(self, backend: Callable[[], Backend], max_size: int) -> None:
        self._backend, self._max_size = backend, max_size

    def progress(self, folder: Path) -> dict[str, Any]:
        """Return how far it is; see `Kind.progress`."""
        return painting_progress(folder)

    def finish(self, job: Job, folder: Path, reason: str | None) -> None:
        """Leave nothing but files that are finished; see `Kind.finish`."""
        remove_unfinished(folder)

    def result(self, job: Job, folder: Path) -> Path | None:
        """Return the only file of results; see `Kind.result`."""
        return only_output(folder)


class Painting(_Painter):
    """Films and pictures in one look. Several results are handed out as one ZIP file.

    Its arguments are those of _Painter.
    """

    def check(self, asked: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
        """Return the flags of fast-style; see `Kind.check`."""
        check_names(asked, ("styles", "format", *LOOK))
        if not names:
            raise ValueError("The job has no files. Give one or more.")
        _check_films(names)
        backend = self._backend()
        weights = styles.parse(asked.get("styles") or None) or {backend.styles[0]: 1.0}
        shares = styles.Rows(backend.rows).shares(weights)
        flags = look_flags(asked, backend, self._max_size, self._max_size)
        flags["style"] = ",".join(f"{name}:{share:g}" for name, share in shares.items())
        formats = [format.lower() for format in images.WRITABLE]
        if asked.get("format"):
            flags["format"] = choice(asked, "format", formats)
        return flags

    def check_files(self, paths: Sequence[Path]) -> None:
        """Raise a ValueError where the only picture is none; see `Kind.check_files`."""
        if len(paths) == 1 and not kinds.is_film(paths[0]):  # of many, others can serve
            picture_size(paths[0])

    def steps(self, job: Job, folder: Path) -> Iterator[list[str]]:
        """Yield the words of fast-style; see `Kind.steps`."""
        flags = [f"--{name}={value}" for name, value in job.settings.items()]
        model = [f"--model={job.model}", f"--progress={PROGRESS}", "--resume"]
        yield [f"{INPUT}/", f"--output={OUTPUT}/", *flags, *model]

    def finish(self, job: Job, folder: Path, reason: str | None) -> None:
        """Put several results into one file, also where others have failed."""
        super().finish(job, folder, reason)
        packed = folder / OUTPUT / f"{_stem(job)}-painted.zip"
        # It is there already if the server was killed while it removed what is in it.
        results = [path for path in finished(folder) if path != packed]
        if len(results) < 2:
            return
        with (
            files.replacing(packed, durable=False) as file,
            # Pictures and films are packed already.
            zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive,
        ):
            for path in results:
                archive.write(path, path.name)
        for path in results:
            path.unlink()


class Sheet(_Painter):
    """A picture in every style, on one sheet.

    Its arguments are those of _Painter.
    """

    def check(self, asked: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
        """Return the flags of fast-style sheet; see `Kind.check`."""
        check_names(asked, LOOK)
        if len(names) != 1 or kinds.is_film(names[0]):
            raise ValueError("A sheet is made of one picture. Give one file.")
        size = min(SHEET_SIZE, self._max_size)
        return look_flags(asked, self._backend(), self._max_size, size)

    def check_files(self, paths: Sequence[Path]) -> None:
        """Raise a ValueError if the file is no picture; see `Kind.check_files`."""
        picture_size(paths[0])

    def steps(self, job: Job, folder: Path) -> Iterator[list[str]]:
        """Yield the words of fast-style; see `Kind.steps`."""
        flags = [f"--{name}={value}" for name, value in job.settings.items()]
        words = [
            "sheet",
            f"{INPUT}/{job.files[0].name}",
            f"--output={OUTPUT}/{_stem(job)}-sheet.jpg",
        ]
        model = [f"--model={job.model}", f"--progress={PROGRESS}", "--overwrite"]
        yield [*words, *flags, *model]


def look_flags(
    asked: Mapping[str, Any], backend: Backend, max_size: int, size: int
) -> dict[str, Any]:
    """Return the flags of fast-style for what a client asks of the look.

    Args:
        asked: What it asks for; what is missing is as fast-style has it.
        backend: Has the fades.
        max_size: px, the longest side that it may ask for.
        size: px, the longest side if it asks for none.

    Raises:
        ValueError: Something is out of its range.
    """
    strength = asked.get("strength", 1.0)
    if not _is_number(strength) or not 0 <= strength <= 1:
        raise ValueError(f"strength is {strength!r}. Give a number from 0 to 1.")
    longest = asked.get("size") or size
    if type(longest) is not int or not MIN_SIZE <= longest <= max_size:
        raise ValueError(
            f"size is {longest!r}. Give a whole number of px from {MIN_SIZE} to "
            f"{max_size}."
        )
    return {
        "strength": strength,
        "fade": choice(asked, "fade", [backend.fade, *backend.fades]),
        "keep_color": choice(asked, "keep_color", color.KEEP_COLOR),
        "stroke": strokes.parse(str(asked.get("stroke", 1))),
        "max_size": longest,
    }


def _stem(job: Job) -> str:
    """Return the name of a job's first file without its suffix."""
    return Path(job.files[0].name).stem


def _check_films(names: Sequence[str]) -> None:
    advice = extras.missing(("av", "cv2"), "video")
    if advice and any(map(kinds.is_film, names)):
        raise ValueError(f"This server paints no films: {advice}")


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
