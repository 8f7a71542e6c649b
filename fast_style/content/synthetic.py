"""Pictures with the statistics of photographs, drawn instead of downloaded.

Shapes of all sizes hide one another, as things do in front of a camera. Such pictures
have the edges, the flat areas and the power spectrum of photographs, and a network
trained on them has met most of what a photograph holds, except its objects.
"""

import numpy as np

from fast_style.content import shapes
from fast_style.content.materials import TILE, Palette, Textures, tiled
from fast_style.content.rasters import blurred, enlarged


def draw(rng: np.random.Generator, side: int) -> np.ndarray:
    """Draw a dead leaves picture: a backdrop, and shapes in three depths before it.

    Args:
        rng: Random numbers; the picture depends on their state alone.
        side: Side of the picture, in pixels.

    Returns:
        uint8 (side, side, 3).

    Reference:
        Lee, Mumford and Huang 2001, Occlusion models for natural images. Baradad et
        al. 2021, Learning to see by looking at noise, for training on such pictures.
    """
    textures = Textures(rng)
    palette = Palette(rng)
    focus = rng.random() < 0.6  # else everything is sharp
    open_scene = rng.random() < 0.4  # large parts of the backdrop stay in sight

    far = side // 2
    picture = _backdrop(rng, far, textures, palette)
    cover = rng.uniform(0, 0.5) if open_scene else rng.uniform(0.5, 2)
    sizes = (far / 40, far / 2.5)
    layer = shapes.layer(rng, far, cover, sizes, textures, palette)
    if focus:
        layer = blurred(layer, rng.uniform(1, 5))
    picture = enlarged(shapes.over(layer, picture), side)

    cover = rng.uniform(0.02, 0.5) if open_scene else rng.uniform(0.7, 2.5)
    sizes = (side / np.exp(rng.uniform(3.2, 5.5)), side / rng.uniform(2.5, 7))
    layer = shapes.layer(rng, side, cover, sizes, textures, palette)
    picture = shapes.over(layer, picture)

    if focus and rng.random() < 0.5:
        cover, sizes = rng.uniform(0.05, 0.3), (far / 12, far / 3)
        layer = shapes.layer(rng, far, cover, sizes, textures, palette)
        layer = enlarged(blurred(layer, rng.uniform(1, 6)), side)
        picture = shapes.over(layer, picture)
    return _photographed(rng, picture, textures)


def _photographed(
    rng: np.random.Generator, picture: np.ndarray, textures: Textures
) -> np.ndarray:
    """Return a picture under a light, exposed, a little blurred, with grain: uint8."""
    side = len(picture)
    light = _soft_light(rng, textures, side) * rng.uniform(0, 14)
    light += rng.normal(0, 10) * np.linspace(-1, 1, side, dtype=np.float32)
    picture = picture + light[..., None] * (0.3 + picture / 180)
    picture = blurred(_exposed(rng, picture), rng.uniform(0.3, 0.6))
    grain = tiled(textures.grain, rng, side) * rng.exponential(2.5)
    picture += grain[..., None]
    return np.clip(picture + 0.5, 0, 255).astype(np.uint8)


def _exposed(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Return a picture of some brightness and contrast, as photographs have them."""
    sample = picture[::8, ::8]
    contrast = 68 * np.exp(rng.normal(0, 0.25)) / sample.std()
    picture = (picture - sample.mean()) * np.clip(contrast, 0.5, 2.2)
    picture += np.clip(rng.normal(122, 32), 50, 185)
    # Rolls off towards black and white, as film does.
    rounded = 127.5 * (1 + np.tanh((picture - 127.5) / 127.5 * 1.15) / 0.9)
    return 0.5 * (picture + rounded)


def _soft_light(rng: np.random.Generator, textures: Textures, side: int) -> np.ndarray:
    """Return the large forms of the clouds: float32 (side, side)."""
    start = rng.integers(TILE // 2, size=2)
    y, x = (slice(first, first + TILE // 2, 8) for first in start)
    return enlarged(textures.clouds[y, x][..., None], side)[..., 0]


def _backdrop(
    rng: np.random.Generator, side: int, textures: Textures, palette: Palette
) -> np.ndarray:
    """Draw a gradient between two colours, with clouds, and ridges in some pictures."""
    near, far = palette.colors(rng, 2)
    angle = rng.normal(0, 0.5)
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    along = np.clip(y * np.cos(angle) + x * np.sin(angle), 0, 1)[..., None]
    picture = near + (far - near) * along ** rng.uniform(0.5, 2)
    picture += tiled(textures.clouds, rng, side)[..., None] * rng.exponential(14)
    height = rng.uniform(0.3, 0.7)
    ridges = rng.choice(4, p=[0.4, 0.3, 0.2, 0.1])
    for color in palette.colors(rng, ridges):
        profile = tiled(textures.clouds, rng, side)[0]
        ridge = height + rng.exponential(0.04) * (profile + profile[::-1])
        pattern = tiled(textures.patterns[rng.integers(3)], rng, side)
        ground = color + (pattern * min(rng.exponential(22), 40))[..., None]
        ground = ground + rng.normal(0, 25) * (y - height)[..., None]
        picture = np.where((y > ridge)[..., None], ground, picture)
        height += rng.uniform(0.08, 0.25)
    return picture
