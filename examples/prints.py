"""Two pictures in ink, to take a style from; see drawings."""

import numpy as np
from drawings import FINE, HEIGHT, WIDTH, clouds, finished, grid, mix
from PIL import Image, ImageDraw

PAPER = np.array((243, 232, 206.0))


def hatching(seed=3):
    """Mountains, a lake and firs in pen and ink: tone by strokes that follow forms."""
    rng = np.random.default_rng(seed)
    dark, angle, warm = _landscape(rng)
    paper = PAPER + 3 * clouds(rng, 1.2, FINE)[..., None]
    image = Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    passes = [(0.1, 0.0, 7), (0.24, 0.12, 9), (0.4, 0.9, 8), (0.56, -0.75, 7)]
    passes += [(0.74, 0.3, 6), (0.88, 1.5, 6)]
    for threshold, offset, pitch in passes:
        starts = np.stack(
            np.meshgrid(
                np.arange(0, WIDTH * FINE, 34), np.arange(0, HEIGHT * FINE, pitch)
            ),
            -1,
        ).reshape(-1, 2)
        starts = starts + rng.uniform(-1, 1, starts.shape) * (17, 2.2)
        for start in rng.permutation(starts):
            _stroke(rng, pen, start, threshold, offset, (dark, angle, warm))
    return finished(np.asarray(image, float))


def _stroke(rng, pen, start, threshold, offset, fields):
    """One stroke along the forms' direction, as far as it is dark enough there."""
    dark, angle, warm = fields
    height, width = dark.shape
    x, y = start
    points, bend = [], rng.normal(offset, 0.05)
    for _ in range(int(rng.integers(5, 12))):
        row, column = int(y), int(x)
        if not (0 <= row < height and 0 <= column < width):
            break
        if dark[row, column] < threshold:
            break
        points.append((x, y))
        turn = angle[row, column] + bend
        x, y = x + 5 * np.cos(turn), y + 5 * np.sin(turn)
    if len(points) > 2:
        row, column = int(start[1]), int(start[0])
        heavy = dark[row, column] - threshold
        ink = (150, 62, 34) if warm[row, column] else (38, 30, 38)
        ink = tuple(int(c) for c in np.clip(ink + rng.normal(0, 9, 3), 0, 255))
        half = len(points) // 2  # the pen is pressed first, lifted then
        wide = 1 + int(heavy > 0.08) + int(heavy > 0.3)
        pen.line(points[: half + 1], ink, wide, joint="curve")
        pen.line(points[half:], ink, max(1, wide - 1), joint="curve")


def _landscape(rng):
    """How dark, which way strokes go, and where the ink is red."""
    y, x = grid(FINE)
    x, y = x / (WIDTH * FINE), y / (HEIGHT * FINE)  # 0..1
    sun = np.hypot((x - 0.27) * WIDTH / HEIGHT, y - 0.24)
    noise = [clouds(rng, power, FINE) for power in (1.7, 2.0, 2.4)]
    rings = 0.5 + 0.5 * np.sin(sun * 70 + noise[1])
    dark = 0.2 + 0.3 * np.clip(sun - 0.15, 0, 1) + 0.1 * rings - 0.1 * noise[1]
    dark = np.where(sun < 0.105, 0.02 + 0.5 * np.clip(sun - 0.085, 0, 1) * 20, dark)
    angle = np.arctan2((x - 0.27) * WIDTH / HEIGHT, -(y - 0.24))
    warm = sun < 0.3 + 0.02 * noise[2]
    column = np.arange(WIDTH * FINE) / (WIDTH * FINE)
    for base, tall, lift in ((0.46, 0.24, -0.14), (0.56, 0.17, 0.1)):
        crest = np.zeros_like(column)
        for _ in range(7):
            peak, wide = rng.uniform(0, 1), rng.uniform(0.08, 0.2)
            crest = np.maximum(
                crest, rng.uniform(0.4, 1) * (1 - abs(column - peak) / wide)
            )
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
        dark = np.where(inside, shade, dark)
        angle = np.where(inside, np.pi / 2 + 0.7 * lean + 0.1 * noise[2], angle)
        angle = np.where(rim & inside, np.arctan(steep * HEIGHT / WIDTH), angle)
        warm = np.where(inside, (lean < -0.55) & (fall > 0.1), warm)
    lake = y > 0.62 + 0.004 * np.sin(x * 40)
    mirror = np.clip(((1.24 - y) * HEIGHT * FINE).astype(int), 0, HEIGHT * FINE - 1)
    sway = (x * WIDTH * FINE + 14 * np.sin(y * 240)).astype(int)
    water = dark[mirror, np.clip(sway, 0, WIDTH * FINE - 1)]
    ripples = np.sin(y * 330 / (0.5 + y) + 2.5 * noise[2] + 3 * np.sin(x * 9))
    water = 0.22 + 0.5 * water + 0.22 * ripples
    glint = abs(x - 0.27) < 0.05 + 0.02 * ripples + 0.05 * (y - 0.62)
    dark = np.where(lake, np.where(glint, 0.05 + 0.2 * (ripples > 0.3), water), dark)
    angle = np.where(lake, 0.06 * np.cos(x * 50 + noise[2]), angle)
    warm = np.where(lake, glint, warm)
    shore = y > 0.86 + 0.05 * np.cos(x * 5 + 1) + 0.008 * noise[0]
    dark = np.where(shore, 0.52 + 0.16 * noise[0] + 0.8 * (y - 0.9), dark)
    angle = np.where(shore, 0.5 * np.sin(x * 12) - 1.2 + 0.5 * noise[2], angle)
    warm = np.where(shore, noise[2] > 1.1, warm)
    firs = [(0.66, 0.36, 0.98), (0.75, 0.22, 1.0), (0.84, 0.42, 0.97), (0.94, 0.28, 1)]
    for middle, top, foot in firs + [(0.06, 0.5, 0.96), (0.13, 0.62, 0.97)]:
        along = (y - top) / (foot - top)
        tiers = 0.35 + 0.65 * ((along * 9 + 0.15 * noise[0]) % 1)
        reach = 0.075 * np.clip(along, 0, 1) ** 0.8 * tiers + 0.012 * noise[0] * along
        side = (x - middle) / 0.075
        fir = (abs(x - middle) < reach) & (along > 0) & (along < 1)
        light = 0.8 + 0.9 * np.clip(side, -0.6, 0.3) + 0.06 * noise[0] - 0.2 * tiers
        dark = np.where(fir, light, dark)
        angle = np.where(fir, np.pi / 2 - 1.0 * np.tanh(4 * side), angle)
        warm = np.where(fir, False, warm)
    margin = np.minimum.reduce([x, 1 - x, (y) * 0.8, (1 - y) * 0.8])
    dark = np.where(margin < 0.018 + 0.003 * noise[1], 0, dark)
    return dark, angle, warm


def halftone(seed=4):
    """A balloon over the sea as a comic prints it: dots of four inks, outlines."""
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


def _comic(rng):
    """Flat colours with shading, and the outlines' black, 0..1."""
    size = (WIDTH * FINE, HEIGHT * FINE)
    y, x = grid(FINE)
    lines = Image.new("L", size)
    pen = ImageDraw.Draw(lines)
    turn = np.arctan2(y - 700, x - 420)
    rays = np.sin(turn * 17) > 0
    far = np.hypot(x - 420, y - 700) / 1100
    colors = np.where(
        rays[..., None],
        mix(np.array((255, 232, 90.0)), np.array((255, 150, 40.0)), far),
        mix(np.array((255, 250, 190.0)), np.array((120, 205, 240.0)), far),
    )
    sun = np.hypot(x - 420, y - 700) < 190
    colors[sun] = (255, 90, 50)
    pen.arc((230, 510, 610, 890), 0, 360, 255, 7)

    def paint(mask, color, shade):
        image = Image.new("L", size)
        mask(ImageDraw.Draw(image))
        inside = np.asarray(image) > 0
        light = np.clip(shade, 0, 1)[..., None]
        colors[inside] = (np.array(color) * (1 - 0.65 * light))[inside]

    for a, b, scale in ((190, 190, 1.0), (1120, 400, 0.8), (560, 90, 0.6)):  # clouds
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
            pen.ellipse([box[0] - 6, box[1] - 6, box[2] + 6, box[3] + 6], 255)
        for box in boxes:
            pen.ellipse(box, 0)
            paint(
                lambda p, box=box: p.ellipse(box, 255), (255, 255, 255), (y - b) / 240
            )
    middle, top, radius = 850, 330, 250
    around = np.clip((x - middle) / radius, -1, 1)
    shade = np.clip(0.9 * around + 0.25 * (y - top) / radius, 0, 1)
    hues = [(235, 40, 50), (255, 235, 60), (40, 120, 220), (255, 250, 240)]
    angles = np.linspace(-np.pi / 2, np.pi / 2, 10)

    def meridian(k):
        t = np.linspace(-np.pi / 2, np.pi / 2, 40)
        taper = np.where(t > 0, np.cos(t) * 0.8 + 0.2, np.cos(t))
        across = middle + radius * np.sin(angles[k]) * taper
        return list(zip(across, top + 1.15 * radius * np.sin(t), strict=True))

    for k in range(9):
        gore = meridian(k) + meridian(k + 1)[::-1]
        paint(lambda p, gore=gore: p.polygon(gore, 255), hues[k % 4], shade)
        pen.polygon(gore, 0)
    for k in range(10):
        pen.line(meridian(k), 255, 9 if k in (0, 9) else 6)
    pen.line([(800, 618), (815, 720)], 255, 5)
    pen.line([(900, 618), (885, 720)], 255, 5)
    basket = (805, 715, 895, 785)
    paint(lambda p: p.rectangle(basket, 255), (190, 110, 50), (x - 800) / 130)
    pen.rectangle(basket, 0)
    for k in range(7):
        pen.line([(805 + 15 * k, 715), (805 + 15 * k, 785)], 255, 3)
        pen.line([(805, 715 + 12 * k), (895, 715 + 12 * k)], 255, 3)
    for row in range(5):  # waves, each before the last
        across = np.arange(-20, size[0] + 20, 6)
        phase = across / (74 + 16 * row) + 1.9 * row
        crest = 790 + 52 * row - (20 + 5 * row) * (2 * abs(np.sin(phase)) ** 0.7 - 1)
        edge = list(zip(across.tolist(), crest.tolist(), strict=True))
        body = [*edge, (size[0] + 20, size[1] + 20), (-20, size[1] + 20)]
        tone = [(120, 215, 235), (60, 170, 225), (40, 130, 210), (30, 90, 180)]
        tone.append((24, 60, 140))
        depth = (y - np.interp(x[0], across, crest)) / 150
        paint(lambda p, body=body: p.polygon(body, 255), tone[row], depth)
        pen.polygon(body, 0)
        pen.line(edge, 255, 8)
        for k in range(1, 4):  # strokes that taper down from the crests
            lower = [(a, b + 13 * k) for a, b in edge]
            for first in range(int(rng.integers(6)), len(lower) - 12, 17):
                pen.line(lower[first : first + 11 - 2 * k], 255, 6 - k)
    pen.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=255, width=14)
    return colors, np.asarray(lines, float) / 255
