"""Pictures with the statistics of photographs, drawn instead of downloaded.

Shapes of all sizes hide one another, as things do in front of a camera: such pictures
have the edges, flat areas and power spectrum of photographs, and a network trained on
them has met most of what a photograph holds, its objects aside.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

TILE = 512  # side of a texture, px; a power of two
OUTLINE = 24  # points of a shape
MOST = 4000  # shapes in a layer
GREYS = np.array([0.58, 0.58, 0.57], np.float32)
# Next to brightness photographs vary from blue to yellow, then from green to red.
BLUES = np.array([0.64, 0.08, -0.76], np.float32)
REDS = np.array([0.50, -0.80, 0.34], np.float32)


def draw(rng, side):
    """A dead leaves picture: a backdrop, and shapes in three depths before it.

    Args:
        rng: NumPy's Generator; the picture depends on its state alone.
        side: Of the picture, in pixels.

    Returns:
        uint8 (side, side, 3).

    Reference:
        Lee, Mumford and Huang 2001, Occlusion models for natural images: shapes whose
        radius r has a density of r^-3. Baradad et al. 2021, Learning to see by looking
        at noise: training on such pictures.
    """
    textures = _textures(rng)
    palette = _Palette(rng)
    focus = rng.random() < 0.6  # else everything is sharp
    open_scene = rng.random() < 0.4  # large parts of the backdrop stay in sight

    far = side // 2
    picture = _backdrop(rng, far, textures, palette)
    cover = rng.uniform(0, 0.5) if open_scene else rng.uniform(0.5, 2)
    sizes = (far / 40, far / 2.5)
    layer = _leaves(rng, far, cover, sizes, textures, palette)
    picture = _over(layer, picture, rng.uniform(1, 5) if focus else 0)
    picture = _resized(picture, side)

    cover = rng.uniform(0.02, 0.5) if open_scene else rng.uniform(0.7, 2.5)
    sizes = (side / np.exp(rng.uniform(3.2, 5.5)), side / rng.uniform(2.5, 7))
    layer = _leaves(rng, side, cover, sizes, textures, palette)
    picture = _over(layer, picture, 0)

    if focus and rng.random() < 0.5:
        sizes = (far / 12, far / 3)
        layer = _leaves(rng, far, rng.uniform(0.05, 0.3), sizes, textures, palette)
        layer = _resized(_blurred(layer, rng.uniform(1, 6)), side)
        picture = _over(layer, picture, 0)

    light = _field(rng, textures, side) * rng.uniform(0, 14)
    light += rng.normal(0, 10) * np.linspace(-1, 1, side, dtype=np.float32)
    picture += light[..., None] * (0.3 + picture / 180)
    picture = _blurred(_exposed(rng, picture), rng.uniform(0.3, 0.6))
    grain = _tiled(textures[2], rng, side) * rng.exponential(2.5)
    picture += grain[..., None]
    return np.clip(picture + 0.5, 0, 255).astype(np.uint8)


def _exposed(rng, picture):
    """A picture as dark or bright, flat or rich in contrast, as photographs are."""
    sample = picture[::8, ::8]
    contrast = 68 * np.exp(rng.normal(0, 0.25)) / sample.std()
    picture = (picture - sample.mean()) * np.clip(contrast, 0.5, 2.2)
    picture += np.clip(rng.normal(122, 32), 50, 185)
    # Rolls off towards black and white, as film does.
    rounded = 127.5 * (1 + np.tanh((picture - 127.5) / 127.5 * 1.15) / 0.9)
    return 0.5 * (picture + rounded)


class _Palette:
    """Colours that belong together: mostly of one brightness and tint."""

    def __init__(self, rng):
        self.mean = 105 + rng.normal(0, 30) * GREYS / 0.58
        self.mean = self.mean + rng.normal(0, 13) * BLUES + rng.normal(0, 7) * REDS
        self.spread = rng.uniform(0.6, 1.25)
        self.chroma = rng.uniform(0.15, 1.25)

    def __call__(self, rng, count):
        brightness = rng.standard_t(5, count) * 78
        blue, red = rng.standard_t(3, (2, count)) * [[24], [11]] * self.chroma
        colors = np.outer(brightness, GREYS) + np.outer(blue, BLUES)
        colors = self.mean + self.spread * (colors + np.outer(red, REDS))
        return np.clip(colors, 2, 253).astype(np.float32)  # (count, 3)


def _textures(rng):
    """Six patterns that repeat without a seam, of mean 0 and deviation 1."""
    fy = np.fft.fftfreq(TILE)[:, None] * TILE
    fx = np.fft.rfftfreq(TILE)[None] * TILE
    frequency = np.sqrt(fx * fx + fy * fy).astype(np.float32)
    frequency[0, 0] = 1
    white = np.fft.rfft2(rng.standard_normal((TILE, TILE), np.float32))

    def noise(spectrum):
        spectrum = spectrum.astype(np.complex64)
        spectrum[0, 0] = 0
        return np.fft.irfft2(spectrum, s=(TILE, TILE)).astype(np.float32)

    clouds = noise(white / frequency**1.6)
    rough = noise(white[::-1] / frequency**0.8)
    grain = noise(white * np.exp(-((frequency / 180) ** 2)))
    middle = rng.uniform(12, 60)
    band = noise(white * np.exp(-(((frequency - middle) / (middle / 3)) ** 2)))
    wood = np.sin(clouds * (rng.uniform(4, 14) / clouds.std()))
    spots = np.tanh(band * (3 / band.std()) - 2)
    found = np.stack([clouds, rough, grain, band, wood, spots])
    found -= found.mean((1, 2), keepdims=True)
    return found / found.std((1, 2), keepdims=True)


def _tiled(texture, rng, side):
    """A texture from a random place on, over a whole picture."""
    y, x = ((np.arange(side) + rng.integers(TILE)) & (TILE - 1) for _ in range(2))
    return texture[y[:, None], x[None]]


def _field(rng, textures, side):
    """The clouds' large forms, for light that falls softly."""
    start = rng.integers(TILE // 2, size=2)
    y, x = (slice(first, first + TILE // 2, 8) for first in start)
    return _resized(textures[0][y, x][..., None], side)[..., 0]


def _backdrop(rng, side, textures, palette):
    """A gradient from one colour to another, with clouds or without."""
    near, far = palette(rng, 2)
    angle = rng.normal(0, 0.5)
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    along = np.clip(y * np.cos(angle) + x * np.sin(angle), 0, 1)[..., None]
    picture = near + (far - near) * along ** rng.uniform(0.5, 2)
    picture += _tiled(textures[0], rng, side)[..., None] * rng.exponential(14)
    height = rng.uniform(0.3, 0.7)
    for color in palette(rng, rng.choice(4, p=[0.4, 0.3, 0.2, 0.1])):  # ridges
        profile = _tiled(textures[0], rng, side)[0]
        ridge = height + rng.exponential(0.04) * (profile + profile[::-1])
        ground = _tiled(textures[rng.integers(3)], rng, side) * min(
            rng.exponential(22), 40
        )
        ground = color + ground[..., None] + rng.normal(0, 25) * (y - height)[..., None]
        picture = np.where((y > ridge)[..., None], ground, picture)
        height += rng.uniform(0.08, 0.25)
    return picture


def _leaves(rng, side, cover, sizes, textures, palette):
    """Shapes over one another, colour times cover and cover.

    Args:
        cover: Area of all shapes, as a part of the picture's.
        sizes: Smallest and largest radius, in pixels.

    Returns:
        float32 (side, side, 4) in 0..255.
    """
    small, large = (size**-2.0 for size in sizes)
    area = 2.5 * 2 * np.log(sizes[1] / sizes[0]) / (small - large)
    count = int(np.clip(cover * side**2 / area, 3, MOST))
    radius = (small + rng.random(count) * (large - small)) ** -0.5  # r^-3
    center = rng.uniform(-0.1, 1.1, (count, 2)) * side
    turn = rng.uniform(0, 2 * np.pi, count)
    if rng.random() < 0.5:  # upright things
        turn = np.round(turn * 2 / np.pi) * np.pi / 2 + rng.normal(0, 0.06, count)
    axis = np.stack([np.cos(turn), np.sin(turn)], 1)  # (count, 2)
    across = np.stack([-axis[:, 1], axis[:, 0]], 1)
    points = _outlines(rng, count) * radius[:, None, None]
    points = points[..., :1] * axis[:, None] + points[..., 1:] * across[:, None]
    corners = (points + center[:, None]).reshape(count, -1).tolist()
    canvas = Image.new("I", (side, side))
    pen = ImageDraw.Draw(canvas)
    for number, corner in enumerate(corners, 1):
        pen.polygon(corner, number)
    ids = np.asarray(canvas)
    colors = _shaded(rng, ids, center, radius, axis, textures, palette)

    step = max(1, int(side * rng.uniform(0.004, 0.012)))
    shadow = np.zeros((side, side), np.float32)
    shadow[step:, step:] = ids[:-step, :-step] > ids[step:, step:] + count // 8
    shadow = _blurred(shadow[..., None] * 255, step) / 255
    colors *= 1 - rng.uniform(0, 0.7) * shadow
    covered = (ids > 0)[..., None].astype(np.float32)
    colors = np.clip(colors, 0, 255)
    return np.concatenate([colors * covered, covered * 255], -1)


def _outlines(rng, count):
    """Ellipses, boxes, bars, blobs and polygons of radius 1: (count, OUTLINE, 2)."""
    angle = np.linspace(0, 2 * np.pi, OUTLINE, endpoint=False)
    x, y = np.cos(angle), np.sin(angle)
    circle = np.stack([x, y], -1)
    box = circle / np.maximum(abs(x), abs(y))[:, None] * 0.8
    waves = rng.normal(0, 0.16, (count, 3, 1)) / np.array([[1], [1.5], [2]])
    phases = rng.uniform(0, 2 * np.pi, (count, 3, 1))
    blob = 1 + (waves * np.cos(np.array([[2], [3], [5]]) * angle + phases)).sum(1)
    corners = np.repeat(rng.uniform(0.5, 1.1, (count, 8)), OUTLINE // 8, axis=1)
    kind = rng.choice(5, count, p=[0.3, 0.2, 0.15, 0.2, 0.15])[:, None, None]
    points = np.select(
        [kind == 0, kind == 3, kind == 4],
        [circle, blob[..., None] * circle, corners[..., None] * circle],
        box,
    )
    aspect = np.exp(rng.normal(0, 0.35, (count, 1, 1)))
    aspect = np.where(kind == 2, np.exp(rng.uniform(1, 3.4, (count, 1, 1))), aspect)
    return points * np.concatenate([aspect**0.5, aspect**-0.5], -1)


def _shaded(rng, ids, center, radius, axis, textures, palette):
    """The colour of the shape at each pixel, with its gradient and its texture."""
    count = len(radius)
    plain = rng.random(count) < 0.3
    strength = np.where(plain, 0, np.minimum(rng.exponential(30, count), 80))
    slopes = rng.normal(0, 16, (count, 2))
    bulge = np.where(rng.random(count) < 0.4, rng.normal(0, 22, count), 0)
    stripes = np.where(rng.random(count) < 0.12, rng.exponential(18, count), 0)
    scale = rng.uniform(0.5, 1.2, count)
    kinds = rng.choice(6, count, p=[0.25, 0.3, 0.15, 0.1, 0.1, 0.1])
    pitch = radius / np.maximum(radius / 20, rng.uniform(0.5, 6, count))  # px
    table = np.stack(
        [
            *(center[:, 0], center[:, 1], axis[:, 0], axis[:, 1], 1 / radius),
            *(slopes[:, 0], slopes[:, 1], bulge, stripes, 2 * np.pi / pitch),
            *(strength, scale, kinds * TILE * TILE, rng.integers(TILE, size=count)),
        ]
    ).astype(np.float32)
    which = np.maximum(ids, 1) - 1
    y, x = np.indices(ids.shape, np.float32, sparse=True)
    at = (np.take(row, which) for row in table)
    x, y = x - next(at), y - next(at)
    cos, sin = next(at), next(at)
    x, y = x * cos + y * sin, y * cos - x * sin  # the shape's own axes, px
    inverse = next(at)
    u, v = np.clip(x * inverse, -1.5, 1.5), np.clip(y * inverse, -1.5, 1.5)
    tone = next(at) * u + next(at) * v + next(at) * (0.5 - u * u - v * v)
    tone += next(at) * np.sin(x * next(at))
    strength, scale = next(at), next(at)
    place = next(at).astype(np.int32)
    start = next(at)
    row = (y * scale + start).astype(np.int32) & (TILE - 1)
    column = (x * scale + start).astype(np.int32) & (TILE - 1)
    tone += strength * np.take(textures.ravel(), place + row * TILE + column)
    direction = 1 + rng.normal(0, 0.12, (count, 3)).astype(np.float32)
    return palette(rng, count)[which] + tone[..., None] * direction[which]


def _over(layer, picture, blur):
    """A layer of _leaves, blurred by so many pixels, before a picture."""
    if blur:
        layer = _blurred(layer, blur)
    return layer[..., :3] + picture * (1 - layer[..., 3:] / 255)


def _blurred(pixels, radius):
    kernel = ImageFilter.GaussianBlur(radius)
    blurred = np.asarray(_image(pixels).filter(kernel), np.float32)
    return blurred.reshape(pixels.shape)


def _resized(pixels, side):
    """A picture of values in any range, enlarged smoothly."""
    low, high = pixels.min(), pixels.max()
    scaled = (pixels - low) * (255 / max(high - low, 1e-6))
    image = _image(scaled).resize((side, side), Image.BICUBIC)
    grown = np.asarray(image, np.float32).reshape(side, side, -1)
    return grown * ((high - low) / 255) + low


def _image(pixels):
    pixels = np.clip(pixels + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
