"""Optimises pictures directly, as before there were generators, and keeps the losses.

Reference: Gatys et al. 2016, "Image style transfer using convolutional neural
networks"; L-BFGS kept to 0..255 as Johnson et al. 2016 do for their comparison.
"""

import json
import math
import time
import zlib
from pathlib import Path

import numpy as np
import scipy.optimize
import tensorflow as tf

MILESTONES = (1, 2, 5, 10, 25, 50, 100, 200, 500)
LEAST = 50  # iterations that every picture gets
MEAN_COLOUR = (123.68, 116.779, 103.939)  # RGB, of VGG16's training


def starting_picture(start, photo, name):
    """Where an optimisation starts from.

    Args:
        start: "photo", or "noise": normal noise of one grey level about VGG16's mean
            colour, as Johnson's own slow_neural_style.lua starts.
        photo: uint8 (H, W, 3).
        name: The photograph's, which seeds the noise.

    Returns:
        float64 (H, W, 3).
    """
    if start == "photo":
        return photo.astype(np.float64)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return rng.normal(MEAN_COLOUR, 1.0, photo.shape)


def differentiated(objective):
    """A function of (picture, content, targets) that gives total and gradient.

    Args:
        objective: scoring.Objective; the arguments are its `weighed`'s, of one picture
            and one style, so that it is traced once for all of them.
    """

    @tf.function
    def evaluate(picture, content, targets):
        with tf.GradientTape() as tape:
            tape.watch(picture)
            total = tf.reduce_sum(objective.weighed(picture, content, [targets]))
        return total, tape.gradient(total, picture)

    return evaluate


def minimise(evaluate, picture, *, iterations, enough=None):
    """Minimises a loss over the pixels of a picture by L-BFGS-B.

    Args:
        evaluate: From float32 (1, H, W, 3) to the loss and its gradient.
        picture: float64 (H, W, 3) in 0..255, to start from.
        iterations: At most.
        enough: Loss at which to stop, at the next of MILESTONES from LEAST on.

    Returns:
        dict: "totals", the loss after 0, 1, ... iterations; "ended", whether no
        iteration could bring it down further; "evaluations" of the loss; "seconds".
    """
    evaluations = 0

    def function(pixels, scale):
        nonlocal evaluations
        evaluations += 1
        batch = tf.constant(pixels.reshape(1, *picture.shape), tf.float32)
        total, gradient = evaluate(batch)
        return scale * float(total), scale * gradient.numpy().ravel().astype(np.float64)

    total, gradient = function(picture, 1.0)  # compiles, too
    # The first step is the gradient: it can be cut, but not made longer.
    scale = 255 / np.abs(gradient).max()
    totals, evaluations = [total], 0

    def after(intermediate_result):
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
        # Not for the iterations, nor by the callback.
        "ended": len(totals) <= iterations and result.status != 99,
        "evaluations": evaluations,
        "seconds": time.perf_counter() - began,
    }


def finished(record, iterations, enough=None):
    """Whether what `minimise` gave is all that these arguments ask for."""
    count = len(record["totals"]) - 1
    reached = enough is not None and record["totals"][-1] <= enough
    return record["ended"] or count >= iterations or (reached and count >= LEAST)


def iterations_to_reach(totals, wanted):
    """The first iteration whose total is no more than wanted; infinity for none."""
    return next((i for i, total in enumerate(totals) if total <= wanted), math.inf)


def mean_curve(records):
    """Mean totals over records, as far as all of them go; an ended one stays."""
    counts = [len(record["totals"]) for record in records if not record["ended"]]
    length = min(counts) if counts else max(len(r["totals"]) for r in records)
    padded = [
        [*record["totals"], *[record["totals"][-1]] * length][:length]
        for record in records
    ]
    return np.mean(padded, axis=0)


class Results:
    """Records of optimisations in a file of JSON lines, written as they come.

    Args:
        path: The file; what it holds is taken over, but for a line cut short.
    """

    def __init__(self, path):
        self.path = Path(path)
        text = self.path.read_text() if self.path.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            self.path.write_text(whole)
        lines = [json.loads(line) for line in whole.splitlines()]
        self.records = {_key(line["of"]): line["record"] for line in lines}

    def get(self, of):
        """The last record of an optimisation, a dict that tells it; or None."""
        return self.records.get(_key(of))

    def add(self, of, record):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "a") as file:
            file.write(json.dumps({"of": of, "record": record}) + "\n")
        self.records[_key(of)] = record


def _key(of):
    return json.dumps(of, sort_keys=True)
