"""A picture in pen and ink to take a style from; see drawings.py."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from drawings import FINE, HEIGHT, WIDTH, clouds, finished, grid
from PIL import Image, ImageDraw

PAPER = np.array((243, 232, 206.0))
SIZE = (WIDTH * FINE, HEIGHT * FINE)


class Scene(NamedTuple):
    """What a pen draws at every pixel.

    Args:
        dark: How dark it is, 0..1.
        angle: Direction of the strokes, in radians.
        warm: Whether the ink is red.
    """

    dark: np.ndarray
    angle: np.ndarray
    warm: np.ndarray

    def where(
        self,
        inside: np.ndarray,
        dark: np.ndarray | float,
        angle: np.ndarray,
        warm: np.ndarray | bool,
    ) -> "Scene":
        """Return the scene with something else inside a mask."""
        return Scene(
            np.where(inside, dark, self.dark),
            np.where(inside, angle, self.angle),
            np.where(inside, warm, self.warm),
        )


def hatching(seed: int = 3) -> Image.Image:
    """Draw mountains, a lake and firs in pen and ink: tone by strokes along forms."""
    rng = np.random.default_rng(seed)
    scene = _landscape(rng)
    paper = PAPER + 3 * clouds(rng, 1.2, FINE)[..., None]
    image = Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    passes = [(0.1, 0.0, 7), (0.24, 0.12, 9), (0.4, 0.9, 8), (0.56, -0.75, 7)]
    passes += [(0.74, 0.3, 6), (0.88, 1.5, 6)]
    for threshold, offset, pitch in passes:
        across, down = np.arange(0, SIZE[0], 34), np.arange(0, SIZE[1], pitch)
        starts = np.stack(np.meshgrid(across, down), -1).reshape(-1, 2)
        starts = starts + rng.uniform(-1, 1, starts.shape) * (17, 2.2)
        for start in rng.permutation(starts):
            _stroke(rng, pen, start, threshold, offset, scene)
    return finished(np.asarray(image, float))


def _stroke(
    rng: np.random.Generator,
    pen: ImageDraw.ImageDraw,
    start: np.ndarray,
    threshold: float,
    offset: float,
    scene: Scene,
) -> None:
    """Draw a stroke along the forms, as far as it is dark enough.

    Args:
        rng: Makes the strokes differ.
        pen: Draws it.
        start: x and y.
        threshold: How dark it must be.
        offset: Angle to the direction of the forms.
        scene: The scene.
    """
    height, width = scene.dark.shape
    x, y = start
    points, bend = [], rng.normal(offset, 0.05)
    for _ in range(int(rng.integers(5, 12))):
        row, column = int(y), int(x)
        if not (0 <= row < height and 0 <= column < width):
            break
        if scene.dark[row, column] < threshold:
            break
        points.append((x, y))
        turn = scene.angle[row, column] + bend
        x, y = x + 5 * np.cos(turn), y + 5 * np.sin(turn)
    if len(points) > 2:
        row, column = int(start[1]), int(start[0])
        heavy = scene.dark[row, column] - threshold
        ink = (150, 62, 34) if scene.warm[row, column] else (38, 30, 38)
        ink = tuple(int(c) for c in np.clip(ink + rng.normal(0, 9, 3), 0, 255))
        half = len(points) // 2  # the pen is pressed first, and lifted then
        wide = 1 + int(heavy > 0.08) + int(heavy > 0.3)
        pen.line(points[: half + 1], ink, wide, joint="curve")
        pen.line(points[half:], ink, max(1, wide - 1), joint="curve")


def _landscape(rng: np.random.Generator) -> Scene:
    y, x = grid(FINE)
    x, y = x / SIZE[0], y / SIZE[1]  # 0..1
    sun = np.hypot((x - 0.27) * WIDTH / HEIGHT, y - 0.24)
    noise = [clouds(rng, power, FINE) for power in (1.7, 2.0, 2.4)]
    rings = 0.5 + 0.5 * np.sin(sun * 70 + noise[1])
    dark = 0.2 + 0.3 * np.clip(sun - 0.15, 0, 1) + 0.1 * rings - 0.1 * noise[1]
    dark = np.where(sun < 0.105, 0.02 + 0.5 * np.clip(sun - 0.085, 0, 1) * 20, dark)
    angle = np.arctan2((x - 0.27) * WIDTH / HEIGHT, -(y - 0.24))
    scene = Scene(dark, angle, sun < 0.3 + 0.02 * noise[2])
    for base, tall, lift in ((0.46, 0.24, -0.14), (0.56, 0.17, 0.1)):
        scene = _mountains(rng, scene, x, y, noise, (base, tall, lift))
    scene = _lake(scene, x, y, noise)
    shore = y > 0.86 + 0.05 * np.cos(x * 5 + 1) + 0.008 * noise[0]
    scene = scene.where(
        shore,
        0.52 + 0.16 * noise[0] + 0.8 * (y - 0.9),
        0.5 * np.sin(x * 12) - 1.2 + 0.5 * noise[2],
        noise[2] > 1.1,
    )
    firs = [(0.66, 0.36, 0.98), (0.75, 0.22, 1.0), (0.84, 0.42, 0.97), (0.94, 0.28, 1)]
    for fir in firs + [(0.06, 0.5, 0.96), (0.13, 0.62, 0.97)]:
        scene = _fir(scene, x, y, noise, fir)
    margin = np.minimum.reduce([x, 1 - x, y * 0.8, (1 - y) * 0.8])
    blank = margin < 0.018 + 0.003 * noise[1]
    return scene._replace(dark=np.where(blank, 0, scene.dark))


def _mountains(
    rng: np.random.Generator,
    scene: Scene,
    x: np.ndarray,
    y: np.ndarray,
    noise: Sequence[np.ndarray],
    heights: tuple[float, float, float],
) -> Scene:
    """Draw a chain of mountains, from a base so tall and so much darker."""
    base, tall, lift = heights
    column = np.arange(SIZE[0]) / SIZE[0]
    crest = np.zeros_like(column)
    for _ in range(7):
        peak, wide = rng.uniform(0, 1), rng.uniform(0.08, 0.2)
        crest = np.maximum(crest, rng.uniform(0.4, 1) * (1 - abs(column - peak) / wide))
    jag = 0.012 * noise[0][300] + 0.006 * noise[0][500]
    top = base - tall * crest + jag
    inside = y > top
    steep = np.gradient(np.convolve(top, np.ones(25) / 25, "same")) * WIDTH * FINE
    fall = np.clip((y - top) / (tall + 0.05), 0, 1)
    ridges = x + 0.5 * (y - top) + 0.012 * noise[1]  # run down aslant
    slope = np.interp(ridges, column, steep)
    lean = np.tanh(0.8 * slope + 0.45 * noise[1] + 0.3 * noise[0])
    shade = 0.5 + lift + 0.34 * lean + 0.06 * noise[0] - 0.12 * fall
    rim = y - top < 0.007
    shade = np.where(rim, 0.6, shade)
    angle = np.pi / 2 + 0.7 * lean + 0.1 * noise[2]
    angle = np.where(rim, np.arctan(steep * HEIGHT / WIDTH), angle)
    return scene.where(inside, shade, angle, (lean < -0.55) & (fall > 0.1))


def _lake(
    scene: Scene, x: np.ndarray, y: np.ndarray, noise: Sequence[np.ndarray]
) -> Scene:
    """Draw a lake, which mirrors what is above it."""
    lake = y > 0.62 + 0.004 * np.sin(x * 40)
    mirror = np.clip(((1.24 - y) * HEIGHT * FINE).astype(int), 0, HEIGHT * FINE - 1)
    sway = (x * WIDTH * FINE + 14 * np.sin(y * 240)).astype(int)
    water = scene.dark[mirror, np.clip(sway, 0, WIDTH * FINE - 1)]
    ripples = np.sin(y * 330 / (0.5 + y) + 2.5 * noise[2] + 3 * np.sin(x * 9))
    water = 0.22 + 0.5 * water + 0.22 * ripples
    glint = abs(x - 0.27) < 0.05 + 0.02 * ripples + 0.05 * (y - 0.62)
    water = np.where(glint, 0.05 + 0.2 * (ripples > 0.3), water)
    return scene.where(lake, water, 0.06 * np.cos(x * 50 + noise[2]), glint)


def _fir(
    scene: Scene,
    x: np.ndarray,
    y: np.ndarray,
    noise: Sequence[np.ndarray],
    place: tuple[float, float, float],
) -> Scene:
    """Draw a fir by the x of its middle, and the y of its top and foot."""
    middle, top, foot = place
    along = (y - top) / (foot - top)
    tiers = 0.35 + 0.65 * ((along * 9 + 0.15 * noise[0]) % 1)
    reach = 0.075 * np.clip(along, 0, 1) ** 0.8 * tiers + 0.012 * noise[0] * along
    side = (x - middle) / 0.075
    fir = (abs(x - middle) < reach) & (along > 0) & (along < 1)
    light = 0.8 + 0.9 * np.clip(side, -0.6, 0.3) + 0.06 * noise[0] - 0.2 * tiers
    return scene.where(fir, light, np.pi / 2 - 1.0 * np.tanh(4 * side), False)
