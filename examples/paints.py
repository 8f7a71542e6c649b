"""Four pictures in paint and ink to take a style from; see drawings.py."""

import hatching
import numpy as np
from drawings import FINE, HEIGHT, WIDTH, clouds, finished, grid, mix, ramp
from PIL import Image, ImageDraw

SIZE = (WIDTH * FINE, HEIGHT * FINE)
INK = np.array((24, 22, 30.0))


def linocut(seed: int = 6) -> Image.Image:
    """Draw the mountains of hatching.py as a print: light grooves cut into black."""
    rng = np.random.default_rng(seed)
    scene = hatching._landscape(rng)
    warm = np.array((222, 84, 40)) + np.zeros((*scene.dark.shape, 3))
    light = np.where(scene.warm[..., None], warm, np.array((240, 228, 196)))
    image = Image.new("L", SIZE, 0)
    pen = ImageDraw.Draw(image)
    for x, y in rng.uniform(0, 1, (9000, 2)) * SIZE:
        points, widths = [], []
        for _ in range(int(rng.integers(5, 11))):
            row, column = int(y), int(x)
            if not (0 <= row < SIZE[1] and 0 <= column < SIZE[0]):
                break
            points.append((x, y))
            widths.append(13 * np.clip(0.78 - scene.dark[row, column], 0, 0.6))
            turn = scene.angle[row, column]
            x, y = x + 8 * np.cos(turn), y + 8 * np.sin(turn)
        for (first, second), wide in zip(
            zip(points, points[1:], strict=False), widths, strict=False
        ):
            if wide > 1:  # the gouge leaves a tapered groove
                pen.line([first, second], 255, round(wide))
    cut = np.asarray(image, float) / 255
    cut = np.where(scene.dark < 0.06, 1, cut)
    ink = INK + 7 * clouds(rng, 0.4, FINE)[..., None]
    ink = mix(ink, np.array((190, 178, 150.0)), 0.5 * (clouds(rng, 0.7, FINE) > 2.2))
    return finished(mix(ink, light + 4 * clouds(rng, 1, FINE)[..., None], cut))


def shapes(seed: int = 7) -> Image.Image:
    """Draw circles, bars, arcs and triangles in few colours on cream paper."""
    rng = np.random.default_rng(seed)
    y, x = grid(FINE)
    color = np.array((236, 224, 196)) + 4 * clouds(rng, 1.3, FINE)[..., None]
    hues = np.array(
        [(198, 40, 34), (24, 62, 132), (238, 184, 40), (26, 24, 28), (206, 196, 172)]
    )
    hues = np.concatenate([hues, [(92, 140, 160), (226, 110, 50)]]).astype(float)
    speckle = 7 * clouds(rng, 0.5, FINE)[..., None]
    for number in range(70):
        a, b = rng.uniform(0, 1, 2) * SIZE
        size = 270 * 0.965**number + 22
        turn = rng.choice([0, np.pi / 4, np.pi / 2, -np.pi / 4, np.pi / 6])
        u = (x - a) * np.cos(turn) + (y - b) * np.sin(turn)
        v = (y - b) * np.cos(turn) - (x - a) * np.sin(turn)
        inside = _shape(number % 7, u, v, size)
        hue = hues[rng.choice(len(hues), p=[0.2, 0.17, 0.17, 0.22, 0.1, 0.07, 0.07])]
        grain = hue + speckle[inside] + 10 * (u[inside] / size)[:, None]
        color[inside] = np.clip(grain, 0, 255)
    return finished(color)


def _shape(kind: int, u: np.ndarray, v: np.ndarray, size: float) -> np.ndarray:
    """Return where a shape of one of seven kinds is, bool, by px from its middle."""
    match kind:
        case 0:
            return np.hypot(u, v) < size
        case 1:
            return (np.hypot(u, v) < size) & (v > 0)
        case 2:
            return (abs(u) < 1.6 * size) & (abs(v) < 0.13 * size)
        case 3:
            return (abs(np.hypot(u, v) - 0.8 * size) < 0.09 * size) & (u > 0)
        case 4:
            return (v > -0.6 * size) & (abs(u) < 0.5 * (0.8 * size - v))
        case 5:
            return (abs(u) < size) & (abs(v) < 0.62 * size) & (np.sin(v / 5) > 0.1)
    return (abs(u) < size) & (abs(v) < size) & ((u // 26 + v // 26) % 2 > 0)


def impasto(seed: int = 8) -> Image.Image:
    """Draw a field of poppies below clouds, of thick strokes that catch the light."""
    rng = np.random.default_rng(seed)
    y, x = grid(FINE)
    across, down = x / SIZE[0], y / SIZE[1]
    noise = [clouds(rng, power, FINE) for power in (2.4, 2.0, 1.7)]
    ground = down > 0.46 + 0.05 * np.sin(5 * across) + 0.015 * noise[1]
    sky = ramp(
        noise[0] + 3 * (0.3 - down),
        [-2, -0.8, 0.2, 1.2, 2.2],
        [(250, 226, 170), (236, 244, 240), (150, 196, 226), (60, 120, 196)]
        + [(30, 66, 150)],
    )
    field = ramp(
        noise[1] + 4 * (down - 0.7),
        [-2, -0.7, 0.3, 1.3, 2.4],
        [(226, 196, 84), (150, 178, 60), (60, 128, 62), (24, 82, 66), (60, 40, 84)],
    )
    poppies = ground & (noise[2] > 1.0 - 0.9 * (down - 0.5))
    field = np.where(poppies[..., None], (214, 44, 34), field)
    color = np.where(ground[..., None], field, sky)
    angle = np.where(ground, -1.1 + 0.9 * noise[0], 0.5 * noise[0] + 0.25 * noise[1])
    image = Image.new("RGB", SIZE, (90, 90, 70))
    height = Image.new("F", SIZE, 0)
    pen, relief = ImageDraw.Draw(image), ImageDraw.Draw(height)
    for length, bristles, count in ((74, 9, 2600), (44, 6, 5200), (26, 4, 4200)):
        for a, b in rng.uniform(0, 1, (count, 2)) * SIZE:
            row, column = int(b), int(a)
            turn = angle[row, column] + rng.normal(0, 0.16)
            along = np.array((np.cos(turn), np.sin(turn)))
            aside = np.array((-along[1], along[0]))
            base = color[row, column] * np.exp(rng.normal(0, 0.1)) + rng.normal(0, 9, 3)
            bend = rng.normal(0, 0.18) * length
            for k in range(-bristles, bristles + 1):
                shift = aside * k * 1.5 + np.array((a, b))
                reach = length * (0.5 - 0.1 * rng.random())
                ends = [shift - along * reach, shift + aside * bend * 0.3]
                ends.append(shift + along * reach)
                points = [tuple(p) for p in np.array(ends).tolist()]
                tint = np.clip(base + rng.normal(0, 9, 3), 0, 255).astype(int)
                pen.line(points, tuple(tint.tolist()), 2, joint="curve")
                bulge = 6 * (1 - (k / bristles) ** 2) + 2 * rng.normal()
                relief.line(points, float(bulge + 7), 2, joint="curve")
    slope = np.gradient(np.asarray(height))
    light = np.clip(5 * (slope[0] + slope[1]), -38, 52)
    return finished(np.asarray(image, float) - light[..., None])


def watercolour(seed: int = 9) -> Image.Image:
    """Draw hills, trees and a sun in washes that dry with dark edges."""
    rng = np.random.default_rng(seed)
    y, x = grid(FINE)
    across, down = x / SIZE[0], y / SIZE[1]
    noise = [clouds(rng, power, FINE) for power in (1.7, 2.0, 1.4)]
    paper = np.array((250, 246, 236)) + 3.5 * clouds(rng, 0.5, FINE)[..., None]
    light = np.ones_like(paper)  # share of each colour that the washes let through

    def wash(edge: np.ndarray, hue: tuple[int, int, int], strength: float) -> None:
        """Lay a colour where the distance to its edge, in px, is above 0."""
        inside = edge > 0
        own = clouds(rng, 1.8, FINE)[inside]
        flow = 0.62 + 0.26 * own + 0.1 * noise[2][inside]
        flow += 0.55 * np.exp(-edge[inside] / 7)
        flow += 0.3 * np.exp(-(((own - 0.9) * 14) ** 2))  # where it ran and dried
        amount = strength * np.clip(flow, 0.08, 1.6)
        absorbed = 1 - np.array(hue) / 255
        light[inside] *= np.exp(-1.9 * amount[:, None] * absorbed)

    wobble = 14 * noise[0] + 16 * noise[1]
    wash(900 - y + wobble + 60 * noise[1], (120, 176, 220), 0.5)
    for a, b, radius, hue in (
        (880, 260, 120, (250, 170, 40)),
        (880, 260, 66, (236, 90, 50)),
    ):
        wash(radius - np.hypot(x - a, y - b) + 0.5 * wobble, hue, 0.8)
    for level, (base, hue) in enumerate(
        (
            (0.42, (150, 130, 190)),
            (0.54, (90, 130, 160)),
            (0.66, (110, 160, 90)),
            (0.82, (40, 110, 90)),
        )
    ):
        crest = base + 0.07 * np.sin(across * (5 + 2 * level) + 2.1 * level)
        wash((down - crest) * SIZE[1] + wobble, hue, 0.62)
    for _ in range(26):
        a, b = rng.uniform(0, SIZE[0]), rng.uniform(0.62, 0.95) * SIZE[1]
        radius = rng.uniform(24, 58) * (0.6 + b / SIZE[1] / 2)
        hue = [(30, 92, 66), (190, 92, 40), (92, 60, 120), (214, 150, 50)]
        crown = radius - np.hypot(x - a, (y - b) * 0.8) + 0.6 * wobble
        wash(crown, hue[rng.integers(4)], 0.9)
        trunk = 3.2 - abs(x - a - 2 * noise[1]) + (abs(y - b - radius) > radius) * -9
        wash(2 * trunk, (70, 46, 40), 1.0)
    _splash(light, rng)
    return finished(paper * light)


def _splash(light: np.ndarray, rng: np.random.Generator) -> None:
    """Let drops of colour fall on a picture in washes, float (H, W, 3)."""
    x, y = grid(FINE)
    for _ in range(420):
        a, b = rng.uniform(0, 1, 2) * SIZE
        near = (
            slice(int(max(0, b - 14)), int(b + 14)),
            slice(int(max(0, a - 14)), int(a + 14)),
        )
        drop = np.hypot(x[near] - a, y[near] - b) < rng.uniform(1, 5)
        light[near] *= np.where(drop[..., None], rng.uniform(0.55, 0.95, 3), 1)
