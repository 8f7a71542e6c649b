"""Layers of shapes that hide one another, as things do in front of a camera."""

import numpy as np
from PIL import Image, ImageDraw

from fast_style.content.materials import TILE, Palette, Textures
from fast_style.content.rasters import blurred

OUTLINE = 24  # points of a shape
MOST = 4000  # shapes in a layer
KINDS = [0.3, 0.2, 0.15, 0.2, 0.15]  # shares of ellipses, boxes, bars, blobs, polygons


def layer(
    rng: np.random.Generator,
    side: int,
    cover: float,
    sizes: tuple[float, float],
    textures: Textures,
    palette: Palette,
) -> np.ndarray:
    """Draw shapes whose radius r has a density of r^-3, each with a shadow.

    Args:
        rng: Random numbers; the layer depends on their state alone.
        side: Side of the layer, in pixels.
        cover: Area of all shapes, as a share of the layer's area.
        sizes: Smallest and largest radius, in pixels.
        textures: Patterns of the shapes.
        palette: Colours of the shapes.

    Returns:
        float32 (side, side, 4) in 0..255: the colours, black where there is no shape,
        and the opacity.
    """
    small, large = (size**-2.0 for size in sizes)
    area = 2.5 * 2 * np.log(sizes[1] / sizes[0]) / (small - large)  # mean, of a shape
    count = int(np.clip(cover * side**2 / area, 3, MOST))
    radius = (small + rng.random(count) * (large - small)) ** -0.5
    center = rng.uniform(-0.1, 1.1, (count, 2)) * side
    turn = rng.uniform(0, 2 * np.pi, count)
    if rng.random() < 0.5:  # upright things
        turn = np.round(turn * 2 / np.pi) * np.pi / 2 + rng.normal(0, 0.06, count)
    axis = np.stack([np.cos(turn), np.sin(turn)], 1)  # (count, 2)
    ids = _drawn(_outlines(rng, count), side, center, radius, axis)
    colors = _shaded(rng, ids, center, radius, axis, textures, palette)

    offset = max(1, int(side * rng.uniform(0.004, 0.012)))
    shadow: np.ndarray = np.zeros((side, side), np.float32)
    nearer = ids[:-offset, :-offset] > ids[offset:, offset:] + count // 8
    shadow[offset:, offset:] = nearer
    shadow = blurred(shadow[..., None] * 255, offset) / 255
    colors *= 1 - rng.uniform(0, 0.7) * shadow
    covered = (ids > 0)[..., None].astype(np.float32)
    colors = np.clip(colors, 0, 255)
    return np.concatenate([colors * covered, covered * 255], -1)


def over(layer: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Return a picture (H, W, 3) behind a layer (H, W, 4)."""
    return layer[..., :3] + picture * (1 - layer[..., 3:] / 255)


def _outlines(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return outlines of shapes of about radius 1: (count, OUTLINE, 2)."""
    angle = np.linspace(0, 2 * np.pi, OUTLINE, endpoint=False)
    x, y = np.cos(angle), np.sin(angle)
    circle = np.stack([x, y], -1)
    box = circle / np.maximum(abs(x), abs(y))[:, None] * 0.8
    waves = rng.normal(0, 0.16, (count, 3, 1)) / np.array([[1], [1.5], [2]])
    phases = rng.uniform(0, 2 * np.pi, (count, 3, 1))
    blob = 1 + (waves * np.cos(np.array([[2], [3], [5]]) * angle + phases)).sum(1)
    corners = np.repeat(rng.uniform(0.5, 1.1, (count, 8)), OUTLINE // 8, axis=1)
    kind = rng.choice(len(KINDS), count, p=KINDS)[:, None, None]
    points = np.select(
        [kind == 0, kind == 3, kind == 4],
        [circle, blob[..., None] * circle, corners[..., None] * circle],
        box,
    )
    aspect = np.exp(rng.normal(0, 0.35, (count, 1, 1)))
    aspect = np.where(kind == 2, np.exp(rng.uniform(1, 3.4, (count, 1, 1))), aspect)
    return points * np.concatenate([aspect**0.5, aspect**-0.5], -1)


def _drawn(
    outlines: np.ndarray,
    side: int,
    center: np.ndarray,
    radius: np.ndarray,
    axis: np.ndarray,
) -> np.ndarray:
    """Return the number of the shape at each pixel, from 1; 0 where there is none."""
    across = np.stack([-axis[:, 1], axis[:, 0]], 1)
    points = outlines * radius[:, None, None]
    points = points[..., :1] * axis[:, None] + points[..., 1:] * across[:, None]
    corners = (points + center[:, None]).reshape(len(radius), -1).tolist()
    canvas = Image.new("I", (side, side))
    pen = ImageDraw.Draw(canvas)
    for number, corner in enumerate(corners, 1):
        pen.polygon(corner, number)
    return np.asarray(canvas)


def _shaded(
    rng: np.random.Generator,
    ids: np.ndarray,
    center: np.ndarray,
    radius: np.ndarray,
    axis: np.ndarray,
    textures: Textures,
    palette: Palette,
) -> np.ndarray:
    """Return the colour at each pixel of its shape, with gradient and texture.

    Each shape has properties of its own, which `at` looks up for each pixel.
    """
    count = len(radius)
    plain = rng.random(count) < 0.3
    strength = np.where(plain, 0, np.minimum(rng.exponential(30, count), 80))
    slopes = rng.normal(0, 16, (count, 2))
    bulge = np.where(rng.random(count) < 0.4, rng.normal(0, 22, count), 0)
    stripes = np.where(rng.random(count) < 0.12, rng.exponential(18, count), 0)
    scale = rng.uniform(0.5, 1.2, count)
    kinds = rng.choice(6, count, p=[0.25, 0.3, 0.15, 0.1, 0.1, 0.1])
    pitch = radius / np.maximum(radius / 20, rng.uniform(0.5, 6, count))  # px
    phase = rng.integers(TILE, size=count)
    shapes = np.maximum(ids, 1) - 1

    def at(values: np.ndarray) -> np.ndarray:
        return np.take(values.astype(np.float32), shapes)

    pixels = np.arange(len(ids), dtype=np.float32)
    x, y = pixels - at(center[:, 0]), pixels[:, None] - at(center[:, 1])
    cos, sin = at(axis[:, 0]), at(axis[:, 1])
    x, y = x * cos + y * sin, y * cos - x * sin  # px along the shape's own axes
    inverse = at(1 / radius)
    u, v = np.clip(x * inverse, -1.5, 1.5), np.clip(y * inverse, -1.5, 1.5)
    tone = at(slopes[:, 0]) * u + at(slopes[:, 1]) * v
    tone += at(bulge) * (0.5 - u * u - v * v)
    tone += at(stripes) * np.sin(x * at(2 * np.pi / pitch))
    row, column = (
        (along * at(scale) + at(phase)).astype(np.int32) & (TILE - 1)
        for along in (y, x)
    )
    first = at(kinds * TILE * TILE).astype(np.int32)
    tone += at(strength) * np.take(textures.patterns, first + row * TILE + column)
    direction = 1 + rng.normal(0, 0.12, (count, 3)).astype(np.float32)
    colors = palette.colors(rng, count)[shapes]
    return colors + tone[..., None] * direction[shapes]
