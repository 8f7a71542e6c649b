"""Prove an export: every artefact stylizes a photograph, and is compared with Keras."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

from fast_style import images, tiling
from fast_style.export.wanted import places
from fast_style.network import tiles as network
from fast_style.network.generator import Generator
from fast_style.tensors import Tensor

# Width and height in px: odd, no multiples of the stride, one upright, one lying.
SIZES = ((203, 135), (301, 403))
TRACED = 5  # weightings, from which on a graph of Keras' reference saves time


class Tolerance(NamedTuple):
    """How far an artefact's pictures may be from Keras'.

    Args:
        largest: The largest difference of a value, in grey levels.
        psnr: The least peak signal-to-noise ratio, in decibels.
    """

    largest: float
    psnr: float


TOLERANCES = {
    "SavedModel": Tolerance(1, 30),
    "SavedModel bytes": Tolerance(255, 30),  # the JPEG's own loss
    "float32": Tolerance(1, 30),
    "float32 tiles": Tolerance(1, 30),
    "float16": Tolerance(3, 30),
    "float16 tiles": Tolerance(3, 30),
    "int8": Tolerance(255, 30),
    "int8 tiles": Tolerance(255, 30),
    "float32 ONNX": Tolerance(1, 30),
    "float16 ONNX": Tolerance(3, 30),
    "int8 ONNX": Tolerance(255, 30),
    "baked ONNX": Tolerance(1, 30),
    "phone": Tolerance(3, 30),
}


def whole(generator: Generator, pixels: np.ndarray, weights: Tensor) -> Tensor:
    """Return a picture as a generator paints it."""
    return generator(pixels[None].astype(np.float32), weights[None])[0]


def one_tile(generator: Generator, pixels: np.ndarray, weights: Tensor) -> Tensor:
    """Return a picture as a generator paints it as a single tile."""
    (tiles,) = tiling.windows(pixels, generator.geometry)
    statistics = network.measure(generator, tiles, weights[None])
    painted = network.paint(generator, tiles, weights[None], statistics)
    return painted[0, : pixels.shape[0], : pixels.shape[1]]


class Artefact(NamedTuple):
    """One form of an exported generator.

    Args:
        name: A key of the tolerances, where it has no comma; what follows one tells
            files of one kind apart.
        path: Its file or folder.
        stylize: Function from a picture, uint8 (H, W, 3), and the weights of the rows,
            float32 (rows,), to the stylized picture.
        reference: Function from the generator, a picture and weights to what Keras
            makes of them, float (H, W, 3) in 0..255.
        only: Width and height in px, and the weights, float32 (N, rows), to compare it
            by, where it does not take any.
    """

    name: str
    path: Path
    stylize: Callable[[np.ndarray, np.ndarray], np.ndarray]
    reference: Callable[[Generator, np.ndarray, Tensor], Tensor] = whole
    only: tuple[tuple[int, int], np.ndarray] | None = None


class Difference(NamedTuple):
    """How far one picture of an artefact is from Keras'.

    Args:
        largest: The largest difference of a value, in grey levels.
        mean: The mean difference, in grey levels.
        psnr: Peak signal-to-noise ratio, in decibels.
        milliseconds: How long the artefact took.
    """

    largest: float
    mean: float
    psnr: float
    milliseconds: float


class Result(NamedTuple):
    """One line of the table: an artefact at one size.

    Args:
        artefact: Its name.
        megabytes: Its size on disk.
        width: Width of the picture, in px.
        height: Height of the picture, in px.
        difference: The worst difference of all its styles, and the shortest time.
    """

    artefact: str
    megabytes: float
    width: int
    height: int
    difference: Difference


def prove(
    generator: Generator,
    artefacts: Sequence[Artefact],
    photo: np.ndarray,
    *,
    alone: Sequence[str] = (),
    sizes: Sequence[tuple[int, int]] = SIZES,
    tolerances: Mapping[str, Tolerance] = TOLERANCES,
) -> list[Result]:
    """Compare every artefact with Keras at every size; refuse one that differs.

    Args:
        generator: The generator that was exported.
        artefacts: Its exported forms.
        photo: The photograph, uint8 (H, W, 3).
        alone: Names of the rows to compare each alone, beside a blend of all; none
            stands for all of them.
        sizes: Width and height of its cuts, in px. Each row is compared at one, by
            artefacts that take any.
        tolerances: The Tolerance of each artefact, by its name.

    Returns:
        A Result for each size and artefact.

    Raises:
        SettingError: The generator has no such row.
        ValueError: An artefact differs more than its tolerance allows.
    """
    results = []
    rows = places(generator.styles, alone)
    free = [artefact for artefact in artefacts if artefact.only is None]
    for turn, size in enumerate(sizes):
        weightings = weightings_of(len(generator.styles), rows[turn :: len(sizes)])
        results += _results(generator, free, photo, size, weightings)
    for artefact in artefacts:
        if artefact.only is not None:
            results += _results(generator, [artefact], photo, *artefact.only)
    for result in results:
        _check(result, tolerances[result.artefact.split(",")[0]], results)
    return results


def _results(
    generator: Generator,
    artefacts: Sequence[Artefact],
    photo: np.ndarray,
    size: tuple[int, int],
    weightings: np.ndarray,
) -> list[Result]:
    """Compare artefacts at one size."""
    width, height = size
    pixels = images.resize_short_side(photo, max(size))[:height, :width]
    differences = _differences(generator, artefacts, pixels, weightings)
    return [
        Result(
            artefact=artefact.name,
            megabytes=megabytes(artefact.path),
            width=width,
            height=height,
            difference=_worst(differences[artefact.name]),
        )
        for artefact in artefacts
    ]


def weightings_of(count: int, alone: Sequence[int]) -> np.ndarray:
    """Return the weights to compare on: a blend of all rows, and some alone.

    Args:
        count: Number of the rows.
        alone: Places of the rows that are compared alone.

    Returns:
        float32 (weightings, count).
    """
    blend = np.full((1, count), 1 / count, np.float32)
    single = np.eye(count, dtype=np.float32)[list(alone)]
    return np.unique(np.concatenate([blend, single]), axis=0)


def compare(
    artefact: Artefact, pixels: np.ndarray, weights: np.ndarray, expected: np.ndarray
) -> Difference:
    """Run an artefact, and compare its picture with Keras'.

    Args:
        artefact: The artefact.
        pixels: The picture, uint8 (H, W, 3).
        weights: The weights of the rows, float32 (rows,).
        expected: The picture of Keras, float (H, W, 3) in 0..255.

    Raises:
        ValueError: The artefact's picture has another shape.
    """
    began = time.perf_counter()
    stylized = artefact.stylize(pixels, weights)
    seconds = time.perf_counter() - began
    if stylized.shape != pixels.shape:
        raise ValueError(
            f"{artefact.name} made {stylized.shape} of {pixels.shape}. "
            "Nothing was exported."
        )
    distance = np.abs(stylized.astype(np.float64) - np.rint(expected))
    square = np.mean(np.square(distance))
    psnr = 10 * np.log10(255**2 / max(square, 1e-9))
    return Difference(distance.max(), distance.mean(), psnr, 1000 * seconds)


def table(results: Sequence[Result]) -> str:
    """Return results as text: a header, and one line each."""
    wide = max([17, *(len(result.artefact) for result in results)])
    lines = [f"{'artefact':{wide}}  MB     picture   largest  mean   PSNR dB    ms"]
    lines += [
        f"{result.artefact:{wide}} {result.megabytes:5.2f} "
        f"{result.width:5d}x{result.height:<5d} "
        f"{result.difference.largest:7.0f} {result.difference.mean:6.3f} "
        f"{result.difference.psnr:8.1f} {result.difference.milliseconds:6.0f}"
        for result in results
    ]
    return "\n".join(lines)


def _differences(
    generator: Generator,
    artefacts: Sequence[Artefact],
    pixels: np.ndarray,
    weightings: np.ndarray,
) -> dict[str, list[Difference]]:
    """Compare artefacts on one picture; return their differences by name."""
    differences: dict[str, list[Difference]] = {a.name: [] for a in artefacts}
    references: dict[Any, Callable[[Tensor], Tensor]] = {
        made: partial(made, generator, pixels)
        for made in {artefact.reference for artefact in artefacts}
    }
    if len(weightings) >= TRACED:
        references = {made: tf.function(paint) for made, paint in references.items()}
    for artefact in artefacts if len(weightings) == 1 else ():
        artefact.stylize(pixels, weightings[0])  # a first run takes longer
    for weights in weightings:
        expected = {
            made: np.asarray(paint(weights)) for made, paint in references.items()
        }
        for artefact in artefacts:
            target = expected[artefact.reference]
            difference = compare(artefact, pixels, weights, target)
            differences[artefact.name].append(difference)
    return differences


def _worst(differences: Sequence[Difference]) -> Difference:
    """Return the worst of each figure, and the shortest time."""
    largest, mean, psnr, milliseconds = zip(*differences, strict=True)
    return Difference(max(largest), max(mean), min(psnr), min(milliseconds))


def _check(result: Result, tolerance: Tolerance, results: Sequence[Result]) -> None:
    largest, psnr = result.difference.largest, result.difference.psnr
    if not (largest <= tolerance.largest and psnr >= tolerance.psnr):
        raise ValueError(
            f"{result.artefact} differs from Keras by up to {largest:.0f} grey "
            f"levels, PSNR {psnr:.1f} dB; {tolerance.largest:.0f} and "
            f"{tolerance.psnr:.0f} dB are allowed. Nothing was exported.\n"
            f"{table(results)}"
        )


def megabytes(path: Path) -> float:
    """Return the size of a file, or of all files in a folder, in MB."""
    paths = [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]
    return sum(file.stat().st_size for file in paths) / 1e6
