"""Jobs of one photograph each: where it is read, how painted and where written."""

import math
import os
import sys
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fast_style import color, images, likeness
from fast_style.command import messages
from fast_style.deep import WRITABLE as DEEP
from fast_style.images import Picture
from fast_style.styles import Likeness
from fast_style.stylizer import Stylizer

STDIO = "-"  # standard input or standard output


@dataclass(frozen=True)
class Look:
    """How photographs are painted; each field is an argument of `Stylizer.stylize`."""

    styles: dict[str, float] | Likeness | None = None
    strength: float = 1.0
    fade: str | None = None
    keep_color: str = "none"
    stroke: float | str = 1.0

    def for_model(self, stylizer: Stylizer, painting: str | None = None) -> "Look":
        """Return this look with the styles and the fade that a model makes of it.

        Args:
            stylizer: Has the model.
            painting: Path of a picture to paint like, in place of the styles.

        Raises:
            OSError: The painting cannot be opened.
            ValueError: The model lacks a style, or the row for the fade, or it does not
                know what its paintings look like.
        """
        styles: dict[str, float] | Likeness = stylizer.weights(self.styles)
        if isinstance(self.styles, Likeness):
            styles = self.styles
        if painting:
            styles = likeness.of(stylizer, painting)
        return replace(self, styles=styles, fade=stylizer.choose_fade(self.fade))

    def described(self) -> dict[str, Any]:
        """Return what JSON says of it: a likeness by its weights alone."""
        styles = (
            self.styles.styles if isinstance(self.styles, Likeness) else self.styles
        )
        return {**vars(self), "styles": styles}

    def paint(
        self, stylizer: Stylizer, pixels: np.ndarray, icc: bytes | None = None
    ) -> np.ndarray:
        """Return a photograph painted so; see `Stylizer.stylize`."""
        return stylizer.stylize(pixels, icc=icc, **vars(self))


@dataclass(frozen=True)
class FileOptions:
    """How photographs are read, and where and how results are written.

    Args:
        max_size: Longer side in px that photographs are brought down to; 0 keeps any
            size.
        output: A file, a folder or "-"; None names the results after the photographs.
        format: "JPEG" or another of images.WRITABLE; None keeps each photograph's own.
        quality: 1 to 100, for JPEG, WebP, AVIF and films.
        depth: 16 keeps the bits of photographs that have 16; else 8.
        overwrite: Whether files that exist may be replaced.
        skip_existing: Whether photographs whose results exist are left out.
        resume: Whether films go on from what an earlier run has left of them.
        steady: Whether the strokes of films stay on what they are painted on.
    """

    max_size: int = 0
    output: str | None = None
    format: str | None = None
    quality: int = 95
    depth: int = 8
    overwrite: bool = False
    skip_existing: bool = False
    resume: bool = False
    steady: bool = True


@dataclass(frozen=True)
class Job:
    """One picture to make: a path, or "-", to read from and one to write to."""

    source: str
    target: str


def apply(job: Job, stylizer: Stylizer, look: Look, options: FileOptions) -> Picture:
    """Read, paint and write one picture, and return it.

    Raises:
        files.Unwritable: No result can be written there.
        OSError: The photograph cannot be opened, or the result not be written.
        ValueError: The photograph cannot be read or painted.
    """
    picture = read(job, options)
    if options.depth == 16:
        picture = deepest(picture, job, options)
    with messages.part_progress(os.path.basename(job.source), "tile") as show:
        # In place, for a large one may be half of the memory.
        stylizer.stylize_in_place(
            picture.pixels, progress=show, icc=picture.icc, **vars(look)
        )
    write(picture, job, options)
    return picture


def prepare(job: Job, stylizer: Stylizer, options: FileOptions) -> None:
    """Have memory laid out for a job's photograph, which makes a first one faster."""
    if job.source == STDIO:
        return
    try:
        width, height = images.read_size(job.source)
    except (OSError, ValueError):  # `apply` tells of it
        return
    scale = min(1, (options.max_size or math.inf) / max(width, height))
    stylizer.painter.prepare(round(scale * height), round(scale * width))


def read(job: Job, options: FileOptions, *, min_size: int = 0) -> Picture:
    """Return a job's photograph, and say so if it is one of many; see `images.read`."""
    source = sys.stdin.buffer if job.source == STDIO else job.source
    photo = images.read(
        source, max_size=options.max_size, min_size=min_size, depth=options.depth
    )
    if photo.first_of_many:
        messages.note(f"'{job.source}' has more frames or pages. The first is painted.")
    return photo


def deepest(picture: Picture, job: Job, options: FileOptions) -> Picture:
    """Return a photograph of 16 bits where the result can hold them, else of 8."""
    deep = picture.pixels.dtype == np.uint16
    format = format_of(picture, job, options)
    if format in DEEP and not deep:
        messages.note(f"'{job.source}' is read in 8 bits, and so is the result.")
    if format in DEEP or not deep:
        return picture
    return replace(picture, pixels=color.eight_bits(picture.pixels))


def write(picture: Picture, job: Job, options: FileOptions) -> None:
    """Write a job's result; see `images.encode`."""
    if job.target != STDIO:
        images.write(picture, job.target, quality=options.quality)
        return
    format = format_of(picture, job, options)
    write_stdout(images.encode(picture, format=format, quality=options.quality))


def write_stdout(content: bytes) -> None:
    """Write a file's content to standard output.

    Raises:
        OSError: It cannot be written.
    """
    try:
        # A buffer of its own: sys.stdout would try a failed write again at exit.
        with open(sys.stdout.fileno(), "wb", closefd=False) as file:
            file.write(content)
    except OSError as error:
        raise OSError(f"Cannot write to stdout: {error.strerror}.") from error


def format_of(picture: Picture, job: Job, options: FileOptions) -> str:
    """Return the format in which `write` writes a picture."""
    if job.target != STDIO:
        return images.format_of(job.target)
    own = picture.format if picture.format in images.WRITABLE else "PNG"
    return options.format or own
