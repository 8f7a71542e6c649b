"""Files of all other formats: JPEG, WebP, AVIF, JPEG 2000, BMP, GIF, PPM and TGA."""

import struct
from collections.abc import Iterator
from itertools import product

import imagecodecs
import numpy as np
from picture_files import HEIGHT, WIDTH, Case, grey_of, packed, saved, scene
from PIL import Image

PICTURE = np.rint(255 * scene()).astype(np.uint8)
RGB, ALPHA = PICTURE[..., :3].copy(), PICTURE[..., 3].copy()
GREYS = np.rint(grey_of(RGB.astype(float)))
GREY = GREYS[..., 0].astype(np.uint8)


def _decoded(name: str, data: bytes, decode, **rest) -> Case:
    """Return a case in which an independent reader's picture is the right one."""
    pixels = decode(data)
    pixels = np.repeat(pixels[..., None], 3, -1) if pixels.ndim == 2 else pixels
    alpha = pixels[..., 3] if pixels.shape[-1] == 4 else None
    return Case(name, data, pixels[..., :3], alpha, **rest)


def jpeg() -> Iterator[Case]:
    image = Image.fromarray(RGB)
    for mode, subsampling, progressive in product(
        ("L", "RGB", "CMYK"), (0, 1, 2), (False, True)
    ):
        data = saved(
            image.convert(mode),
            "JPEG",
            quality=95,
            subsampling=subsampling,
            progressive=progressive,
        )
        name = f"{mode} {subsampling} {'progressive ' * progressive}.jpg"
        if mode == "CMYK":
            yield Case(name, data, RGB, tolerance=40)
        else:
            yield _decoded(name, data, imagecodecs.jpeg8_decode, tolerance=2)
    for data, name in (
        (imagecodecs.jpeg8_encode(RGB, level=95, outcolorspace="rgb"), "as RGB.jpg"),
        (imagecodecs.jpeg8_encode(RGB, level=95, subsampling="420"), "4-2-0.jpg"),
    ):
        yield _decoded(name, data, imagecodecs.jpeg8_decode, tolerance=2)


def webp() -> Iterator[Case]:
    for lossless, alpha in product((False, True), (False, True)):
        pixels = PICTURE if alpha else RGB
        data = imagecodecs.webp_encode(pixels, level=90, lossless=lossless)
        yield _decoded(
            f"lossless {lossless} {alpha}.webp", data, imagecodecs.webp_decode
        )


def avif() -> Iterator[Case]:
    for bits, alpha, grey in product((8, 10, 12), (False, True), (False, True)):
        top = 2**bits - 1
        pixels = np.rint(top * scene())
        pixels = pixels if alpha else pixels[..., :3]
        if grey:
            pixels[..., :3] = grey_of(pixels[..., :3]).round()
        data = imagecodecs.avif_encode(
            pixels.astype("u2" if bits > 8 else "u1"),
            level=100,
            bitspersample=bits,
            speed=10,
            numthreads=1,
        )
        shown = pixels * 255 / top
        opacity = shown[..., 3] if alpha else None
        yield Case(f"{bits} {alpha} {grey}.avif", data, shown[..., :3], opacity, 3)
    data = saved(Image.fromarray(RGB), "AVIF", quality=100, subsampling="4:4:4")
    place = data.index(b"colrnclx") + 8
    for name, primaries, transfer in (("PQ", 9, 16), ("HLG", 9, 18)):
        code = struct.pack(">HH", primaries, transfer)
        changed = data[:place] + code + data[place + 4 :]
        yield Case(f"{name}.avif", changed, None)


def jpeg2000() -> Iterator[Case]:
    for bits, codec, kind in product(
        (8, 12, 16), ("jp2", "j2k"), ("grey", "RGB", "RGBA")
    ):
        top = 2**bits - 1
        picture = scene()
        shown = picture[..., :3] if kind != "grey" else grey_of(picture[..., :3])
        stored = {"grey": shown[..., 0], "RGB": shown, "RGBA": picture}[kind]
        data = imagecodecs.jpeg2k_encode(
            np.rint(top * stored).astype("u2" if bits > 8 else "u1"),
            level=0,
            codecformat=codec,
            bitspersample=bits,
            reversible=True,
        )
        alpha = 255 * picture[..., 3] if kind == "RGBA" else None
        rare = bits > 8 and kind != "grey"
        yield Case(f"{kind} {bits}.{codec}", data, 255 * shown, alpha, rare=rare)
        if (bits, codec, kind) == (12, "jp2", "RGB"):
            place = data.index(b"jp2c") - 4
            box = struct.pack(">I4s", 8 + 100_000, b"free") + bytes(100_000)
            yield Case("large box.jp2", data[:place] + box + data[place:], None)
    few = np.rint(15 * scene()[..., :3]).astype("u1")
    data = imagecodecs.jpeg2k_encode(few, level=0, codecformat="jp2", bitspersample=4)
    yield Case("RGB 4.jp2", data, None)
    data = saved(Image.fromarray(RGB), "JPEG2000")
    place = data.index(b"colr") + 7
    lab = data[:place] + struct.pack(">I", 14) + data[place + 4 :]
    yield Case("Lab.jp2", lab, None)


def bmp() -> Iterator[Case]:
    image = Image.fromarray(RGB)
    for mode in ("1", "L", "P", "RGB"):
        converted = image.convert(mode)
        shown = np.asarray(converted.convert("RGB"))
        yield Case(f"{mode}.bmp", saved(converted, "BMP"), shown)
    bgr, rows = RGB[..., ::-1], np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    rows[..., :3], rows[..., 3] = bgr, ALPHA
    yield Case("32 bits, the last of no meaning.bmp", _bmp_bytes(rows, 32), RGB)
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    data = _bmp_bytes(rows, 32, masks)
    yield Case("32 bits with alpha.bmp", data, RGB, ALPHA)
    yield Case("32 bits, three masks.bmp", _bmp_bytes(rows, 32, (*masks[:3], 0)), RGB)
    yield Case("from the top.bmp", _bmp_bytes(rows[::-1], 32, down=True), RGB)
    red, green, blue = (v.astype(int) for v in np.moveaxis(RGB, -1, 0))
    for name, bits, masks in (
        ("5-6-5", (5, 6, 5), (0xF800, 0x7E0, 0x1F, 0)),
        ("5-5-5", (5, 5, 5), (0x7C00, 0x3E0, 0x1F, 0)),
    ):
        value = red >> 3 << (bits[1] + 5) | green >> (8 - bits[1]) << 5 | blue >> 3
        rows = value.astype("<u2")[..., None].view(np.uint8)
        data = _bmp_bytes(rows, 16, masks)
        yield Case(f"{name}.bmp", data, RGB, tolerance=8)


def _bmp_bytes(rows: np.ndarray, bits: int, masks=(), down: bool = False) -> bytes:
    """Return a BMP file of rows from the top, (H, W, bytes)."""
    rows = rows[::-1]
    rows = rows.reshape(HEIGHT, -1)
    rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
    head = struct.pack(
        "<IiiHHIIiiII",
        108 if masks else 40,
        WIDTH,
        -HEIGHT if down else HEIGHT,
        1,
        bits,
        3 if masks else 0,
        rows.size,
        2835,
        2835,
        0,
        0,
    )
    if masks:
        head += struct.pack("<4I", *masks) + b"BGRs" + bytes(48)
    start = 14 + len(head)
    return (
        struct.pack("<2sIII", b"BM", start + rows.size, 0, start)
        + head
        + rows.tobytes()
    )


def gif() -> Iterator[Case]:
    image = Image.fromarray(RGB).quantize(64)
    shown = np.asarray(image.convert("RGB"))
    yield Case("plain.gif", saved(image, "GIF"), shown)
    indices = np.asarray(image)
    alpha = np.where(indices == 5, 0, 255)
    yield Case("one hidden.gif", saved(image, "GIF", transparency=5), shown, alpha)
    data = saved(image, "GIF", save_all=True, append_images=[image.rotate(180)])
    yield Case("animated.gif", data, shown)
    yield Case("interlaced.gif", saved(image, "GIF", interlace=True), shown)


def ppm() -> Iterator[Case]:
    size = b"%d %d\n" % (WIDTH, HEIGHT)
    picture = scene()[..., :3]
    for top in (1, 15, 100, 255, 1023, 65535):
        type_ = ">u2" if top > 255 else "u1"
        colors = np.rint(top * picture).astype(type_)
        greys = np.rint(top * grey_of(picture)).astype(type_)
        head = size + b"%d\n" % top
        yield Case(f"{top}.ppm", b"P6\n" + head + colors.tobytes(), 255 / top * colors)
        shown = 255 / top * greys
        data = b"P5\n" + head + greys[..., 0].tobytes()
        yield Case(f"{top}.pgm", data, shown)
        text = " ".join(map(str, colors.ravel())).encode()
        yield Case(f"plain {top}.ppm", b"P3\n# x\n" + head + text, 255 / top * colors)
    dark = np.rint(200 * grey_of(picture)).astype(">u2")
    data = b"P5\n" + size + b"65535\n" + dark[..., 0].tobytes()
    yield Case("dark.pgm", data, dark / 257)
    black = (picture.mean(-1) < 0.5).astype(int)
    shown = np.repeat(255 * (1 - black[..., None]), 3, -1)
    yield Case("bits.pbm", b"P4\n" + size + packed(black, 1), shown)
    text = " ".join(map(str, black.ravel())).encode()
    yield Case("plain bits.pbm", b"P1\n" + size + text, shown)
    grey = picture.mean(-1)
    for order, scale in (("<", b"-1.0\n"), (">", b"1.0\n")):
        rows = grey[::-1].astype(f"{order}f4").tobytes()
        shown = 255 * grey_of(picture)
        yield Case(f"floats {order}.pfm", b"Pf\n" + size + scale + rows, shown)


def tga() -> Iterator[Case]:
    bgra = PICTURE[..., [2, 1, 0, 3]]
    for flip, rle in product((0, 0x10, 0x20, 0x30), (False, True)):
        name = f"{flip:x} {'packed' * rle}.tga"
        data = _tga_bytes(bgra[..., :3], 24, flip, rle)
        yield Case(f"24 {name}", data, RGB)
        yield Case(f"32 {name}", _tga_bytes(bgra, 32, flip | 8, rle), RGB, ALPHA)
        unused = bgra.copy()
        unused[..., 3] = 0
        yield Case(f"32 unused {name}", _tga_bytes(unused, 32, flip, rle), RGB)
        grey = _tga_bytes(GREY[..., None], 8, flip, rle, kind=3)
        yield Case(f"grey {name}", grey, GREYS)
    red, green, blue = (v.astype(int) >> 3 for v in np.moveaxis(RGB, -1, 0))
    value = (red << 10 | green << 5 | blue).astype("<u2")[..., None]
    data = _tga_bytes(value.view(np.uint8), 16, 0x20, False)
    yield Case("16.tga", data, RGB, tolerance=8)
    data = _tga_bytes((value | 0x8000).view(np.uint8), 16, 0x20, False)
    yield Case("16, bit unused.tga", data, RGB, tolerance=8)
    data = _tga_bytes((value | 0x8000).view(np.uint8), 16, 0x21, False)
    yield Case("16 with alpha.tga", data, RGB, tolerance=8, rare=True)


def _tga_bytes(
    rows: np.ndarray, bits: int, descriptor: int, packed: bool, kind: int = 2
) -> bytes:
    """Return a TGA file of rows from the top, (H, W, bytes)."""
    rows = rows if descriptor & 0x20 else rows[::-1]
    rows = rows[:, ::-1] if descriptor & 0x10 else rows
    head = struct.pack(
        "<BBBHHBHHHHBB",
        0,
        0,
        kind + 8 * packed,
        0,
        0,
        0,
        0,
        0,
        WIDTH,
        HEIGHT,
        bits,
        descriptor,
    )
    if not packed:
        return head + rows.tobytes()
    runs = b"".join(b"\0" + pixel.tobytes() for row in rows for pixel in row)
    return head + runs
