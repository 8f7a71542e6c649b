"""Four pictures to take a style from, each drawn from nothing but its seed.

Each has one palette, strokes of one kind, and forms from the size of a stroke up to
that of the picture, which is what a Gram matrix can hold. See scripts/draw_styles.
"""

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 512
FINE = 2  # drawn so many times larger where Pillow draws the edges


def grid(scale=1):
    y, x = np.mgrid[: HEIGHT * scale, : WIDTH * scale].astype(np.float32)
    return y, x


def clouds(rng, power, scale=1):
    """Noise of mean 0 and deviation 1, the smoother the larger the power."""
    shape = (HEIGHT * scale, WIDTH * scale)
    y = np.fft.fftfreq(shape[0])[:, None] * shape[0]
    x = np.fft.rfftfreq(shape[1])[None] * shape[1]
    frequency = np.hypot(y, x)
    frequency[0, 0] = np.inf
    noise = np.fft.irfft2(np.fft.rfft2(rng.normal(size=shape)) / frequency**power)
    return noise / noise.std()


def mix(first, second, share):
    return first + (second - first) * np.clip(share, 0, 1)[..., None]


def ramp(values, stops, colors):
    """Colours along a scale: (..., 3)."""
    colors = np.array(colors, float)
    return np.stack([np.interp(values, stops, c) for c in colors.T], -1)


def finished(pixels):
    """An array of any scale as a picture of the final size."""
    image = Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))
    return image.resize((WIDTH, HEIGHT), Image.LANCZOS)


def stained_glass(seed=1):
    """A sun over hills and flowers: panes between lead lines, lit from behind."""
    rng = np.random.default_rng(seed)
    sun = np.array([400.0, 165.0])
    panes = []  # x, y, red, green, blue, region

    def pane(x, y, color, region):
        if -30 < x < WIDTH + 30 and -30 < y < HEIGHT + 30:
            panes.append((x, y, *(np.array(color) + rng.normal(0, 13, 3)), region))

    def horizon(x):
        return 300 + 26 * np.sin(x / 90) + 10 * np.sin(x / 37 + 1)

    sky = ([0, 60, 85, 150, 260, 480], [(255, 244, 150), (255, 205, 40)])
    sky[1].extend([(250, 120, 30), (214, 40, 70), (96, 40, 150), (20, 40, 130)])
    pane(*sun, sky[1][0], 0)
    for ring, radius in enumerate((28, 56, 88, 124, 166, 214, 268, 330, 400, 480)):
        count = int(2 * np.pi * radius / (20 + 4.0 * ring))
        for k in range(count):
            turn = 2 * np.pi * (k + 0.5 * (ring % 2)) / count + rng.normal(0, 0.02)
            x, y = sun + radius * np.array([np.cos(turn), np.sin(turn)])
            if y < horizon(x) - 8:
                color = ramp(radius + 30 * (-1) ** k * (ring > 2), *sky)
                pane(x, y, color, 0 if radius < 70 else 1)
    flowers = [(90, 415), (215, 455), (345, 400), (480, 452), (585, 400)]
    ground = ([0, 45, 90, 220], [(150, 190, 50), (40, 150, 70), (10, 110, 90)])
    ground[1].append((8, 50, 70))
    for row, depth in enumerate(range(12, 230, 22)):
        for x in np.arange(-20, WIDTH + 20, 30) + 15 * (row % 2):
            x, y = x + rng.normal(0, 5), horizon(x) + depth + rng.normal(0, 3)
            if min(np.hypot(x - a, y - b) for a, b in flowers) > 62:
                bright = np.exp(-(((x - sun[0]) / 70) ** 2))
                color = ramp(depth + 25 * rng.normal(), *ground)
                pane(x, y, mix(color, np.array((240, 190, 60)), bright * 0.7), 2)
    hues = [(205, 20, 50), (235, 90, 20), (190, 30, 120), (220, 30, 40), (240, 130, 30)]
    for (a, b), hue in zip(flowers, hues, strict=True):
        pane(a, b, (255, 225, 90), 3)
        for radius, count, color in ((23, 7, hue), (44, 9, np.array(hue) * 0.75)):
            for k in range(count):
                turn = 2 * np.pi * (k + radius / 60) / count
                x, y = a + radius * np.cos(turn), b + radius * np.sin(turn)
                pane(x, y, color, 4)
    panes = np.array(panes)
    y, x = grid()
    order = np.empty((HEIGHT, WIDTH, 2), int)
    for top in range(0, HEIGHT, 32):  # so that the distances fit in memory
        block = slice(top, top + 32)
        far = (x[block, :, None] - panes[:, 0]) ** 2 + (
            y[block, :, None] - panes[:, 1]
        ) ** 2
        near = np.argpartition(far, 1, -1)[..., :2]
        swap = np.argsort(np.take_along_axis(far, near, -1), -1)
        order[block] = np.take_along_axis(near, swap, -1)
    own, other = panes[order[..., 0]], panes[order[..., 1]]
    gap = np.hypot(*np.moveaxis(own - other, -1, 0)[:2])
    far = [np.hypot(x - p[..., 0], y - p[..., 1]) for p in (own, other)]
    edge = (far[1] ** 2 - far[0] ** 2) / (2 * gap)  # px to the lead's middle
    lead = 1.5 + 1.3 * (own[..., 5] != other[..., 5]) + 0.4 * clouds(rng, 1.6)
    streaks = 9 * clouds(rng, 1.4) + 7 * np.sin(x / 9 + 3 * clouds(rng, 2))
    glow = 0.68 + 0.55 * np.tanh(edge / 11) + 0.12 * clouds(rng, 1.7)
    glass = own[..., 2:5] * glow[..., None] + streaks[..., None]
    glass += 5 * rng.normal(size=(HEIGHT, WIDTH, 1))
    shine = np.clip(1 - abs(edge - 0.2) / 1.4, 0, 1) * (60 + 18 * clouds(rng, 1))
    metal = np.array((17, 15, 20)) + 0.5 * shine[..., None]
    return finished(mix(metal, glass, edge - lead + 0.5))


def mosaic(seed=2):
    """Two fish in a swirling sea, of tiles in rows along the contours."""
    rng = np.random.default_rng(seed)
    y, x = grid(FINE)
    sea = clouds(rng, 2.3, FINE)
    distance = np.full(x.shape, 1e9, np.float32)  # rough px from the nearest fish
    color = ramp(
        sea + 0.55 * np.sin(y / 60 + 2 * sea),
        [-2.2, -1, -0.2, 0.5, 1.2, 2.2],
        [
            *((8, 28, 74), (14, 60, 120), (26, 104, 150), (58, 158, 170)),
            *((140, 208, 196), (236, 240, 220)),
        ],
    )
    for a, b, turn in ((540, 330, 0.28), (740, 700, 0.28 + np.pi)):
        u = (x - a) * np.cos(turn) + (y - b) * np.sin(turn)
        v = (y - b) * np.cos(turn) - (x - a) * np.sin(turn)
        v = v + 38 * np.sin(u / 170)
        parts = [(0, 0, 285, 118, 0), (330, -62, 115, 40, -0.65)]
        parts += [(330, 62, 115, 40, 0.65), (-10, -122, 120, 40, 0.12)]
        parts += [(50, 112, 80, 34, 0.5)]
        inside = []
        for p, q, long, short, lean in parts:
            s = (u - p) * np.cos(lean) + (v - q) * np.sin(lean)
            t = (v - q) * np.cos(lean) - (u - p) * np.sin(lean)
            inside.append((np.hypot(s / long, t / short) - 1) * short)
        shape = np.minimum.reduce(inside)
        bands = np.sin(u / 34 + 0.6 * np.cos(v / 30)) + v / 140
        fish = ramp(
            bands,
            [-1.6, -0.6, 0.2, 0.9, 1.6],
            [
                (250, 236, 190),
                (246, 190, 70),
                (232, 120, 36),
                (196, 54, 32),
                (96, 20, 30),
            ],
        )
        fins = np.minimum.reduce(inside[1:]) < inside[0]
        fish[fins] = ramp(
            np.sin(np.minimum.reduce(inside[1:])[fins] / 7),
            [-1, 1],
            [(160, 30, 40), (250, 170, 60)],
        )
        eye = np.hypot(u + 190, v + 22)
        fish[eye < 44] = (252, 246, 226)
        fish[eye < 24] = (16, 20, 30)
        fish[(abs(u + 118 - v * v / 260) < 14) & (abs(v) < 96)] = (120, 24, 34)
        color = np.where((shape < 0)[..., None], fish, color)
        rim = (shape > 0) & (shape < 22)
        color[rim] = (18, 24, 52)
        distance = np.minimum(distance, shape)
    border = np.minimum.reduce([x, y, x.max() - x, y.max() - y])
    frame = border < 54
    color[frame] = (236, 222, 186)
    color[frame & (border > 18) & (border < 36)] = (166, 60, 40)
    potential = np.where(frame, border, distance + 55 * sea * (distance > 0))
    slope_y, slope_x = np.gradient(potential)
    angle = np.arctan2(slope_x, -slope_y)  # along the contours
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), (92, 84, 76))
    pen = ImageDraw.Draw(image)
    pitch, taken = 18.0, {}
    queue = [(9.0 + 18 * k, 9.0) for k in range(70)] + [(400.0, 300.0), (900.0, 720.0)]
    queue += [tuple(p) for p in rng.uniform(0, 1, (5000, 2)) * (x.shape[1], x.shape[0])]
    queue.reverse()
    while queue:
        px, py = queue.pop()
        if not (0 <= px < x.shape[1] and 0 <= py < x.shape[0]):
            continue
        cell = int(px // pitch), int(py // pitch)
        close = (
            taken.get((cell[0] + i, cell[1] + j), ())
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
        )
        if any(
            (px - a) ** 2 + (py - b) ** 2 < (0.83 * pitch) ** 2
            for c in close
            for a, b in c
        ):
            continue
        taken.setdefault(cell, []).append((px, py))
        turn = angle[int(py), int(px)]
        along, across = (np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))
        base = color[int(py), int(px)] * np.exp(rng.normal(0, 0.09)) + rng.normal(
            0, 8, 3
        )
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) + rng.normal(
            0, 0.1, (4, 2)
        )
        for size, light in ((8.2, -26), (7.5, 14), (6.0, 0)):
            shape = corners * size * (1, 0.95) @ np.array([along, across]) + (px, py)
            shape = shape - (8.2 - size) * 0.35
            fill = tuple(np.clip(base + light, 0, 255).astype(int).tolist())
            pen.polygon([tuple(p) for p in shape.tolist()], fill)
        for way in (across, along):
            for sign in (-1, 1):
                queue.append((px + sign * pitch * way[0], py + sign * pitch * way[1]))
    return finished(np.asarray(image, float) + 6 * clouds(rng, 0.6, FINE)[..., None])
