"""TIFF files of every kind, written by tifffile or byte by byte."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import tifffile
from picture_files import HEIGHT, WIDTH, Case, grey_of, packed, quantize, scene, tiff

STORAGE = {
    "plain": {},
    "plain big-endian": {"byteorder": ">"},
    "BigTIFF": {"bigtiff": True},
    "strips": {"rowsperstrip": 7},
    "tiles": {"tile": (16, 32)},
    "BigTIFF tiles big-endian": {"bigtiff": True, "tile": (32, 16), "byteorder": ">"},
    "deflate": {"compression": "zlib", "rowsperstrip": 5},
    "deflate predictor big-endian": {
        "compression": "zlib",
        "predictor": 2,
        "byteorder": ">",
    },
    "LZW predictor tiles": {"compression": "lzw", "predictor": 2, "tile": (16, 16)},
    "PackBits": {"compression": "packbits"},
}


@dataclass(frozen=True)
class Kind:
    """What a file holds: its samples (H, W, C) and the picture that they mean."""

    name: str
    samples: np.ndarray
    photometric: str
    rgb: np.ndarray | None
    alpha: np.ndarray | None = None
    extra: list[str] = field(default_factory=list)
    tolerance: float = 1.0


def decode(data: bytes) -> np.ndarray:
    """Return the samples in a file, as tifffile finds them."""
    return tifffile.imread(io.BytesIO(data))


def stored(storage: str) -> Iterator[Case]:
    """Yield a case for each kind of samples, stored in one of the ways in STORAGE."""
    for kind, planar in product(_kinds(), ("contig", "separate")):
        channels = kind.samples.shape[-1]
        if planar == "separate" and channels == 1:
            continue
        samples = kind.samples
        samples = np.moveaxis(samples, -1, 0) if planar == "separate" else samples
        samples = samples[..., 0] if channels == 1 else samples
        yield Case(
            f"{kind.name}, {planar}, {storage}.tif",
            _written(kind, samples, planar, dict(STORAGE[storage])),
            kind.rgb,
            kind.alpha,
            kind.tolerance,
            _is_rare(kind, storage, planar),
            samples=samples,
            decode=decode,
        )


def _is_rare(kind: Kind, storage: str, planar: str) -> bool:
    """Return whether Pillow does not know a kind of samples or of storage."""
    grey_alpha = kind.samples.shape[-1] == 2
    inverted = kind.photometric == "miniswhite" and kind.samples.dtype == "u2"
    return (
        storage == "BigTIFF tiles big-endian"
        or (grey_alpha and (planar == "separate" or kind.samples.dtype == "u2"))
        or (kind.name == "Lab" and planar == "separate")
        or (inverted and "big-endian" in storage)
    )


def _written(kind: Kind, samples: np.ndarray, planar: str, options: dict) -> bytes:
    if "predictor" in options and samples.dtype.kind == "f":
        options["predictor"] = 3
    file = io.BytesIO()
    tifffile.imwrite(
        file,
        samples,
        photometric=kind.photometric,
        planarconfig=planar if kind.samples.shape[-1] > 1 else None,
        extrasamples=kind.extra or None,
        metadata=None,
        **options,
    )
    return file.getvalue()


def _kinds() -> Iterator[Kind]:
    picture = scene()
    rgb, alpha = picture[..., :3], picture[..., 3:]
    grey, colors, opacity = rgb.mean(-1, keepdims=True), 255 * rgb, 255 * alpha[..., 0]
    greys = 255 * grey_of(rgb)
    for type_ in ("u1", "u2", "f4"):
        yield Kind(f"grey {type_}", quantize(grey, type_), "minisblack", greys)
        white_is_zero = quantize(1 - grey, type_)
        yield Kind(f"white is zero {type_}", white_is_zero, "miniswhite", greys)
    for type_ in ("i1", "i2", "i4", "u4", "f2", "f8"):
        yield Kind(f"grey {type_}", quantize(grey, type_), "minisblack", None)
    for type_ in ("u4", "f4"):
        yield Kind(f"RGB {type_}", quantize(rgb, type_), "rgb", None)
    for type_ in ("u1", "u2"):
        yield Kind(f"RGB {type_}", quantize(rgb, type_), "rgb", colors)
        ink, black = 1 - rgb, np.full_like(alpha, 0.2)
        cmyk = quantize(np.concatenate([ink, black], -1), type_)
        yield Kind(f"CMYK {type_}", cmyk, "separated", 0.8 * colors, tolerance=1.5)
    for type_, name in product(("u1", "u2"), ("RGB", "grey")):
        flat = rgb if name == "RGB" else grey
        shown, photometric = (colors, "rgb") if name == "RGB" else (greys, "minisblack")
        for extra, values, a in (
            ("unassalpha", flat, opacity),
            ("assocalpha", flat * alpha, opacity),
            ("unspecified", flat, None),
        ):
            samples = quantize(np.concatenate([values, alpha], -1), type_)
            title = f"{name} and {extra} {type_}"
            yield Kind(title, samples, photometric, shown, a, [extra], 2)
    soft = 0.25 + rgb / 2  # 8 bits of Lab are coarse for vivid colours
    yield Kind("Lab", _lab(soft), "cielab", 255 * soft, tolerance=4)


def _lab(rgb: np.ndarray) -> np.ndarray:
    """Return sRGB from 0 to 1 as CIE L*a*b* of the white D50 in 8 bits."""
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(  # sRGB's primaries, adapted to D50
        [
            [0.4360747, 0.3850649, 0.1430804],
            [0.2225045, 0.7168786, 0.0606169],
            [0.0139322, 0.0971045, 0.7141733],
        ]
    )
    x, y, z = np.moveaxis(light @ to_xyz.T / [0.96422, 1, 0.82521], -1, 0)
    x, y, z = (
        np.where(v > 0.008856, np.cbrt(v), 7.787 * v + 16 / 116) for v in (x, y, z)
    )
    lab = np.stack([(116 * y - 16) * 2.55, 500 * (x - y), 200 * (y - z)], -1)
    return np.rint(lab).astype(int).astype(np.uint8)


def byte_by_byte() -> Iterator[Case]:
    """Yield what tifffile does not write."""
    rgb = scene()[..., :3]
    grey = rgb.mean(-1)
    for bits, white_is_zero in product((1, 2, 4, 12), (0, 1)):
        top = 2**bits - 1
        values = np.rint(grey * top)
        stored = packed(top - values if white_is_zero else values, bits)
        tags = {"t262": 1 - white_is_zero, "t258": bits, "t277": 1}
        name = f"{'white is zero' if white_is_zero else 'grey'} of {bits} bits.tif"
        shown = np.repeat(255 / top * values[..., None], 3, -1)
        rare = bits == 12
        yield Case(name, tiff(WIDTH, HEIGHT, stored, **tags), shown, rare=rare)
        turned = np.packbits(
            np.unpackbits(np.frombuffer(stored, "u1"), bitorder="little")
        )
        data = tiff(WIDTH, HEIGHT, turned.tobytes(), **tags, t266=2)
        yield Case(f"bits from the right, {name}", data, shown, rare=rare)
    indices = np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) * 7 % 256
    colors = np.stack([np.arange(256), 255 - np.arange(256), np.arange(256) // 2])
    for scale, bits in product((1, 257), (4, 8)):
        shown, table = indices % 2**bits, scale * colors[:, : 2**bits]
        tags = {"t262": 3, "t258": bits, "t277": 1, "t320": tuple(table.ravel())}
        data = tiff(WIDTH, HEIGHT, packed(shown, bits), **tags)
        yield Case(
            f"palette of {bits} bits, colours x {scale}.tif", data, colors.T[shown]
        )
    for sub in ((1, 1), (2, 1), (2, 2)):
        yield Case(f"YCbCr {sub}.tif", *_ycbcr(*sub), tolerance=4)
    inks = quantize(scene(), "u1").tobytes()
    four = {"t258": (8,) * 4, "t277": 4}
    yield Case(
        "other inks.tif", tiff(WIDTH, HEIGHT, inks, t262=5, **four, t332=2), None
    )
    bytes_ = quantize(rgb, "u1").tobytes()
    three = {"t258": (8,) * 3, "t277": 3, "t262": 2}
    yield Case("preview.tif", tiff(WIDTH, HEIGHT, bytes_, **three, t254=1), None)
    yield Case("DNG.tif", tiff(WIDTH, HEIGHT, bytes_, **three, t50706=(1, 4)), None)


def _ycbcr(across: int, down: int) -> tuple[bytes, np.ndarray]:
    """Return an uncompressed file with subsampled colours, and its picture."""
    blocks_y, blocks_x = -(-HEIGHT // down), -(-WIDTH // across)
    grid = np.mgrid[: blocks_y * down, : blocks_x * across]
    luma = 60 + grid[0] + grid[1]
    blue, red = np.mgrid[:blocks_y, :blocks_x] + 110
    units = luma.reshape(blocks_y, down, blocks_x, across).swapaxes(1, 2)
    units = units.reshape(blocks_y, blocks_x, -1)
    data = np.concatenate([units, blue[..., None], red[..., None]], -1).astype(np.uint8)
    tags = {"t262": 6, "t258": (8,) * 3, "t277": 3, "t530": (across, down)}
    b, r = (
        np.kron(v, np.ones((down, across)))[:HEIGHT, :WIDTH] - 128 for v in (blue, red)
    )
    y = luma[:HEIGHT, :WIDTH]
    rgb = np.stack([y + 1.402 * r, y - 0.344 * b - 0.714 * r, y + 1.772 * b], -1)
    return tiff(WIDTH, HEIGHT, data.tobytes(), **tags), rgb
