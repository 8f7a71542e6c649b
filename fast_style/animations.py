"""Animations between files and arrays: GIF, WebP and PNG (APNG), by Pillow."""

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from PIL import Image, PngImagePlugin

from fast_style import MIN_SIZE, decoding, files, opening
from fast_style.kinds import FORMATS

WRITABLE = ("GIF", "WEBP", "PNG")
ENDLESS = 0  # plays
_DEFAULT_DURATION = 100  # ms, where a GIF says 0, as browsers do


@dataclass(frozen=True)
class Frame:
    """One picture of an animation.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        alpha: uint8 (H, W), 0 transparent to 255 opaque; None where all is opaque.
        milliseconds: How long it is shown.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    milliseconds: float = _DEFAULT_DURATION


def format_of(path: str | os.PathLike) -> str | None:
    """Return the format of an animation of this name; None where it has no such."""
    format = FORMATS.get(Path(path).suffix.lower())
    return format if format in WRITABLE else None


def is_animation(source: str | os.PathLike | BinaryIO) -> bool:
    """Return whether a file holds several frames of a format in WRITABLE."""
    try:
        with opening.open_picture(source) as image:
            return image.format in WRITABLE and bool(
                getattr(image, "is_animated", False)
            )
    except Exception:  # Pillow raises nearly anything
        return False  # whoever reads it says why


class Animation:
    """An animation that is open for reading, until the end of a `with` statement.

    Args:
        source: A path, or a file open for reading bytes.
        max_size: Longer side in px that larger frames are brought down to; 0 keeps the
            size.

    Attributes:
        plays: How often it is shown; ENDLESS for again and again.
        count: Its frames.
        icc: RGB colour profile; None stands for sRGB.
        format: One of WRITABLE.

    Raises:
        OSError, ValueError: It cannot be read, or is too small.
    """

    def __init__(
        self, source: str | os.PathLike | BinaryIO, *, max_size: int = 0
    ) -> None:
        image: Any = opening.open_picture(source)
        self._image, self._max_size = image, max_size
        self._name = opening.name_of(source)
        self.format, info = image.format, image.info
        self.plays = _plays(image.format, info.get("loop"))
        # A PNG may begin with a picture that stands for the animation elsewhere.
        self._first = int(bool(info.get("default_image")))
        profile = info.get("icc_profile")
        self.icc = profile if profile and profile[16:20] == b"RGB " else None
        try:
            self._check_size()
            self.count = image.n_frames - self._first
        except Exception as error:  # Pillow raises nearly anything
            image.close()
            if isinstance(error, ValueError):
                raise
            raise ValueError(
                f"Cannot read {self._name}: it is damaged or cut short ({error})."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._image.close()

    def __iter__(self) -> Iterator[Frame]:
        for number in range(self._first, self._first + self.count):
            try:
                self._image.seek(number)
                self._image.load()
            except Exception as error:  # Pillow raises nearly anything
                raise ValueError(
                    f"Cannot read {self._name}: it is damaged or cut short after "
                    f"{number - self._first} of {self.count} frames ({error})."
                ) from error
            yield self._frame()

    def _check_size(self) -> None:
        width, height = self._image.size
        if min(width, height) < MIN_SIZE:
            raise ValueError(
                f"{self._name} is {width} x {height} px. Give one of at least "
                f"{MIN_SIZE} x {MIN_SIZE} px."
            )

    def _frame(self) -> Frame:
        duration = self._image.info.get("duration") or _DEFAULT_DURATION
        image = self._image.convert("RGBA")
        if self._max_size:
            image.thumbnail((self._max_size,) * 2, Image.Resampling.LANCZOS)
        alpha = np.array(image.getchannel("A"))
        if alpha.min() == 255:
            return Frame(np.array(image.convert("RGB")), None, duration)
        return Frame(np.array(decoding.fill_hidden(image)), alpha, duration)


def encode(
    frames: Iterable[Frame],
    *,
    format: str,
    plays: int = ENDLESS,
    icc: bytes | None = None,
    quality: int = 95,
) -> bytes:
    """Return the bytes of an animation's file. Equal neighbours become one frame.

    Args:
        frames: Its frames, all of one size.
        format: One of WRITABLE.
        plays: How often it is shown; ENDLESS for again and again.
        icc: RGB colour profile, which a GIF cannot hold.
        quality: 1 to 100, for WebP.
    """
    (first, *others), durations = _images(frames, format)
    options: dict[str, Any] = {"duration": durations}
    if format == "GIF":
        if any("transparency" in image.info for image in (first, *others)):
            options["disposal"] = 2  # transparent parts show no earlier frame
        if plays != 1:
            options["loop"] = max(0, plays - 1)  # how often again
    else:
        options |= {"loop": plays, "icc_profile": icc}
    if format == "PNG":
        options["disposal"] = PngImagePlugin.Disposal.OP_BACKGROUND
    if format == "WEBP":
        options["quality"] = quality
    file = io.BytesIO()
    first.save(file, format, save_all=True, append_images=others, **options)
    return file.getvalue()


def write(path: str | os.PathLike, frames: Iterable[Frame], **options: Any) -> None:
    """Write an animation, whole or not at all, in the format of the file's suffix.

    Args:
        path: The file, which is replaced if it exists.
        frames: Its frames, all of one size.
        **options: plays, icc and quality, as of `encode`.

    Raises:
        OSError: The file cannot be written.
        ValueError: The suffix is of no format in WRITABLE.
    """
    format = format_of(path)
    if not format:
        raise ValueError(
            f"Cannot write '{path}' as an animation. End it in .gif, .webp or .png."
        )
    content = encode(frames, format=format, **options)
    with files.replacing(path, durable=False) as file:
        file.write(content)


def _images(
    frames: Iterable[Frame], format: str
) -> tuple[list[Image.Image], list[int]]:
    """Return frames as pictures of Pillow's, and how many ms each is shown."""
    step = 10 if format == "GIF" else 1
    images, durations = [], []
    time = written = 0.0
    for frame in frames:
        image = Image.fromarray(frame.pixels)
        if frame.alpha is not None:
            image.putalpha(Image.fromarray(frame.alpha))
        if format == "GIF":
            image = _with_palette(image)
        time += frame.milliseconds  # rounded as a sum, so that nothing drifts
        duration = max(step, round((time - written) / step) * step)
        written += duration
        images.append(image)
        durations.append(duration)
    return images, durations


def _with_palette(image: Image.Image) -> Image.Image:
    """Return a frame with the 256 colours that suit it; its alpha is all or nothing."""
    if image.mode == "RGB":
        return image.quantize(dither=Image.Dither.NONE)
    alpha = image.getchannel("A").point(lambda value: 255 if value > 127 else 0)
    palette = image.convert("RGB").quantize(255, dither=Image.Dither.NONE)
    hidden = alpha.point(lambda value: 255 - value)
    palette.paste(255, mask=hidden)
    palette.info["transparency"] = 255
    return palette


def _plays(format: str | None, loop: int | None) -> int:
    """Return how often an animation is shown, of what Pillow calls its loop."""
    if format == "GIF":
        return 1 if loop is None else loop + 1 if loop else ENDLESS
    return loop or ENDLESS
