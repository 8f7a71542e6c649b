"""Sheets of pictures: several of one size in a grid, each above its caption."""

import math
import unicodedata
from typing import NamedTuple, cast

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

PAPER = (250, 250, 249)
_INKS = ((32, 32, 34), (104, 104, 108))  # of a caption's first line and of the others
_SHAPE = 1.4  # width over height that a sheet should have
_LEAST_WIDTH = 200  # px, of a caption
_LEAST_FONT = 14  # px
# Pillow's font lacks accented letters. Each is drawn as the plain letter with this
# mark above it.
_MARKS = {
    "\N{COMBINING GRAVE ACCENT}": "`",
    "\N{COMBINING ACUTE ACCENT}": "´",
    "\N{COMBINING TILDE}": "~",
    "\N{COMBINING DIAERESIS}": "..",
}


class Layout(NamedTuple):
    """Where the pictures of a sheet stand.

    Args:
        columns: Pictures in a row.
        rows: Rows of pictures.
        heading: Size in px of the font of a caption's first line.
        gap: px between pictures, and around the sheet.
        across: px from the left edge of a picture to that of the next.
        down: px from the top edge of a picture to that of the one below.
    """

    columns: int
    rows: int
    heading: int
    gap: int
    across: int
    down: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet in px."""
        width = self.columns * self.across + self.gap
        return width, self.rows * self.down + self.gap


def lay_out(
    count: int, size: tuple[int, int], lines: int, columns: int | None = None
) -> Layout:
    """Return where the pictures of a sheet stand.

    Args:
        count: How many pictures there are.
        size: Width and height of each picture in px.
        lines: Lines of the longest caption.
        columns: Pictures in a row; None for as many as give a sheet of good shape.
    """
    width, height = size
    heading = max(_LEAST_FONT, round(math.sqrt(height * width) / 24))
    gap = round(1.5 * heading)
    text = _below(heading) + _lead(heading) * (lines - 1) + heading // 3
    across, down = max(width, _LEAST_WIDTH) + gap, height + text + gap
    columns = min(columns or _columns(count, across, down), count)
    return Layout(columns, math.ceil(count / columns), heading, gap, across, down)


def draw(
    pictures: list[np.ndarray],
    captions: list[tuple[str, ...]],
    *,
    columns: int | None = None,
    alpha: np.ndarray | None = None,
) -> np.ndarray:
    """Return a sheet of pictures.

    Args:
        pictures: uint8 (H, W, 3) each, all of one size.
        captions: Lines below each picture, the first being its heading. A line wider
            than its picture is cut.
        columns: Pictures in a row; see `lay_out`.
        alpha: uint8 (H, W), 0 transparent to 255 opaque, of every picture; None where
            all is opaque.

    Returns:
        uint8 (height, width, 3).
    """
    height, width = pictures[0].shape[:2]
    lines = max(map(len, captions))
    layout = lay_out(len(pictures), (width, height), lines, columns)
    heading, gap = layout.heading, layout.gap
    sizes = (heading, 0.8 * heading)
    fonts = [cast(FreeTypeFont, ImageFont.load_default(size)) for size in sizes]
    sheet = Image.new("RGB", layout.size, PAPER)
    pen = ImageDraw.Draw(sheet)
    mask = None if alpha is None else Image.fromarray(alpha)
    for i, (pixels, caption) in enumerate(zip(pictures, captions, strict=True)):
        row, column = divmod(i, layout.columns)
        x, y = gap + column * layout.across, gap + row * layout.down
        sheet.paste(Image.fromarray(pixels), (x, y), mask)
        for j, line in enumerate(caption):
            font, ink = fonts[j > 0], _INKS[j > 0]
            baseline = y + height + _below(heading) + _lead(heading) * j
            shown = fit_line(line, font, layout.across - gap)
            _write(pen, (x, baseline), shown, font, ink)
    return np.array(sheet)


def _below(heading: int) -> int:
    """Return the px from a picture to the first baseline of its caption."""
    return round(1.5 * heading)


def _lead(heading: int) -> int:
    """Return the px from one line of a caption to the next."""
    return round(1.35 * heading)


def _columns(count: int, across: int, down: int) -> int:
    """Return how many columns come near to _SHAPE and leave few places empty."""

    def cost(columns: int) -> float:
        rows = math.ceil(count / columns)
        shape = math.log(columns * across / (rows * down) / _SHAPE)
        return abs(shape) + (columns * rows - count) / count

    return min(range(1, count + 1), key=cost)


def fit_line(text: str, font: FreeTypeFont, width: int) -> str:
    """Return a text that is at most `width` px wide, cut at an ellipsis if need be."""
    text = unicodedata.normalize("NFC", text)
    line, kept = text, len(text)
    while kept and font.getlength(_plain(line)[0]) > width:
        kept -= 1
        line = text[:kept].rstrip() + "…"
    return line


def _write(
    pen: ImageDraw.ImageDraw,
    start: tuple[int, int],
    text: str,
    font: FreeTypeFont,
    ink: tuple[int, int, int],
) -> None:
    """Draw a line of text from the start of its baseline."""
    x, y = start
    letters, marks = _plain(text)
    pen.text((x, y), letters, ink, font, anchor="ls")
    for index, mark in marks:
        before, letter = letters[:index], letters[index]
        middle = x + font.getlength(before) + font.getlength(letter) / 2
        top = font.getbbox(letter, anchor="ls")[1] - font.size / 12
        foot = font.getbbox(mark, anchor="ms")[1] + font.getmask(mark).getbbox()[3]
        pen.text((middle, y + top - foot), mark, ink, font, anchor="ms")


def _plain(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Return a text without its accents, and each accent with its letter's index."""
    letters = ""
    marks: list[tuple[int, str]] = []
    for character in unicodedata.normalize("NFD", text):
        if letters and character in _MARKS:
            marks.append((len(letters) - 1, _MARKS[character]))
        elif not unicodedata.combining(character):
            letters += character
    return letters, marks
