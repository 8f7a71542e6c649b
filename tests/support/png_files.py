"""PNG files of every colour type, depth, transparency and colour space."""

import struct
from collections.abc import Iterator
from itertools import product

import imagecodecs
import numpy as np
from picture_files import HEIGHT, WIDTH, Case, grey_of, packed, png, saved, scene
from PIL import Image

SRGB = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
P3 = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6


def files() -> Iterator[Case]:
    """Yield a case for each kind."""
    yield from _plain()
    yield from _keys()
    yield from _palettes()
    yield from _colors()
    for mode in ("L", "LA", "RGB", "RGBA"):
        image = Image.fromarray(np.rint(255 * scene()).astype(np.uint8)).convert(mode)
        full = np.asarray(image.convert("RGBA"))
        alpha = full[..., 3] if "A" in mode else None
        yield Case(f"by Pillow {mode}.png", saved(image, "PNG"), full[..., :3], alpha)


def _case(
    name: str, values: np.ndarray, depth: int, color: int, *rest, **chunks
) -> Case:
    """Return a case of samples (H, W, C) of a depth, checked by libpng where it can."""
    rows = [packed(row.reshape(1, -1), depth) for row in values]
    data = png(WIDTH, HEIGHT, rows, depth, color, **chunks)
    whole = depth >= 8 and not chunks
    samples = values.astype("u2" if depth == 16 else "u1") if whole else None
    decode = imagecodecs.png_decode if whole else None
    return Case(f"{name}.png", data, *rest, samples=samples, decode=decode)


def _plain() -> Iterator[Case]:
    picture = scene()
    grey = picture[..., :3].mean(-1, keepdims=True)
    for depth in (1, 2, 4, 8, 16):
        top = 2**depth - 1
        values = np.rint(grey * top)
        shown = 255 / top * np.repeat(values, 3, -1)
        yield _case(f"grey {depth}", values, depth, GREY, shown)
    for depth in (8, 16):
        top = 2**depth - 1
        colors, greys = 255 * picture[..., :3], 255 * grey_of(picture[..., :3])
        alpha = 255 * picture[..., 3]
        values = np.rint(top * picture)
        yield _case(f"RGB {depth}", values[..., :3], depth, RGB, colors)
        yield _case(f"RGBA {depth}", values, depth, RGBA, colors, alpha)
        pair = np.concatenate([np.rint(top * grey), values[..., 3:]], -1)
        yield _case(f"grey and alpha {depth}", pair, depth, GREY_ALPHA, greys, alpha)


def _keys() -> Iterator[Case]:
    """Yield pictures in which one value stands for transparency."""
    picture = scene()[..., :3]
    for depth in (1, 2, 4, 8, 16):
        top = 2**depth - 1
        values = np.rint(top * picture.mean(-1))
        for key in {0, top, int(values[20, 30])}:
            shown = np.repeat(255 / top * values[..., None], 3, -1)
            alpha = np.where(values == key, 0, 255)
            yield _case(
                f"grey {depth} without {key}",
                values[..., None],
                depth,
                GREY,
                shown,
                alpha,
                tRNS=struct.pack(">H", key),
            )
    values = np.rint(255 * picture)
    key = values[20, 30].astype(int)
    alpha = np.where((values == key).all(-1), 0, 255)
    chunk = struct.pack(">3H", *key)
    yield _case("RGB 8 without one", values, 8, RGB, values, alpha, tRNS=chunk)
    wide, chunk = np.rint(65535 * picture), struct.pack(">3H", *(257 * key))
    yield _case("RGB 16 without one", wide, 16, RGB, None, tRNS=chunk)


def _palettes() -> Iterator[Case]:
    table = np.stack([np.arange(256), 255 - np.arange(256), np.arange(256) // 2], -1)
    for depth, alphas in product((1, 2, 4, 8), ((), (0,), (200, 0), (10, 255, 128))):
        size = 2**depth
        indices = np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) * 7 % size
        alphas = alphas[:size]
        chunks = {"PLTE": table[:size].astype("u1").tobytes()}
        alpha = None
        if alphas:
            chunks["tRNS"] = bytes(alphas)
            alpha = np.array([*alphas, *[255] * (size - len(alphas))])[indices]
        name = f"palette {depth}, alphas {alphas}"
        values = indices[..., None]
        yield _case(name, values, depth, PALETTE, table[indices], alpha, **chunks)


def _colors() -> Iterator[Case]:
    """Yield pictures whose chunks say how their values become light."""
    picture = scene()[..., :3]
    plain = 255 * picture
    for gamma, depth in product((0.45455, 1.0, 0.55556), (8, 16)):
        stored = _light(picture) ** gamma if gamma != 0.45455 else picture
        values = np.rint((2**depth - 1) * stored)
        shown = 255 * _encoded((values / values.max()) ** (1 / gamma))
        shown = plain if gamma == 0.45455 else shown
        gAMA = struct.pack(">I", round(1e5 * gamma))
        # Pillow reads 8 bits, of which dark linear light needs more.
        tolerance = 16 if (gamma, depth) == (1, 16) else 3
        for chromaticities in (None, SRGB):
            chunks = {"gAMA": gAMA}
            if chromaticities:
                numbers = [round(1e5 * v) for v in chromaticities]
                chunks["cHRM"] = struct.pack(">8I", *numbers)
            name = f"gamma {gamma}, {depth} bits, {bool(chromaticities)}"
            yield _case(name, values, depth, RGB, shown, None, tolerance, **chunks)
        grey = values.mean(-1, keepdims=True).round()
        shown = 255 * _encoded((grey / values.max()) ** (1 / gamma))
        shown = np.repeat(
            255 * grey / values.max() if gamma == 0.45455 else shown, 3, -1
        )
        name = f"grey of gamma {gamma}, {depth} bits"
        yield _case(name, grey, depth, GREY, shown, None, tolerance, gAMA=gAMA)
        chunks = {"gAMA": gAMA, "sRGB": b"\0"}
        stays = 255 * values / values.max()
        yield _case(f"sRGB beside {name}", values, depth, RGB, stays, **chunks)
    soft = 0.25 + picture / 2
    values = np.rint(255 * _to_p3(soft))
    numbers = struct.pack(">8I", *(round(1e5 * v) for v in P3))
    gAMA = struct.pack(">I", 45455)
    args = (values, 8, RGB, 255 * soft, None, 4)
    yield _case("chromaticities of P3", *args, gAMA=gAMA, cHRM=numbers)
    yield _case("code points of P3", *args, cICP=bytes([12, 13, 0, 1]))
    yield _case("code points of sRGB", np.rint(plain), 8, RGB, plain, cICP=b"\1\r\0\1")
    linear = np.rint(255 * _light(picture))
    shown = 255 * _encoded(linear / 255)
    args = ("code points of linear light", linear, 8, RGB, shown, None, 2)
    yield _case(*args, cICP=bytes([1, 8, 0, 1]))
    for name, transfer in (("PQ", 16), ("HLG", 18)):
        chunk = bytes([9, transfer, 0, 1])
        yield _case(f"code points of {name}", np.rint(plain), 8, RGB, None, cICP=chunk)


def _light(values: np.ndarray) -> np.ndarray:
    return np.where(
        values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4
    )


def _encoded(light: np.ndarray) -> np.ndarray:
    return np.where(
        light <= 0.0031308,
        12.92 * light,
        1.055 * light.clip(0.0031308) ** (1 / 2.4) - 0.055,
    )


def _to_p3(values: np.ndarray) -> np.ndarray:
    matrix = [[0.8225, 0.1774, 0.0], [0.0332, 0.9669, 0.0], [0.0171, 0.0724, 0.9108]]
    return _encoded(_light(values) @ np.transpose(matrix))
