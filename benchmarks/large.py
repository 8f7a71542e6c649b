"""Measure painting at any size: python -m benchmarks.large

The whole command paints a photograph that is enlarged to each size, from JPEG to JPEG.
Pictures of up to 12 megapixels that are painted by tiles are also painted whole, and
compared. Needs an idle machine and 6 GB of free memory, and takes six minutes.
"""

import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import measuring, report, script
from fast_style import Stylizer, gallery, images, tiling
from fast_style.images import Picture
from fast_style.runner import Runner, count_cores
from fast_style.styles import Rows

TITLE = "## Any size"
SIZES = (1, 4, 12, 24, 100)  # megapixels
LARGEST_COMPARED = 12  # megapixels
STYLE = "wave"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    script.add_photo(parser)
    parser.add_argument(
        "--largest", type=float, default=SIZES[-1], help="Largest size, in megapixels."
    )
    parser.add_argument("--rounds", type=int, default=1)
    script.add_output(parser)
    options = parser.parse_args(arguments)
    sizes = [size for size in SIZES if size <= options.largest]
    with tempfile.TemporaryDirectory() as folder:
        files = {size: Path(folder, f"{size}.jpg") for size in sizes}
        for size, file in files.items():
            images.write(Picture(enlarged(options.photo, size)), file)
        lines = measure(files, options.rounds)
    name = Path(options.photo).name
    header = ["size", "seconds", "seconds a MP", "peak memory, MB", "PSNR, dB"]
    section = (
        f"{TITLE}\n\n{report.machine(count_cores())}\n\n"
        f"`fast-style {name} --style {STYLE}` as a whole, with start, "
        "reading and writing. The\nPSNR is that of tiles against the picture painted "
        f"whole.\n\n{report.table(header, lines)}"
    )
    report.publish(section, options.output)


def enlarged(photo: Path, megapixels: float) -> np.ndarray:
    """Return a photograph, uint8 (H, W, 3), brought to a size."""
    pixels = images.read(photo).pixels
    scale = math.sqrt(megapixels * 1e6 / (pixels.shape[0] * pixels.shape[1]))
    return images.resize_short_side(pixels, round(scale * min(pixels.shape[:2])))


def measure(files: dict[int, Path], rounds: int) -> list[list[str]]:
    """Return a line of the table for each size."""
    program = "import sys; from fast_style.command.cli import run; run()"
    words = ["--style", STYLE, "--overwrite", "-o"]
    commands = [
        measuring.Command(
            str(size),
            [sys.executable, "-c", program, str(file), *words, f"{file}.out.jpg"],
        )
        for size, file in files.items()
    ]
    with open(next(iter(files.values())).with_name("log"), "w") as log:
        usages = measuring.whole_commands(
            commands, rounds=rounds, log=log, advance=lambda: None
        )
    lines = []
    for size, file in files.items():
        usage = usages[str(size)]
        likeness = "whole"
        if size * 1e6 > tiling.LARGEST_WHOLE:
            compared = size <= LARGEST_COMPARED
            likeness = against_whole(images.read(file).pixels) if compared else "-"
        times = [f"{usage.seconds:.1f}", f"{usage.seconds / size:.2f}"]
        lines.append([f"{size} MP", *times, f"{usage.megabytes:.0f}", likeness])
    return lines


def against_whole(pixels: np.ndarray) -> str:
    """Return the PSNR of a picture painted by tiles against itself painted whole."""
    stylizer = Stylizer()
    weights = Rows(stylizer.rows).weights({STYLE: 1.0})[None]
    tiles = stylizer.stylize(pixels, styles=STYLE)
    stylizer.release()
    runner = Runner(
        str(gallery.MODEL),
        count_cores(),
        border=sum(stylizer.geometry.margin),
        bytes_per_pixel=None,
    )
    outputs = runner.run(images=pixels[None], style_weights=weights)
    whole = outputs["stylized_images"][0]
    return report.decibels(np.mean(np.square(tiles.astype(np.float32) - whole)))


if __name__ == "__main__":
    script.run(main)
