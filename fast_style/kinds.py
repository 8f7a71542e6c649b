"""Kinds of picture files: which are read, which written, and what to do with others."""

import os
from dataclasses import dataclass
from pathlib import Path

from fast_style import extras

FORMATS = {  # Pillow's name of the format by the suffix; the first suffix is the usual
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".apng": "PNG",
    ".webp": "WEBP",
    ".avif": "AVIF",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".ppm": "PPM",
    ".pgm": "PPM",
    ".pbm": "PPM",
    ".pnm": "PPM",
    ".pfm": "PPM",
    ".jp2": "JPEG2000",
    ".j2k": "JPEG2000",
    ".jpf": "JPEG2000",
    ".jpx": "JPEG2000",
    ".tga": "TGA",
}
START = 1024  # bytes in which a file says of what kind it is
# Of films that are read; .ts, another one, is TypeScript's in most folders.
FILM_SUFFIXES = frozenset(
    ".mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .mts .m2ts .3gp .3g2 .wmv .asf .flv "
    ".ogv .mxf".split()
)
WRITABLE_FILMS = (".mp4", ".m4v", ".mov", ".mkv", ".webm")
READABLE = tuple(dict.fromkeys(FORMATS.values()))
MARKED = tuple(f for f in READABLE if f != "TGA")  # told by content, whatever the name
WRITABLE = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP")


@dataclass(frozen=True)
class ForeignKind:
    """A kind of picture file that Pillow alone does not read.

    Args:
        name: What the kind is called.
        suffixes: Those of its files' names, in lower case.
        advice: One sentence that says how to make a picture that is read.
        plugin: Module that teaches Pillow to read it; "" where there is none.
        extra: Extra of this package that installs the plugin.
        format: Name that the plugin gives the format.
    """

    name: str
    suffixes: tuple[str, ...]
    advice: str
    plugin: str = ""
    extra: str = ""
    format: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the plugin for it is installed."""
        return bool(self.plugin) and not extras.missing([self.plugin], self.extra)

    @property
    def remedy(self) -> str:
        """What to do with a file of the kind that is not read here."""
        if hint := extras.missing([self.plugin], self.extra) if self.plugin else None:
            return f"{hint}, or {self.advice[0].lower()}{self.advice[1:]}"
        return self.advice


HEIC = ForeignKind(
    "HEIC",
    (".heic", ".heif", ".hif"),
    "Convert it, for example: heif-convert photo.heic photo.jpg. An iPhone saves JPEG "
    "with Settings, Camera, Formats, Most Compatible.",
    plugin="pillow_heif",
    extra="heif",
    format="HEIF",
)
JPEG_XL = ForeignKind(
    "JPEG XL",
    (".jxl",),
    "Convert it, for example: djxl photo.jxl photo.png.",
    plugin="pillow_jxl",
    extra="jxl",
    format="JXL",
)
RAW = ForeignKind(
    "RAW",
    tuple(
        ".3fr .arw .cr2 .cr3 .crw .dng .erf .iiq .kdc .mef .mos .mrw .nef .nrw .orf "
        ".pef .raf .raw .rw2 .rwl .sr2 .srf .srw .x3f".split()
    ),
    "Develop it in the camera's program or in darktable, for example: "
    "darktable-cli photo.dng photo.jpg.",
)
PSD = ForeignKind(
    "Photoshop",
    (".psd", ".psb"),
    "Export it as PNG, or convert it: magick 'photo.psd[0]' photo.png.",
)
SVG = ForeignKind(
    "SVG",
    (".svg", ".svgz"),
    "Draw it as pixels, for example: rsvg-convert -w 2048 photo.svg -o photo.png.",
)
PDF = ForeignKind(
    "PDF",
    (".pdf", ".ai"),
    "Draw a page as pixels, for example: pdftoppm -png -singlefile photo.pdf photo.",
)
FILM = ForeignKind(
    "a film",
    (),  # those of FILM_SUFFIXES are read as films
    "Films are painted by fast-style FILM alone, under names such as film.mp4.",
)
FOREIGN = (HEIC, JPEG_XL, RAW, PSD, SVG, PDF)
IMAGE_SUFFIXES = frozenset(FORMATS).union(*(k.suffixes for k in FOREIGN if k.is_read))

_AVIF_BRANDS = (b"avif", b"avis")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_STARTS = {  # of files
    b"\xff\x0a": JPEG_XL,
    b"\0\0\0\x0cJXL ": JPEG_XL,
    b"8BPS": PSD,
    b"%PDF": PDF,
    b"FUJIFILMCCD-RAW": RAW,
    b"IIRO": RAW,
    b"IIRS": RAW,
    b"MMOR": RAW,
    b"IIU\0": RAW,
    b"FOVb": RAW,
    b"\x1a\x45\xdf\xa3": FILM,  # Matroska and WebM
    b"\0\0\1\xba": FILM,  # MPEG
    b"OggS": FILM,
    b"FLV\1": FILM,
    b"0&\xb2u": FILM,  # Windows Media
    b"II*\0\x10\0\0\0CR": RAW,
}


def is_film(path: str | os.PathLike) -> bool:
    """Return whether a file has a film's name."""
    return Path(path).suffix.lower() in FILM_SUFFIXES


def foreign_by_name(path: str | os.PathLike) -> ForeignKind | None:
    """Return which foreign kind a file's name has; None for all others."""
    suffix = Path(path).suffix.lower()
    return next((kind for kind in FOREIGN if suffix in kind.suffixes), None)


def foreign_by_content(start: bytes) -> ForeignKind | None:
    """Return which foreign kind a file is; None for all others.

    Args:
        start: The file's first bytes, START of them.
    """
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        if brand in _AVIF_BRANDS:
            return None  # which is damaged
        return RAW if brand == b"crx " else HEIC if brand in _HEIC_BRANDS else FILM
    if start[:4] == b"RIFF" and start[8:12] == b"AVI ":
        return FILM
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in start:
        return SVG
    return next((k for magic, k in _STARTS.items() if start.startswith(magic)), None)
