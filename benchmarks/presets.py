"""Draw what gentle, normal and strong make of paintings: a row each, a column a preset.

python -m benchmarks.presets --output=docs/presets.jpg --work_dir=run-presets \\
    PAINTING [PAINTING...]

Trains every painting with every preset of --style_weight by a recipe, or takes the
finished run from --work_dir, and applies it to a photograph. Takes as long as the
trainings, by default three minutes each.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import script
from benchmarks.scoring import config_of
from benchmarks.script import ROOT
from fast_style import images
from fast_style.argument_types import path
from fast_style.command import sheets
from fast_style.network import loading
from fast_style.trained import result_path

PRESETS = ("gentle", "normal", "strong")
SIDE = 320  # px


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw by the words and flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument("paintings", nargs="+", type=Path, metavar="PAINTING")
    parser.add_argument(
        "--work_dir", type=Path, default=Path("run-presets"), help="For the trainings."
    )
    parser.add_argument(
        "--photo", type=path, default=script.PHOTO, help="The photograph."
    )
    parser.add_argument(
        "--recipe",
        default=ROOT / "flags" / "quick.flags",
        help="Flag file of train.py. Default: %(default)s.",
    )
    parser.add_argument(
        "--more", type=script.names, default=[], help="More flags, as --steps=100."
    )
    parser.add_argument(
        "--output", type=Path, default=Path("presets.jpg"), help="Sheet to write."
    )
    options = parser.parse_args(arguments)
    flags = [f"--flagfile={options.recipe}", *options.more]
    photo = images.resize_short_side(images.read(options.photo).pixels, SIDE)
    pictures, captions = [], []
    for painting in options.paintings:
        pictures.append(photo)
        captions.append((painting.stem,))
        for preset in PRESETS:
            run = trained(painting, preset, options.work_dir, flags)
            pictures.append(stylized(run, photo))
            (weight,) = config_of(run)["style_weights"].values()
            captions.append((f"{preset}, {weight:.2g}",))
    sheet = sheets.draw(pictures, captions, columns=1 + len(PRESETS))
    images.write(images.Picture(sheet), options.output)


def trained(painting: Path, preset: str, work_dir: Path, flags: Sequence[str]) -> Path:
    """Return the run directory of a finished training; train if it is missing.

    Args:
        painting: Path of the painting.
        preset: Value of --style_weight.
        work_dir: Folder of the run directories.
        flags: More flags of train.py.

    Raises:
        subprocess.CalledProcessError: The training failed.
    """
    run = work_dir / f"{painting.stem}-{preset}"
    if not result_path(run).exists():
        command = [sys.executable, ROOT / "train.py", *flags, f"--style={painting}"]
        command += [f"--style_weight={preset}", f"--output_dir={run}"]
        subprocess.run(command, check=True)
    return run


def stylized(run: Path, photo: np.ndarray) -> np.ndarray:
    """Return a photograph, uint8 (H, W, 3), in the style of a run directory."""
    generator = loading.load_generator(run)
    pictures = np.asarray(generator(photo[None]))
    return pictures[0].round().astype(np.uint8)


if __name__ == "__main__":
    script.run(main)
