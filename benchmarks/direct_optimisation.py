"""Sets a gallery beside pictures that are optimised one by one for the same loss.

python -m benchmarks.direct_optimisation --content_dir=PHOTOGRAPHS \\
    --vgg16_weights=FILE.h5 --run=RUN_DIRECTORY \\
    --results=FILE.jsonl --photos=5 --iterations=500

Every optimisation is added to --results when it is done, and the same command goes on
where it was stopped. They are minutes each. Wants SciPy, and for the times an idle
machine.
"""

import math
import os
import statistics
import sys
import time

import numpy as np
from absl import app, flags
from tqdm import tqdm

from benchmarks import report
from benchmarks.pixel_optimiser import (
    LEAST,
    MILESTONES,
    Results,
    differentiated,
    finished,
    iterations_to_reach,
    mean_curve,
    minimise,
    starting_picture,
)
from benchmarks.scoring import Objective, config_of, define_flags, painter, squares
from fast_style import images
from fast_style.network import loading
from fast_style.stylizer import Stylizer

define_flags()
flags.DEFINE_string("run", None, "The gallery's run directory.", required=True)
flags.DEFINE_string("results", None, "JSON lines to add to.", required=True)
flags.DEFINE_list("styles", None, "Names of styles. Default: all.")
flags.DEFINE_list("starts", ["noise", "photo"], "Where from: noise, photo.")
flags.DEFINE_integer("iterations", 500, "Iterations of each optimisation at most.")
flags.DEFINE_bool(
    "stop_early",
    False,
    "Stop an optimisation at the next milestone once it has reached the network's loss "
    f"and had {LEAST} iterations.",
)
flags.DEFINE_string(
    "tflite", None, "LiteRT file of the gallery to time. Default: time Keras."
)


def network_totals(objective, generator, styles, photos):
    """What a gallery's pictures come to: {style: [total of each photograph]}."""
    paint = painter(generator)
    totals = {style: [] for style in styles}
    for photo in photos[:, None]:
        content = objective.content(photo)
        for style in styles:
            terms = objective.terms(paint(photo, {style: 1.0}), content, [style])
            totals[style].append(float(terms.sum()))
    return totals


def network_seconds(paint, photo, runs=5):
    """Median time of painting a photograph, after one run to warm up."""
    taken = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        np.asarray(paint(photo))
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


def optimise(objective, tasks, results, *, iterations, stop_early, paint):
    """Runs what the results do not hold yet.

    Args:
        objective: Objective.
        tasks: list of (style, start, name of the photograph, its pixels, the network's
            total of it).
        results: Results.
        iterations, stop_early: The flags.
        paint: The network that is timed, from uint8 (H, W, 3).

    Returns:
        The tasks' records.
    """
    evaluate = differentiated(objective)
    records = []
    for style, start, name, photo, total in tqdm(tasks, unit="picture"):
        target = objective.styles[style]
        of = {
            "style": style,
            "objective": target.fingerprint,
            "vgg16": objective.precision,
            "start": start,
            "photo": name,
            "size": len(photo),
        }
        enough = total if stop_early else None
        record = results.get(of)
        if not record or not finished(record, iterations, enough):
            content = objective.content(photo[None])
            targets = (target.grams, target.weights)
            record = minimise(
                lambda batch, of=(content, targets): evaluate(batch, *of),
                starting_picture(start, photo, name),
                iterations=iterations,
                enough=enough,
            )
            record["network_seconds"] = network_seconds(paint, photo)
            results.add(of, record)
        records.append(record)
    return records


def tabulated(styles, totals, records):
    """A start's table.

    Args:
        styles: Names.
        totals: {style: [the network's total of each photograph]}.
        records: {style: [record of each photograph]}.

    Returns:
        The text, and the iteration at which the mean over styles reaches the network's.
    """
    longest = max(len(mean_curve(records[style])) - 1 for style in styles)
    milestones = [each for each in MILESTONES if each <= longest]
    lines, curves, reached, longer = [], [], [], []
    for style in styles:
        each = [
            iterations_to_reach(record["totals"], total)
            for record, total in zip(records[style], totals[style], strict=True)
        ]
        reached.append(statistics.median(each))
        longer.append(
            statistics.median(
                count * _iteration_seconds(record) / record["network_seconds"]
                for count, record in zip(each, records[style], strict=True)
            )
        )
        curves.append(mean_curve(records[style]))
        row = style, np.mean(totals[style]), curves[-1], reached[-1], longer[-1]
        lines.append(_line(*row, milestones))
    length = min(len(curve) for curve in curves)
    curve = np.mean([each[:length] for each in curves], axis=0)
    network = np.mean([np.mean(totals[style]) for style in styles])
    means = np.mean(reached), np.mean(longer)
    lines.append(_line(f"mean of {len(styles)}", network, curve, *means, milestones))
    ratios = [f"{curve[i] / network:.2f}" if i < length else "-" for i in milestones]
    lines.append(["multiple of the network's", "1.00", *ratios, "", ""])
    header = ["style", "network", *map(str, milestones), "reached at", "longer"]
    return report.table(header, lines), iterations_to_reach(curve, network)


def _line(name, network, curve, reached, longer, milestones):
    cells = [report.thousands(curve[i]) if i < len(curve) else "-" for i in milestones]
    counts = _count(reached, len(curve) - 1), _count(longer)
    return [name, report.thousands(network), *cells, *counts]


def _count(value, longest=None):
    if math.isfinite(value):
        return f"{value:.0f}"
    return "-" if longest is None else f"> {longest}"


def _iteration_seconds(record):
    return record["seconds"] / (len(record["totals"]) - 1)


def main(argv):
    del argv
    options = flags.FLAGS
    objective = Objective(
        config_of(options.run), options.vgg16_weights, options.precision
    )
    styles = options.styles or list(objective.styles)
    for name, known in ((styles, objective.styles), (options.starts, STARTS)):
        if unknown := sorted(set(name) - set(known)):
            raise ValueError(f"No {', '.join(unknown)}; there is {', '.join(known)}.")
    photos = squares(options.content_dir, options.image_size, options.photos)
    found = images.find_images(options.content_dir)[: len(photos)]
    names = [path.name for path in found]
    generator = loading.load_generator(options.run)
    totals = network_totals(objective, generator, styles, photos)
    if options.tflite:
        stylizer, timed = Stylizer(options.tflite), os.path.basename(options.tflite)
        paint = stylizer.stylize
    else:
        keras_paint, timed = painter(generator), "Keras"

        def paint(photo):
            return keras_paint(photo[None], {styles[0]: 1.0})

    results, tables = Results(options.results), []
    for start in options.starts:
        tasks = [
            (style, start, name, photo, total)
            for style in styles
            for name, photo, total in zip(names, photos, totals[style], strict=True)
        ]
        records = optimise(
            objective,
            tasks,
            results,
            iterations=options.iterations,
            stop_early=options.stop_early,
            paint=paint,
        )
        by_style = {
            style: records[i * len(photos) : (i + 1) * len(photos)]
            for i, style in enumerate(styles)
        }
        table, reached = tabulated(styles, totals, by_style)
        evaluations = sum(record["evaluations"] for record in records)
        count = sum(len(record["totals"]) - 1 for record in records)
        tables.append(
            TABLE.format(
                start=STARTS[start],
                reached=_count(reached, options.iterations),
                table=table,
                seconds=statistics.median(map(_iteration_seconds, records)),
                evaluations=evaluations / count,
                network=statistics.median(r["network_seconds"] for r in records),
                timed=timed,
            )
        )
    section = SECTION.format(
        size=options.image_size,
        photos=len(photos),
        precision=options.precision,
        tables="\n".join(tables),
    )
    report.publish(section, options.output)


STARTS = {
    "noise": "From normal noise of one grey level about VGG16's mean colour",
    "photo": "From the photograph",
}
TABLE = """{start} (as a mean, the network's loss is reached at iteration {reached}):

{table}

An iteration took {seconds:.3f} s and {evaluations:.2f} evaluations of loss and
gradient, the network {network:.4f} s ({timed}).
"""
SECTION = """## Beside direct optimisation at {size} px

Total loss (thousands) of the network's pictures and of pictures whose pixels L-BFGS-B
has optimised, in 0..255, for the same loss (Gatys et al. 2016), after so many
iterations: the mean of the photographs, of which there are {photos}; VGG16 in
{precision}. Then the iteration that first reaches the network's loss of the same
photograph, and how many times longer than the network it takes until there: medians of
the photographs.

{tables}
Made by `python -m benchmarks.direct_optimisation --content_dir=PHOTOGRAPHS
--vgg16_weights=FILE.h5 --run=RUN --results=FILE.jsonl --image_size={size}
--photos={photos}`.
"""


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        app.run(main)
    except (OSError, ValueError) as error:
        sys.exit(f"direct_optimisation: error: {error}")
