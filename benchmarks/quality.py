"""Scores trainings by the true VGG16 on photographs they never saw.

python benchmarks/quality.py --content_dir=PHOTOGRAPHS --vgg16_weights=FILE.h5 \\
    REFERENCE_RUN [RUN...]

Each RUN is a finished run directory of train.py. The style picture, its size and the
weights of the terms are the reference's, so that all are asked for the same.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
from absl import app, flags

flags.DEFINE_string("content_dir", None, "Folder of photographs.", required=True)
flags.DEFINE_string("vgg16_weights", "imagenet", "Path of VGG16's weights (.h5).")
flags.DEFINE_integer("image_size", 256, "Side of the square photographs, in px.")
flags.DEFINE_string("sheet", None, "PNG to write: photographs and every run's results.")
SHOWN = 8  # photographs on the sheet


def main(argv):
    import report
    from scoring import score, squares

    from fast_style import images, paintings, runs
    from fast_style.loss_networks import vgg16

    if len(argv) < 2:
        raise ValueError("No run given; give run directories of finished trainings.")
    options = flags.FLAGS
    config = json.loads((Path(argv[1]) / "run.json").read_text())["config"]
    painting = paintings.read(Path(config["style"]), config["style_size"])
    photos = squares(options.content_dir, options.image_size)
    layers = [*config["content_layers"], *config["style_layers"]]
    vgg = vgg16(layers, options.vgg16_weights)

    rows, strips, reference = [], [photos[:SHOWN]], None
    for directory in argv[1:]:
        generator = runs.load_generator(directory)
        terms = score(generator, vgg, painting, photos, config)
        reference = reference or terms["total"]
        figures = [f"{value:.4g}" for value in terms.values()]
        rows.append([directory, *figures, f"{terms['total'] / reference:.3f}"])
        strips.append(generator.predict(photos[:SHOWN], verbose=0).round())
    header = ["run", "content", "style", "variation", "total", "ratio"]
    print(report.table(header, rows))
    if options.sheet:
        sheet = np.concatenate([np.concatenate(list(s), axis=1) for s in strips])
        images.write(images.Picture(sheet.astype(np.uint8)), Path(options.sheet))


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        app.run(main)
    except (OSError, ValueError) as error:
        sys.exit(f"quality.py: error: {error}")
