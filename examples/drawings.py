"""Two pictures of coloured pieces to take a style from, and tools to draw such ones.

Each is drawn from nothing but its seed. Each has one palette, strokes of one kind, and
forms from the size of a stroke up to that of the picture, for a Gram matrix can hold
these. scripts/draw_styles writes them, with those of hatching.py and halftone.py.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 512
FINE = 2  # scale of what Pillow draws, for smooth edges
Color = Sequence[float] | np.ndarray


def grid(scale: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return y and x of every pixel of a picture drawn larger by a scale."""
    y, x = np.mgrid[: HEIGHT * scale, : WIDTH * scale].astype(np.float32)
    return y, x


def clouds(rng: np.random.Generator, power: float, scale: int = 1) -> np.ndarray:
    """Return noise of mean 0 and deviation 1; a larger power makes it smoother."""
    shape = (HEIGHT * scale, WIDTH * scale)
    white = np.fft.rfft2(rng.normal(size=shape))
    noise = np.fft.irfft2(white / _frequencies(power, shape))
    return noise / noise.std()


@cache
def _frequencies(power: float, shape: tuple[int, int]) -> np.ndarray:
    """Return a power of the frequencies that rfft2 gives of a picture."""
    y = np.fft.fftfreq(shape[0])[:, None] * shape[0]
    x = np.fft.rfftfreq(shape[1])[None] * shape[1]
    frequency = np.hypot(y, x)
    frequency[0, 0] = np.inf
    return frequency**power


def mix(first: np.ndarray, second: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return colours between two; the share of the second is cut to 0..1."""
    return first + (second - first) * np.clip(share, 0, 1)[..., None]


def ramp(
    values: np.ndarray, stops: Sequence[float], colors: Sequence[Color]
) -> np.ndarray:
    """Return the colours, (..., 3), of values along a scale of colours."""
    channels = np.array(colors, float).T
    return np.stack([np.interp(values, stops, channel) for channel in channels], -1)


def finished(pixels: np.ndarray) -> Image.Image:
    """Return an array of any scale as a picture of the final size."""
    image = Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))
    return image.resize((WIDTH, HEIGHT), Image.LANCZOS)


def stained_glass(seed: int = 1) -> Image.Image:
    """Draw a sun over hills and flowers: panes between lead, lit from behind."""
    rng = np.random.default_rng(seed)
    panes = np.array(_panes(rng))
    y, x = grid()
    order = _nearest_two(panes, y, x)
    nearest, second = panes[order[..., 0]], panes[order[..., 1]]
    gap = np.hypot(*np.moveaxis(nearest - second, -1, 0)[:2])
    far = [np.hypot(x - p[..., 0], y - p[..., 1]) for p in (nearest, second)]
    edge = (far[1] ** 2 - far[0] ** 2) / (2 * gap)  # px to the middle of the lead
    lead = 1.5 + 1.3 * (nearest[..., 5] != second[..., 5]) + 0.4 * clouds(rng, 1.6)
    streaks = 9 * clouds(rng, 1.4) + 7 * np.sin(x / 9 + 3 * clouds(rng, 2))
    glow = 0.68 + 0.55 * np.tanh(edge / 11) + 0.12 * clouds(rng, 1.7)
    glass = nearest[..., 2:5] * glow[..., None] + streaks[..., None]
    glass += 5 * rng.normal(size=(HEIGHT, WIDTH, 1))
    shine = np.clip(1 - abs(edge - 0.2) / 1.4, 0, 1) * (60 + 18 * clouds(rng, 1))
    metal = np.array((17, 15, 20)) + 0.5 * shine[..., None]
    return finished(mix(metal, glass, edge - lead + 0.5))


def _panes(rng: np.random.Generator) -> list[tuple[float, ...]]:
    """Return every pane: x, y, red, green, blue, and the number of its region."""
    sun = np.array([400.0, 165.0])
    flowers = [(90, 415), (215, 455), (345, 400), (480, 452), (585, 400)]
    drawn = [*_sky(rng, sun), *_ground(rng, sun, flowers), *_flowers(rng, flowers)]
    return [pane for pane in drawn if pane]


def _pane(
    rng: np.random.Generator, x: float, y: float, color: Color, region: int
) -> tuple[float, ...]:
    """Return a pane in about this colour; an empty one outside of the picture."""
    if not (-30 < x < WIDTH + 30 and -30 < y < HEIGHT + 30):
        return ()
    return (x, y, *(np.array(color) + rng.normal(0, 13, 3)), region)


def _horizon(x: float) -> float:
    return 300 + 26 * np.sin(x / 90) + 10 * np.sin(x / 37 + 1)


def _sky(rng: np.random.Generator, sun: np.ndarray) -> Iterator[tuple[float, ...]]:
    colors = [(255, 244, 150), (255, 205, 40), (250, 120, 30), (214, 40, 70)]
    colors += [(96, 40, 150), (20, 40, 130)]
    stops = [0, 60, 85, 150, 260, 480]
    yield _pane(rng, *sun, colors[0], 0)
    for ring, radius in enumerate((28, 56, 88, 124, 166, 214, 268, 330, 400, 480)):
        count = int(2 * np.pi * radius / (20 + 4.0 * ring))
        for k in range(count):
            turn = 2 * np.pi * (k + 0.5 * (ring % 2)) / count + rng.normal(0, 0.02)
            x, y = sun + radius * np.array([np.cos(turn), np.sin(turn)])
            if y < _horizon(x) - 8:
                color = ramp(radius + 30 * (-1) ** k * (ring > 2), stops, colors)
                yield _pane(rng, x, y, color, 0 if radius < 70 else 1)


def _ground(
    rng: np.random.Generator, sun: np.ndarray, flowers: Sequence[tuple[int, int]]
) -> Iterator[tuple[float, ...]]:
    colors = [(150, 190, 50), (40, 150, 70), (10, 110, 90), (8, 50, 70)]
    stops = [0, 45, 90, 220]
    for row, depth in enumerate(range(12, 230, 22)):
        for x in np.arange(-20, WIDTH + 20, 30) + 15 * (row % 2):
            x, y = x + rng.normal(0, 5), _horizon(x) + depth + rng.normal(0, 3)
            if min(np.hypot(x - a, y - b) for a, b in flowers) > 62:
                bright = np.exp(-(((x - sun[0]) / 70) ** 2))
                color = ramp(depth + 25 * rng.normal(), stops, colors)
                color = mix(color, np.array((240, 190, 60)), bright * 0.7)
                yield _pane(rng, x, y, color, 2)


def _flowers(
    rng: np.random.Generator, flowers: Sequence[tuple[int, int]]
) -> Iterator[tuple[float, ...]]:
    hues = [(205, 20, 50), (235, 90, 20), (190, 30, 120), (220, 30, 40), (240, 130, 30)]
    for (a, b), hue in zip(flowers, hues, strict=True):
        yield _pane(rng, a, b, (255, 225, 90), 3)
        for radius, count, color in ((23, 7, hue), (44, 9, np.array(hue) * 0.75)):
            for k in range(count):
                turn = 2 * np.pi * (k + radius / 60) / count
                x, y = a + radius * np.cos(turn), b + radius * np.sin(turn)
                yield _pane(rng, x, y, color, 4)


def _nearest_two(panes: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the numbers of the two nearest panes of every pixel, the nearest first."""
    order = np.empty((HEIGHT, WIDTH, 2), int)
    for top in range(0, HEIGHT, 32):  # so that the distances fit in memory
        block = slice(top, top + 32)
        across = x[block, :, None] - panes[:, 0]
        down = y[block, :, None] - panes[:, 1]
        far = across**2 + down**2
        near = np.argpartition(far, 1, -1)[..., :2]
        swap = np.argsort(np.take_along_axis(far, near, -1), -1)
        order[block] = np.take_along_axis(near, swap, -1)
    return order


def mosaic(seed: int = 2) -> Image.Image:
    """Draw two fish in a swirling sea, of tiles in rows along the contours."""
    rng = np.random.default_rng(seed)
    y, x = grid(FINE)
    sea = clouds(rng, 2.3, FINE)
    color = ramp(
        sea + 0.55 * np.sin(y / 60 + 2 * sea),
        [-2.2, -1, -0.2, 0.5, 1.2, 2.2],
        [
            *((8, 28, 74), (14, 60, 120), (26, 104, 150), (58, 158, 170)),
            *((140, 208, 196), (236, 240, 220)),
        ],
    )
    distance = np.full(x.shape, 1e9, np.float32)  # rough px from the nearest fish
    for a, b, turn in ((540, 330, 0.28), (740, 700, 0.28 + np.pi)):
        u = (x - a) * np.cos(turn) + (y - b) * np.sin(turn)
        v = (y - b) * np.cos(turn) - (x - a) * np.sin(turn)
        color, shape = _fish(u, v + 38 * np.sin(u / 170), color)
        distance = np.minimum(distance, shape)
    border = np.minimum.reduce([x, y, x.max() - x, y.max() - y])
    frame = border < 54
    color[frame] = (236, 222, 186)
    color[frame & (border > 18) & (border < 36)] = (166, 60, 40)
    potential = np.where(frame, border, distance + 55 * sea * (distance > 0))
    slope_y, slope_x = np.gradient(potential)
    angle = np.arctan2(slope_x, -slope_y)  # along the contours
    tiles = np.asarray(_tiles(rng, color, angle), float)
    return finished(tiles + 6 * clouds(rng, 0.6, FINE)[..., None])


def _fish(
    u: np.ndarray, v: np.ndarray, color: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a fish along u on colours.

    Returns:
        The colours, and the rough px of every pixel from the fish, negative inside.
    """
    parts = [(0, 0, 285, 118, 0), (330, -62, 115, 40, -0.65)]
    parts += [(330, 62, 115, 40, 0.65), (-10, -122, 120, 40, 0.12)]
    parts += [(50, 112, 80, 34, 0.5)]
    inside = []
    for p, q, long, short, lean in parts:
        s = (u - p) * np.cos(lean) + (v - q) * np.sin(lean)
        t = (v - q) * np.cos(lean) - (u - p) * np.sin(lean)
        inside.append((np.hypot(s / long, t / short) - 1) * short)
    shape, fin = np.minimum.reduce(inside), np.minimum.reduce(inside[1:])
    bands = np.sin(u / 34 + 0.6 * np.cos(v / 30)) + v / 140
    hues = [(250, 236, 190), (246, 190, 70), (232, 120, 36), (196, 54, 32)]
    fish = ramp(bands, [-1.6, -0.6, 0.2, 0.9, 1.6], [*hues, (96, 20, 30)])
    fins = fin < inside[0]
    fish[fins] = ramp(np.sin(fin[fins] / 7), [-1, 1], [(160, 30, 40), (250, 170, 60)])
    eye = np.hypot(u + 190, v + 22)
    fish[eye < 44] = (252, 246, 226)
    fish[eye < 24] = (16, 20, 30)
    fish[(abs(u + 118 - v * v / 260) < 14) & (abs(v) < 96)] = (120, 24, 34)
    color = np.where((shape < 0)[..., None], fish, color)
    color[(shape > 0) & (shape < 22)] = (18, 24, 52)
    return color, shape


def _tiles(
    rng: np.random.Generator, color: np.ndarray, angle: np.ndarray
) -> Image.Image:
    """Lay tiles over a picture, each beside one that lies already, without overlap."""
    height, width = angle.shape
    image = Image.new("RGB", (width, height), (92, 84, 76))
    pen = ImageDraw.Draw(image)
    pitch = 18.0
    placed: dict[tuple[int, int], list[tuple[float, float]]] = {}  # by cell
    queue = [(9.0 + 18 * k, 9.0) for k in range(70)] + [(400.0, 300.0), (900.0, 720.0)]
    queue += [tuple(p) for p in rng.uniform(0, 1, (5000, 2)) * (width, height)]
    queue.reverse()
    while queue:
        x, y = queue.pop()
        if not (0 <= x < width and 0 <= y < height):
            continue
        column, row = int(x // pitch), int(y // pitch)
        neighbours = (
            place
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            for place in placed.get((column + i, row + j), ())
        )
        if any(
            (x - a) ** 2 + (y - b) ** 2 < (0.83 * pitch) ** 2 for a, b in neighbours
        ):
            continue
        placed.setdefault((column, row), []).append((x, y))
        turn = angle[int(y), int(x)]
        along, across = (np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))
        _tile(rng, pen, (x, y), np.array([along, across]), color[int(y), int(x)])
        for way in (across, along):
            for sign in (-1, 1):
                queue.append((x + sign * pitch * way[0], y + sign * pitch * way[1]))
    return image


def _tile(
    rng: np.random.Generator,
    pen: ImageDraw.ImageDraw,
    middle: tuple[float, float],
    axes: np.ndarray,
    color: np.ndarray,
) -> None:
    """Draw a tile: its dark edge, its light one, its face."""
    base = color * np.exp(rng.normal(0, 0.09)) + rng.normal(0, 8, 3)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    corners = corners + rng.normal(0, 0.1, (4, 2))
    for size, light in ((8.2, -26), (7.5, 14), (6.0, 0)):
        shape = corners * size * (1, 0.95) @ axes + middle - (8.2 - size) * 0.35
        fill = tuple(np.clip(base + light, 0, 255).astype(int).tolist())
        pen.polygon([tuple(p) for p in shape.tolist()], fill)
