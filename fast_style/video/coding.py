"""How painted films are coded: the codec, its format of pixels and its settings."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from fast_style.kinds import WRITABLE_FILMS
from fast_style.video.colors import LIMITED, Colors, Converter
from fast_style.video.reading import Film

SEGMENT = "nut"  # libav's name of a container that keeps any time base
# libav's name of the container by the suffix.
_FORMATS = dict(
    zip(WRITABLE_FILMS, ("mp4", "mp4", "mov", "matroska", "webm"), strict=True)
)
_H264, _VP9 = "libx264", "libvpx-vp9"
# Flat areas stay clean at 21 and strokes sharp; 87 gives 23, x264's own default.
_CRF_AT_95, _CRF_PER_POINT = 21, 0.25
_VP9_SCALE = 1.35  # of VP9's crf over H.264's of the same quality
_BITS_PER_PIXEL = 0.4  # at quality 95, of a calm film; up to 1 where strokes flicker
_POINTS_TO_HALF = 20  # points of quality that halve it


@dataclass(frozen=True)
class Coding:
    """How a film is coded.

    Args:
        format: libav's name of the container.
        codec: libav's name of the encoder.
        pix_fmt: libav's name of the format of pixels.
        options: Those of the encoder.
    """

    format: str
    codec: str
    pix_fmt: str
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recording:
    """What is written of a film that is painted while it is shown.

    Args: As the attributes of `reading.Film`.
    """

    width: int
    height: int
    colors: Colors
    aspect: Fraction | None
    rate: Fraction
    time_base: Fraction = Fraction(1, 1000)


def choose(target: str | os.PathLike, film: Film | Recording, quality: int) -> Coding:
    """Return how a film is coded in a file of this name.

    Args:
        target: The file.
        film: What is painted.
        quality: 1 to 100.

    Raises:
        ValueError: The name is no film's that can be written.
    """
    suffix = Path(target).suffix.lower()
    if suffix not in _FORMATS:
        names = ", ".join(_FORMATS)
        raise ValueError(f"Cannot write '{target}' as a film. End it in {names}.")
    crf = _CRF_AT_95 + _CRF_PER_POINT * (95 - quality)
    if _FORMATS[suffix] == "webm":
        fast = {"deadline": "good", "cpu-used": "5", "row-mt": "1", "b": "0"}
        crf = min(63, round(_VP9_SCALE * crf))
        return Coding("webm", _VP9, "yuv420p", {"crf": f"{crf}", **fast})
    odd = film.width % 2 or film.height % 2
    pix_fmt = "yuv444p" if odd else "yuv420p"
    # swscale takes the chroma of four pixels at their middle; decoders must know.
    middle = "chromaloc=1"
    options = {"crf": f"{crf:g}", "preset": "veryfast", "x264-params": middle}
    return Coding(_FORMATS[suffix], _H264, pix_fmt, options)


def estimated_bytes(film: Film, quality: int) -> int:
    """Return how large a painted film becomes, roughly."""
    pixels = film.count * film.width * film.height
    return int(pixels * _BITS_PER_PIXEL / 8 * 2 ** ((quality - 95) / _POINTS_TO_HALF))


def write_segment(
    path: str,
    frames: Iterable[tuple[np.ndarray, int]],
    film: Film | Recording,
    coding: Coding,
    converter: Converter,
    format: str = SEGMENT,
) -> int:
    """Encode frames into a file that needs no other to be decoded.

    Args:
        path: The file.
        frames: The pixels, uint8 (H, W, 3), and the time of each in the film's units.
        film: What is painted.
        coding: How it is coded.
        converter: Makes frames of the pixels.
        format: libav's name of the file's container.

    Returns:
        How many frames there were.
    """
    count = 0
    options = {"avoid_negative_ts": "disabled"} if format == SEGMENT else {}
    with av.open(f"file:{path}", "w", format=format, options=options) as container:
        stream = _add_stream(container, film, coding)
        for pixels, time in frames:
            frame = converter.from_rgb(pixels)
            frame.pts, frame.time_base = time, film.time_base
            container.mux(stream.encode(frame))
            count += 1
        container.mux(stream.encode())
    return count


def _add_stream(container: Any, film: Film | Recording, coding: Coding) -> Any:
    stream = container.add_stream(
        coding.codec, rate=_exact(film.rate), options=dict(coding.options)
    )
    stream.width, stream.height = film.width, film.height
    stream.pix_fmt = coding.pix_fmt
    context, colors = stream.codec_context, film.colors.written
    context.time_base = film.time_base
    context.color_range = LIMITED
    context.colorspace = colors.matrix
    context.color_primaries, context.color_trc = colors.primaries, colors.transfer
    if film.aspect:
        context.sample_aspect_ratio = film.aspect
    return stream


def _exact(rate: Fraction) -> Fraction:
    """Return a rate that encoders take, whose numbers have 16 bits."""
    return Fraction(rate).limit_denominator(1001)
