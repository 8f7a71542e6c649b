"""Time LiteRT files: one style, another, a blend of all, and a weaker one.

python -m benchmarks.blend_times [FILE.tflite...]

The first FILE, or the embedded gallery, is the unit of the others. Needs an idle
machine and a minute.
"""

import statistics
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks import report, script
from fast_style import Stylizer, gallery
from fast_style.argument_types import path


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the words and flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument("files", type=path, nargs="*", default=[gallery.MODEL])
    parser.add_argument(
        "--image_size",
        type=int,
        default=1024,
        help="Side of the square picture, in px.",
    )
    parser.add_argument(
        "--rounds", type=int, default=7, help="Timed runs of each, after one more."
    )
    options = parser.parse_args(arguments)
    size = (options.image_size, options.image_size, 3)
    picture = np.random.default_rng(0).integers(0, 256, size, np.uint8)
    medians = measure(options.files, picture, options.rounds)
    unit = next(iter(medians.values()))
    lines = [
        [str(path), text, f"{seconds:.3f}", f"{seconds / unit:.2f}"]
        for (path, text), seconds in medians.items()
    ]
    print(report.table(["file", "styles", "median, s", "ratio"], lines))


def measure(
    paths: Sequence[Any], picture: np.ndarray, rounds: int
) -> dict[tuple[Any, str], float]:
    """Return the median seconds of every case of every file, all in turn."""
    tasks = {
        (path, text): (stylizer, settings)
        for path in paths
        for stylizer in [Stylizer(path)]
        for text, settings in cases(stylizer).items()
    }
    seconds: dict[tuple[Any, str], list[float]] = {task: [] for task in tasks}
    for _ in range(rounds + 1):
        for task, (stylizer, settings) in tasks.items():
            began = time.perf_counter()
            stylizer.stylize(picture, **settings)
            seconds[task].append(time.perf_counter() - began)
    return {task: statistics.median(runs[1:]) for task, runs in seconds.items()}


def cases(stylizer: Stylizer) -> dict[str, dict[str, Any]]:
    """Return the arguments of Stylizer.stylize for each case, by its description."""
    first, *_, last = stylizer.styles
    count = len(stylizer.styles)
    return {
        f"first style, {first}": {"styles": first},
        f"last style, {last}": {"styles": last},
        f"blend of all {count}": {"styles": dict.fromkeys(stylizer.styles, 1)},
        f"{first} at strength 0.7": {"styles": first, "strength": 0.7},
    }


if __name__ == "__main__":
    script.run(main)
