"""Compare a gallery with pictures that are optimised one by one for the same loss.

python -m benchmarks.direct_optimisation --content_dir=PHOTOGRAPHS \\
    --vgg16_weights=FILE.h5 --run=RUN_DIRECTORY \\
    --results=FILE.jsonl --photos=5 --iterations=500

Adds every optimisation to --results when it is done, and takes from there what an
earlier run has done. One takes minutes at 256 px. Needs SciPy, and an idle machine for
the times.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from benchmarks import report, script
from benchmarks.optimisation_tables import STARTS, start_text
from benchmarks.pixel_optimiser import (
    LEAST,
    Record,
    Results,
    differentiated,
    finished,
    minimise,
    starting_picture,
)
from benchmarks.scoring import (
    Scorer,
    Stylize,
    add_arguments,
    compiled,
    config_of,
    squares,
)
from fast_style import folders
from fast_style.argument_types import path
from fast_style.network import loading
from fast_style.stylizer import Stylizer


class Task(NamedTuple):
    """One optimisation.

    Args:
        style: Name of the style.
        start: A key of STARTS.
        name: Name of the photograph.
        photo: The photograph, uint8 (H, W, 3).
        total: The loss of the network's picture.
    """

    style: str
    start: str
    name: str
    photo: np.ndarray
    total: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    options = _options(arguments)
    config = config_of(options.run)
    scorer = Scorer(config, options.vgg16_weights, options.precision)
    styles = options.styles or list(scorer.targets)
    for names, choices in ((styles, scorer.targets), (options.starts, STARTS)):
        if unknown := sorted(set(names) - set(choices)):
            raise ValueError(f"No {', '.join(unknown)}; give of {', '.join(choices)}.")
    photos = squares(options.content_dir, options.image_size, options.photos)
    paths = folders.search(options.content_dir).pictures[: len(photos)]
    stylize = compiled(loading.load_generator(options.run))
    totals = network_totals(scorer, stylize, styles, photos)
    timed = Stylizer(options.tflite).stylize if options.tflite else None
    results, tables = Results(options.results), []
    for start in options.starts:
        tasks = [
            Task(style, start, path.name, photo, total)
            for style in styles
            for path, photo, total in zip(paths, photos, totals[style], strict=True)
        ]
        records = optimise(
            scorer,
            tasks,
            results,
            iterations=options.iterations,
            stop_early=options.stop_early,
            timed=timed
            or (lambda photo: stylize(photo[None], {styles[0]: 1.0}).numpy()),
        )
        network = os.path.basename(options.tflite) if options.tflite else "Keras"
        tables.append(
            start_text(
                start, totals, by_style(tasks, records), options.iterations, network
            )
        )
    section = SECTION.format(
        size=options.image_size,
        photos=len(photos),
        precision=options.precision,
        tables="\n".join(tables),
    )
    report.publish(section, options.output)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = script.parser(__doc__)
    parser.add_argument(
        "--run", type=path, required=True, help="The gallery's run directory."
    )
    parser.add_argument(
        "--results", type=path, required=True, help="File of JSON lines."
    )
    parser.add_argument(
        "--styles", type=script.names, help="Names of styles. Default: all."
    )
    parser.add_argument(
        "--starts",
        type=script.names,
        default=["noise", "photo"],
        help="What to start from: noise, photo. Default: both.",
    )
    parser.add_argument(
        "--iterations", type=int, default=500, help="The most of each optimisation."
    )
    parser.add_argument(
        "--stop_early",
        action="store_true",
        help="Stop an optimisation at the next milestone once it has reached the "
        f"network's loss and had {LEAST} iterations.",
    )
    parser.add_argument(
        "--tflite",
        type=path,
        help="LiteRT file of the gallery to time. Default: time Keras.",
    )
    add_arguments(parser)
    return parser.parse_args(arguments)


def network_totals(
    scorer: Scorer, stylize: Stylize, styles: Sequence[str], photos: np.ndarray
) -> dict[str, list[float]]:
    """Return for each style the losses of the network's pictures, photo by photo."""
    totals: dict[str, list[float]] = {style: [] for style in styles}
    for photo in photos[:, None].astype(np.float32):
        content = scorer.content(photo)
        for style in styles:
            terms = scorer.score(stylize(photo, {style: 1.0}), content, [style])
            totals[style].append(float(terms.sum()))
    return totals


def network_seconds(
    stylize: Callable[[np.ndarray], Any], photo: np.ndarray, runs: int = 5
) -> float:
    """Return the median time of stylizing a photograph, after one run to warm up."""
    seconds = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        stylize(photo)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


def optimise(
    scorer: Scorer,
    tasks: Sequence[Task],
    results: Results,
    *,
    iterations: int,
    stop_early: bool,
    timed: Callable[[np.ndarray], Any],
) -> list[Record]:
    """Run the tasks that the results do not hold yet.

    Args:
        scorer: The scorer of the training.
        tasks: The tasks.
        results: Records of earlier runs, to which the new ones are added.
        iterations: The most iterations.
        stop_early: Whether to stop soon after the network's loss is reached.
        timed: The network to time, a function of one photograph.

    Returns:
        The record of each task.
    """
    evaluate = differentiated(scorer)
    records = []
    for task in tqdm(tasks, unit="picture"):
        target = scorer.targets[task.style]
        key = {
            "style": task.style,
            "objective": target.fingerprint,
            "vgg16": scorer.precision,
            "start": task.start,
            "photo": task.name,
            "size": len(task.photo),
        }
        enough = task.total if stop_early else None
        record = results.get(key)
        if not record or not finished(record, iterations, enough):
            content = scorer.content(task.photo[None].astype(np.float32))
            pair = content, target[:2]
            record = minimise(
                lambda batch, pair=pair: evaluate(batch, *pair),
                starting_picture(task.start, task.photo, task.name),
                iterations=iterations,
                enough=enough,
            )
            record["network_seconds"] = network_seconds(timed, task.photo)
            results.add(key, record)
        records.append(record)
    return records


def by_style(
    tasks: Sequence[Task], records: Sequence[Record]
) -> dict[str, list[Record]]:
    """Return the records of each style, photo by photo."""
    grouped: dict[str, list[Record]] = {}
    for task, record in zip(tasks, records, strict=True):
        grouped.setdefault(task.style, []).append(record)
    return grouped


SECTION = """## Beside direct optimisation at {size} px

Total loss in thousands: of the network's pictures, and of pictures whose pixels
L-BFGS-B has optimised in 0..255 for the same loss (Gatys et al. 2016), after each
number of iterations. Means of {photos} photographs, VGG16 in {precision}. "Reached at"
is the first iteration at the network's loss of the same photograph. "Longer" is how
many times longer than the network the optimisation takes until then. Both are medians
of the photographs.

{tables}
Made by `python -m benchmarks.direct_optimisation --content_dir=PHOTOGRAPHS
--vgg16_weights=FILE.h5 --run=RUN --results=FILE.jsonl --image_size={size}
--photos={photos}`.
"""


if __name__ == "__main__":
    script.run(main)
