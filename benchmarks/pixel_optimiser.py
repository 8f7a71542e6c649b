"""Optimise the pixels of pictures, as before there were generators.

Reference: Gatys et al. 2016, "Image style transfer using convolutional neural
networks"; L-BFGS within 0..255 as Johnson et al. 2016 run it for their comparison.
"""

import json
import math
import os
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.optimize
import tensorflow as tf

from benchmarks.scoring import Scorer

MILESTONES = (1, 2, 5, 10, 25, 50, 100, 200, 500)
LEAST = 50  # iterations that every picture gets
MEAN_COLOUR = (123.68, 116.779, 103.939)  # RGB, of VGG16's training
# From a picture, float32 (1, H, W, 3), to its loss and the loss's gradient.
Evaluate = Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]
Record = dict[str, Any]  # what `minimise` returns


def starting_picture(start: str, photo: np.ndarray, name: str) -> np.ndarray:
    """Return the picture from which an optimisation starts.

    Args:
        start: "photo", or "noise": normal noise of one grey level about VGG16's mean
            colour, with which Johnson's slow_neural_style.lua starts.
        photo: uint8 (H, W, 3).
        name: Name of the photograph, which seeds the noise.

    Returns:
        float64 (H, W, 3).
    """
    if start == "photo":
        return photo.astype(np.float64)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return rng.normal(MEAN_COLOUR, 1.0, photo.shape)


def differentiated(scorer: Scorer) -> Callable:
    """Return a function from (picture, content, target) to the loss and its gradient.

    The arguments are those of Scorer.weighted, for one picture and one style, so one
    trace serves all pictures and styles.
    """

    @tf.function
    def evaluate(
        picture: tf.Tensor, content: Mapping[str, tf.Tensor], target: tuple
    ) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(picture)
            loss = tf.reduce_sum(scorer.weighted(picture, content, [target]))
        return loss, tape.gradient(loss, picture)

    return evaluate


def minimise(
    evaluate: Evaluate,
    picture: np.ndarray,
    *,
    iterations: int,
    enough: float | None = None,
) -> Record:
    """Minimise a loss over the pixels of a picture by L-BFGS-B.

    Args:
        evaluate: The loss and its gradient.
        picture: float64 (H, W, 3) in 0..255, to start from.
        iterations: The most iterations.
        enough: Loss at which to stop, at the next of MILESTONES from LEAST on.

    Returns:
        A dict: "totals", the loss after 0, 1, ... iterations; "ended", whether no
        further iteration could lower it; "evaluations", their number; "seconds".
    """
    evaluations = 0

    def function(pixels: np.ndarray, scale: float) -> tuple[float, np.ndarray]:
        nonlocal evaluations
        evaluations += 1
        batch = tf.constant(pixels.reshape(1, *picture.shape), tf.float32)
        loss, gradient = evaluate(batch)
        return scale * float(loss), scale * gradient.numpy().ravel().astype(np.float64)

    loss, gradient = function(picture, 1.0)  # compiles, too
    # The first step is as long as the gradient: it can be cut, but not lengthened.
    scale = 255 / np.abs(gradient).max()
    totals, evaluations = [loss], 0

    def after(intermediate_result: scipy.optimize.OptimizeResult) -> None:
        totals.append(float(intermediate_result.fun) / scale)
        count = len(totals) - 1
        reached = enough is not None and totals[-1] <= enough
        if reached and count >= LEAST and count in MILESTONES:
            raise StopIteration

    began = time.perf_counter()
    result = scipy.optimize.minimize(
        function,
        picture.ravel(),
        args=(scale,),
        jac=True,
        method="L-BFGS-B",
        bounds=scipy.optimize.Bounds(0, 255),
        callback=after,
        options={"maxiter": iterations, "maxfun": math.inf, "ftol": 0, "gtol": 0},
    )
    return {
        "totals": totals,
        # Neither the iterations nor the callback ended it.
        "ended": len(totals) <= iterations and result.status != 99,
        "evaluations": evaluations,
        "seconds": time.perf_counter() - began,
    }


def finished(record: Record, iterations: int, enough: float | None = None) -> bool:
    """Return whether a record holds all that these arguments ask `minimise` for."""
    count = len(record["totals"]) - 1
    reached = enough is not None and record["totals"][-1] <= enough
    return record["ended"] or count >= iterations or (reached and count >= LEAST)


def iterations_to_reach(totals: Sequence[float], loss: float) -> float:
    """Return the first iteration whose total is at most a loss; infinity for none."""
    return next((i for i, total in enumerate(totals) if total <= loss), math.inf)


def mean_curve(records: Sequence[Record]) -> np.ndarray:
    """Return the mean totals of records, as far as all go; ended ones keep theirs."""
    counts = [len(record["totals"]) for record in records if not record["ended"]]
    length = min(counts) if counts else max(len(r["totals"]) for r in records)
    padded = [
        [*record["totals"], *[record["totals"][-1]] * length][:length]
        for record in records
    ]
    return np.mean(padded, axis=0)


class Results:
    """Records of optimisations in a file of JSON lines, which is written as they come.

    Args:
        path: The file. Its records are read, but for a last line that is cut short.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path)
        text = self.path.read_text() if self.path.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            self.path.write_text(whole)
        lines = [json.loads(line) for line in whole.splitlines()]
        self.records = {_key(line["of"]): line["record"] for line in lines}

    def get(self, task: Mapping[str, Any]) -> Record | None:
        """Return the last record of a task, which a dict describes; or None."""
        return self.records.get(_key(task))

    def add(self, task: Mapping[str, Any], record: Record) -> None:
        """Write the record of a task."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "a") as file:
            file.write(json.dumps({"of": task, "record": record}) + "\n")
        self.records[_key(task)] = record


def _key(task: Mapping[str, Any]) -> str:
    return json.dumps(task, sort_keys=True)
