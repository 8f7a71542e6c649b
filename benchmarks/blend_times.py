"""Times LiteRT files: one style, one added, a blend of all, a weaker one, by turns.

python -m benchmarks.blend_times [FILE.tflite...]

The first FILE, or the embedded gallery, is what the others are measured beside. Wants
an idle machine.
"""

import statistics
import sys
import time

import numpy as np
from absl import app, flags

from benchmarks import report
from fast_style import PHOTO, Stylizer, stylizer

flags.DEFINE_integer("image_size", 1024, "Side of the square picture, in px.")
flags.DEFINE_integer("rounds", 7, "Timed runs of each; one more comes first.")


def cases(model):
    """What is asked of a file: {text: arguments of Stylizer.stylize}."""
    names = [name for name in model.styles if name != PHOTO]
    first, last = names[0], names[-1]
    return {
        f"first style, {first}": {"styles": first},
        f"last style, {last}": {"styles": last},
        f"blend of all {len(names)}": {"styles": dict.fromkeys(names, 1)},
        f"{first} at strength 0.7": {"styles": first, "strength": 0.7},
    }


def main(argv):
    options = flags.FLAGS
    size = (options.image_size, options.image_size, 3)
    picture = np.random.default_rng(0).integers(0, 256, size, np.uint8)
    tasks = {
        (path, text): (model, asked)
        for path in argv[1:] or [str(stylizer.DEFAULT_MODEL)]
        for model in [Stylizer(path)]
        for text, asked in cases(model).items()
    }
    seconds = {task: [] for task in tasks}
    for _ in range(options.rounds + 1):
        for task, (model, asked) in tasks.items():
            began = time.perf_counter()
            model.stylize(picture, **asked)
            seconds[task].append(time.perf_counter() - began)
    medians = {task: statistics.median(taken[1:]) for task, taken in seconds.items()}
    least = next(iter(medians.values()))
    rows = [[*task, f"{s:.3f}", f"{s / least:.2f}"] for task, s in medians.items()]
    print(report.table(["file", "asked", "median, s", "ratio"], rows))


if __name__ == "__main__":
    try:
        app.run(main)
    except (OSError, ValueError) as error:
        sys.exit(f"blend_times: error: {error}")
