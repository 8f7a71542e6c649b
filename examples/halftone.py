"""A picture printed in dots to take a style from; see drawings.py."""

from collections.abc import Callable, Iterator

import numpy as np
from drawings import FINE, HEIGHT, WIDTH, Color, clouds, finished, grid, mix
from PIL import Image, ImageDraw

SIZE = (WIDTH * FINE, HEIGHT * FINE)


def halftone(seed: int = 4) -> Image.Image:
    """Draw a balloon over the sea as comics print it: dots of four inks, outlines."""
    rng = np.random.default_rng(seed)
    colors, lines = _comic(rng)
    y, x = grid(FINE)
    share = 1 - colors / 255  # cyan, magenta, yellow
    black = 0.6 * share.min(-1)
    inks = [(0, 160, 222), (228, 30, 120), (255, 224, 20), (35, 30, 40)]
    layers = [*np.moveaxis(share - 0.5 * black[..., None], -1, 0), black]
    page = np.full((*x.shape, 3), 1.0) * (250, 244, 228) / 255
    page *= 1 + 0.012 * clouds(rng, 0.9, FINE)[..., None]
    for ink, layer, degrees in zip(inks, layers, (15, 75, 0, 45), strict=True):
        turn, pitch = np.deg2rad(degrees), 14.0
        u = (x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / pitch
        v = (y * np.cos(turn) - x * np.sin(turn)) * 2 * np.pi / pitch
        screen = 0.5 - 0.25 * (np.cos(u) + np.cos(v))  # 0 at a dot's middle
        dots = np.clip((np.clip(layer, 0, 1) ** 1.1 - screen) * 6 + 0.5, 0, 1)
        dots = np.where(layer < 0.05, 0, dots) * (0.93 + 0.02 * clouds(rng, 0.8, FINE))
        page *= 1 - dots[..., None] * (1 - np.array(ink) / 255)
    shift = np.roll(lines, (1, 2), (0, 1))  # the black plate sits a little off
    return finished(255 * mix(page, np.full(3, 0.09), shift))


class Comic:
    """A comic's flat colours, and the black of its outlines.

    Attributes:
        colors: float (H, W, 3).
        lines: Picture of the outlines, white on black.
        pen: Draws the outlines.
    """

    def __init__(self, colors: np.ndarray) -> None:
        self.colors = colors
        self.lines = Image.new("L", SIZE)
        self.pen = ImageDraw.Draw(self.lines)

    def fill(
        self,
        draw: Callable[[ImageDraw.ImageDraw], None],
        color: Color,
        shade: np.ndarray,
    ) -> None:
        """Fill what a function draws with a colour, darker where it is shaded."""
        mask = Image.new("L", SIZE)
        draw(ImageDraw.Draw(mask))
        inside = np.asarray(mask) > 0
        light = np.clip(shade, 0, 1)[..., None]
        self.colors[inside] = (np.array(color) * (1 - 0.65 * light))[inside]


def _comic(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return flat colours with shading, and the outlines' black, 0..1."""
    y, x = grid(FINE)
    turn = np.arctan2(y - 700, x - 420)
    rays = np.sin(turn * 17) > 0
    far = np.hypot(x - 420, y - 700) / 1100
    colors = np.where(
        rays[..., None],
        mix(np.array((255, 232, 90.0)), np.array((255, 150, 40.0)), far),
        mix(np.array((255, 250, 190.0)), np.array((120, 205, 240.0)), far),
    )
    colors[np.hypot(x - 420, y - 700) < 190] = (255, 90, 50)  # the sun
    comic = Comic(colors)
    comic.pen.arc((230, 510, 610, 890), 0, 360, 255, 7)
    for a, b, scale in ((190, 190, 1.0), (1120, 400, 0.8), (560, 90, 0.6)):
        _cloud(comic, a, b, scale, (y - b) / 240)
    _balloon(comic, x, y)
    for row in range(5):  # each wave covers the last
        _wave(comic, rng, x, y, row)
    comic.pen.rectangle((0, 0, SIZE[0] - 1, SIZE[1] - 1), outline=255, width=14)
    return comic.colors, np.asarray(comic.lines, float) / 255


def _cloud(comic: Comic, a: float, b: float, scale: float, shade: np.ndarray) -> None:
    """Draw a cloud about a place."""
    puffs = [(-95, 12, 50), (-40, -22, 66), (35, -30, 72), (95, 8, 54), (0, 22, 70)]
    boxes = [
        (
            a + (p - r) * scale,
            b + (q - r) * scale,
            a + (p + r) * scale,
            b + (q + r) * scale,
        )
        for p, q, r in puffs
    ]
    for box in boxes:
        comic.pen.ellipse([box[0] - 6, box[1] - 6, box[2] + 6, box[3] + 6], 255)
    for box in boxes:
        comic.pen.ellipse(box, 0)
        comic.fill(lambda pen, box=box: pen.ellipse(box, 255), (255, 255, 255), shade)


def _balloon(comic: Comic, x: np.ndarray, y: np.ndarray) -> None:
    """Draw a balloon of nine gores, its ropes and its basket."""
    middle, top, radius = 850, 330, 250
    around = np.clip((x - middle) / radius, -1, 1)
    shade = np.clip(0.9 * around + 0.25 * (y - top) / radius, 0, 1)
    hues = [(235, 40, 50), (255, 235, 60), (40, 120, 220), (255, 250, 240)]
    meridians = list(_meridians(middle, top, radius))
    for k in range(9):
        gore = meridians[k] + meridians[k + 1][::-1]
        comic.fill(lambda pen, gore=gore: pen.polygon(gore, 255), hues[k % 4], shade)
        comic.pen.polygon(gore, 0)
    for k, meridian in enumerate(meridians):
        comic.pen.line(meridian, 255, 9 if k in (0, 9) else 6)
    comic.pen.line([(800, 618), (815, 720)], 255, 5)
    comic.pen.line([(900, 618), (885, 720)], 255, 5)
    basket = (805, 715, 895, 785)
    comic.fill(lambda pen: pen.rectangle(basket, 255), (190, 110, 50), (x - 800) / 130)
    comic.pen.rectangle(basket, 0)
    for k in range(7):
        comic.pen.line([(805 + 15 * k, 715), (805 + 15 * k, 785)], 255, 3)
        comic.pen.line([(805, 715 + 12 * k), (895, 715 + 12 * k)], 255, 3)


def _meridians(middle: float, top: float, radius: float) -> Iterator[list[tuple]]:
    """Yield the points of ten lines from a balloon's top to its neck."""
    t = np.linspace(-np.pi / 2, np.pi / 2, 40)
    taper = np.where(t > 0, np.cos(t) * 0.8 + 0.2, np.cos(t))
    for angle in np.linspace(-np.pi / 2, np.pi / 2, 10):
        across = middle + radius * np.sin(angle) * taper
        yield list(zip(across, top + 1.15 * radius * np.sin(t), strict=True))


def _wave(
    comic: Comic, rng: np.random.Generator, x: np.ndarray, y: np.ndarray, row: int
) -> None:
    """Draw a row of waves, with strokes that taper down from the crests."""
    across = np.arange(-20, SIZE[0] + 20, 6)
    phase = across / (74 + 16 * row) + 1.9 * row
    crest = 790 + 52 * row - (20 + 5 * row) * (2 * abs(np.sin(phase)) ** 0.7 - 1)
    edge = list(zip(across.tolist(), crest.tolist(), strict=True))
    body = [*edge, (SIZE[0] + 20, SIZE[1] + 20), (-20, SIZE[1] + 20)]
    tones = [(120, 215, 235), (60, 170, 225), (40, 130, 210), (30, 90, 180)]
    tones.append((24, 60, 140))
    depth = (y - np.interp(x[0], across, crest)) / 150
    comic.fill(lambda pen: pen.polygon(body, 255), tones[row], depth)
    comic.pen.polygon(body, 0)
    comic.pen.line(edge, 255, 8)
    for k in range(1, 4):
        lower = [(a, b + 13 * k) for a, b in edge]
        for first in range(int(rng.integers(6)), len(lower) - 12, 17):
            comic.pen.line(lower[first : first + 11 - 2 * k], 255, 6 - k)
