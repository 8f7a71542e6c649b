"""Draws what gentle, normal and strong come to: one row a painting, one column each.

python -m benchmarks.presets --output=docs/presets.jpg --work_dir=run-presets \\
    PAINTING [PAINTING...]

Trains every painting with every preset of --style_weight by the recipe given, or takes
the finished run from --work_dir, and applies it to --photo.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from absl import app, flags
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
PRESETS = ("gentle", "normal", "strong")
SIDE, MARGIN = 320, 28  # px, of a picture and for a line of text

flags.DEFINE_string("work_dir", "run-presets", "Where the trainings go.")
flags.DEFINE_string("photo", str(ROOT / "examples/astronaut.jpg"), "The photograph.")
flags.DEFINE_string("recipe", str(ROOT / "flags/quick.flags"), "Flag file of train.py.")
flags.DEFINE_list("more", [], "More flags of train.py, such as --steps=100.")
flags.DEFINE_string("output", "presets.jpg", "The sheet to write.")


def trained(painting, preset):
    """Run directory of a finished training of this painting with this preset."""
    options = flags.FLAGS
    run = Path(options.work_dir) / f"{painting.stem}-{preset}"
    if not (run / "generator.keras").exists():
        command = [sys.executable, ROOT / "train.py", f"--flagfile={options.recipe}"]
        command += [f"--style={painting}", f"--output_dir={run}", *options.more]
        subprocess.run([*command, f"--style_weight={preset}"], check=True)
    return run


def main(argv):
    from fast_style import images
    from fast_style.network import loading
    from fast_style.training import runs

    paintings = [Path(name) for name in argv[1:]]
    if not paintings:
        raise ValueError("No painting given; give one or more picture files.")
    photo = Image.fromarray(images.read(flags.FLAGS.photo).pixels).resize((SIDE, SIDE))
    size = (SIDE * (len(PRESETS) + 1), (SIDE + MARGIN) * len(paintings))
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    for row, painting in enumerate(paintings):
        top = row * (SIDE + MARGIN)
        sheet.paste(photo, (0, top + MARGIN))
        draw.text((8, top + 6), painting.stem, "black", font_size=16)
        for column, preset in enumerate(PRESETS, start=1):
            run = trained(painting, preset)
            generator = loading.load_generator(run)
            batch = np.asarray(photo)[None]
            pixels = generator.predict(batch, verbose=0)[0].round().astype(np.uint8)
            sheet.paste(Image.fromarray(pixels), (column * SIDE, top + MARGIN))
            (weight,) = runs.recorded(run, "style_weights").values()
            text = f"{preset}, {weight:g}"
            draw.text((column * SIDE + 8, top + 6), text, "black", font_size=16)
    images.write(images.Picture(np.asarray(sheet)), Path(flags.FLAGS.output))


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        app.run(main)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"presets: error: {error}")
