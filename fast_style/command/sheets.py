"""Sheets of pictures: several of one size in a grid, each over its caption."""

import math
import unicodedata
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

PAPER = (250, 250, 249)
_INKS = ((32, 32, 34), (104, 104, 108))  # of a caption's first line, and of the others
_SHAPE = 1.4  # width over height that a sheet comes near to
_LEAST_WIDTH = 200  # px, that a caption has room in
_LEAST_FONT = 14  # px
# Pillow's own font has no accented letters; these stand above the plain ones instead.
_MARKS = {
    "\N{COMBINING GRAVE ACCENT}": "`",
    "\N{COMBINING ACUTE ACCENT}": "´",
    "\N{COMBINING TILDE}": "~",
    "\N{COMBINING DIAERESIS}": "..",
}


class Layout(NamedTuple):
    """Where a sheet's pictures stand, all in px but the first two."""

    columns: int
    rows: int
    heading: int  # its font's size
    gap: int
    across: int  # from one picture's left to the next one's
    down: int

    @property
    def size(self) -> tuple[int, int]:
        """The sheet's width and height."""
        width = self.columns * self.across + self.gap
        return width, self.rows * self.down + self.gap


def lay_out(
    count: int, size: tuple[int, int], lines: int, columns: int | None = None
) -> Layout:
    """Lays a sheet out.

    Args:
        count: its pictures.
        size: the width and height of each.
        lines: the most of a caption.
        columns: pictures in a row; None is as many as give a sheet of good shape.
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
    """Draws a sheet.

    Args:
        pictures: uint8 (H, W, 3) each, all of one size.
        captions: the lines under each picture, the first one its heading; what is too
            long for the picture's width is cut.
        columns: see `lay_out`.
        alpha: uint8 (H, W), how much of each picture shows; None is all.

    Returns:
        uint8 (height, width, 3).
    """
    height, width = pictures[0].shape[:2]
    lines = max(map(len, captions))
    layout = lay_out(len(pictures), (width, height), lines, columns)
    heading, gap = layout.heading, layout.gap
    fonts = [ImageFont.load_default(heading), ImageFont.load_default(0.8 * heading)]
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
            line = _fitted(line, font, layout.across - gap)
            _write(pen, (x, baseline), line, font, ink)
    return np.array(sheet)


def _below(heading: int) -> int:
    """Pixels from a picture to its caption's first baseline."""
    return round(1.5 * heading)


def _lead(heading: int) -> int:
    """Pixels from one line of a caption to the next."""
    return round(1.35 * heading)


def _columns(count: int, across: int, down: int) -> int:
    """Gives how many columns come near to _SHAPE, and leave few places empty."""

    def cost(columns):
        rows = math.ceil(count / columns)
        shape = math.log(columns * across / (rows * down) / _SHAPE)
        return abs(shape) + (columns * rows - count) / count

    return min(range(1, count + 1), key=cost)


def _fitted(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """Cuts what is wider, and ends it in an ellipsis."""
    text = unicodedata.normalize("NFC", text)
    fitted, kept = text, len(text)
    while kept and font.getlength(_plain(fitted)[0]) > width:
        kept -= 1
        fitted = text[:kept].rstrip() + "…"
    return fitted


def _write(pen, position, text, font, ink):
    """Writes a line from its baseline's start."""
    x, y = position
    text, marks = _plain(text)
    pen.text((x, y), text, ink, font, anchor="ls")
    for index, mark in marks:
        before, letter = text[:index], text[index]
        middle = x + font.getlength(before) + font.getlength(letter) / 2
        top = font.getbbox(letter, anchor="ls")[1] - font.size / 12
        foot = font.getbbox(mark, anchor="ms")[1] + font.getmask(mark).getbbox()[3]
        pen.text((middle, y + top - foot), mark, ink, font, anchor="ms")


def _plain(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Takes the accents off a text; gives them with their letters' places."""
    letters, marks = "", []
    for character in unicodedata.normalize("NFD", text):
        if letters and character in _MARKS:
            marks.append((len(letters) - 1, _MARKS[character]))
        elif not unicodedata.combining(character):
            letters += character
    return letters, marks
