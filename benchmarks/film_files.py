"""Compare films with what becomes of them: python -m benchmarks.film_files FOLDER

Paints each film of a folder by a painter that changes nothing, and prints a table of
what came out: frames, their times, checksums of the other tracks, size, shape of the
pixels, and how far the colours moved. Takes as long as decoding and encoding do.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import script
from fast_style import kinds
from fast_style.argument_types import path
from fast_style.video import films
from fast_style.video.containers import main_stream, open_film
from fast_style.video.reading import Film

HEADER = (
    "| film | frames | same times | other tracks the same | size | pixel shape "
    "| colour, mean and worst frame |\n|---|---|---|---|---|---|---|"
)


class Contents(NamedTuple):
    """What a film holds.

    Args:
        times: Seconds at which each frame is shown.
        colors: Mean red, green and blue of each frame.
        tracks: Kind and checksum of each other track.
        size: Width and height in px, upright.
        aspect: Width of a pixel over its height.
    """

    times: list[Fraction]
    colors: np.ndarray
    tracks: list[tuple[str, str]]
    size: tuple[int, int]
    aspect: Fraction | None


def read(film_path: Path) -> Contents:
    """Return what a film holds."""
    with Film(film_path) as film:
        times, colors = [], []
        for frame in film.frames():
            times.append(frame.time * film.time_base)
            colors.append(frame.pixels.mean((0, 1)))
        size, aspect = (film.width, film.height), film.aspect
    return Contents(times, np.array(colors), checksums(film_path), size, aspect)


def checksums(film_path: Path) -> list[tuple[str, str]]:
    """Return the kind and the MD5 of all packets of each track that is not painted."""
    with open_film(film_path) as container:
        painted = main_stream(container, str(film_path))
        digests = {
            stream.index: (stream.type, hashlib.md5(usedforsecurity=False))
            for stream in container.streams
            if stream.index != painted.index
        }
        others = [container.streams[index] for index in digests]
        for packet in container.demux(others) if others else ():
            digests[packet.stream.index][1].update(bytes(packet))
    return [(kind, digest.hexdigest()) for kind, digest in digests.values()]


def line(name: str, before: Contents, after: Contents) -> str:
    """Return a line of the table."""
    moved = zip(before.times, after.times, strict=False)
    latest = max((abs(b - a) for a, b in moved), default=Fraction(0))
    count = sum(track in after.tracks for track in before.tracks)
    shorter = min(len(before.colors), len(after.colors))
    error = np.abs(before.colors[:shorter] - after.colors[:shorter])
    cells = (
        name,
        f"{len(before.times)} / {len(after.times)}",
        "yes" if not latest else f"within {float(1000 * latest):.2g} ms",
        f"{count} of {len(before.tracks)}",
        " / ".join(f"{w}x{h}" for w, h in (before.size, after.size)),
        f"{before.aspect or 'not told'} / {after.aspect or 'not told'}",
        f"{error.mean():.2f}, {error.max():.2f}",
    )
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare by the words of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument("folder", type=path, help="Folder of films.")
    parser.add_argument("--suffix", help="Kind of film to write, such as .webm.")
    options = parser.parse_args(arguments)
    print(HEADER)
    for source in sorted(Path(options.folder).iterdir()):
        if source.suffix.lower() not in kinds.FILM_SUFFIXES:
            continue
        with tempfile.TemporaryDirectory() as folder:
            target = (Path(folder) / source.name).with_suffix(
                options.suffix or source.suffix
            )
            films.paint(source, films.Order(target, lambda pixels: pixels, note=print))
            print(line(source.stem, read(source), read(target)), flush=True)


if __name__ == "__main__":
    script.run(main)
