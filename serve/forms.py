"""What a form asks for: the picture, how it is painted, and the file to make of it."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from flask import current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected, NotFound, UnsupportedMediaType

from fast_style import MIN_SIZE, images, likeness, profiles, strokes
from fast_style.styles import Likeness, parse
from fast_style.stylizer import Stylizer

from .requests import read_picture

# What is sent, by MIME type; every browser shows the first, and encodes them itself.
SHOWN = {name.lower(): name for name in ("JPEG", "PNG", "WEBP")}
FORMATS = SHOWN | {"avif": "AVIF", "tiff": "TIFF"}
MOST_DPI = 2400
TICKET = re.compile(r"[0-9a-f]{16,64}")
LOOK = ("styles", "strength", "fade", "keep_color", "stroke")
FIELDS = ("picture", "painting", *LOOK, "size", "format", "dpi", "ticket")
LOOKS_FIELDS = ("picture", "styles", "size")
LOOKS_SIZE = 160  # px, the usual longer side of a look
LARGEST_LOOK = 256  # px
SENT = ("image", "painting")  # fields that may be files
PAINTING_SIZE = 1024  # px, to which the painting of a likeness is brought down


def check_type() -> None:
    """Raise an error unless the request is a form with files."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(
            "Send multipart/form-data with the picture as image."
        )


def check_names(fields: tuple[str, ...]) -> None:
    """Raise a ValueError unless the form has one picture, and no unknown field."""
    ways = ("image" in request.files) + ("picture" in request.form)
    if ways != 1:
        count = "two pictures" if ways else "no picture"
        raise ValueError(
            f"The form has {count}. Send one: the file image, or as picture the name "
            "that /api/pictures gave it."
        )
    known = (*fields, "image")
    for name in (*request.form, *request.files):
        if name not in known or (name in request.files and name not in SENT):
            raise ValueError(f"{name!r} is no field. Use {', '.join(fields)}.")


def find_picture() -> BinaryIO | FileStorage:
    """Return the picture in the form, or the kept one that it names."""
    return _find_file("image", "picture")


def read_names(stylizer: Stylizer) -> list[str]:
    """Return the names of the form's styles, each once; all without the field."""
    field = request.form.get("styles")
    if not field:
        return list(stylizer.styles)
    names = field.split(",")
    for name in names:
        if name not in stylizer.styles or names.count(name) > 1:
            problem = "is named twice" if name in stylizer.styles else "is no style"
            raise ValueError(
                f"{name!r} {problem}. Give names such as "
                f"{','.join(stylizer.styles[:2])}, each once."
            )
    return names


def _find_file(sent: str, kept: str) -> BinaryIO | FileStorage:
    """Return the file in the form, or the kept one that it names.

    Args:
        sent: Name of the field with a file.
        kept: Name of the field with the name of a kept file.
    """
    if sent in request.files:
        return request.files[sent]
    file = current_app.config["PICTURES"].get(request.form[kept])
    if file is None:
        raise NotFound("The server does not keep this picture. Send it again.")
    stream = io.BytesIO(file)
    stream.name = kept
    return stream


def read_options(stylizer: Stylizer) -> dict[str, Any]:
    """Return the form's arguments of `Stylizer.stylize`."""
    return {
        "styles": _read_styles(stylizer),
        "strength": _read_number("strength", 1.0),
        "fade": stylizer.choose_fade(request.form.get("fade") or None),
        "keep_color": request.form.get("keep_color") or "none",
        "stroke": strokes.parse(request.form.get("stroke") or "1"),
    }


def _read_styles(stylizer: Stylizer) -> dict[str, float] | Likeness:
    """Return the form's styles, or what makes a photograph like its painting."""
    styles = request.form.get("styles") or None
    if "painting" not in request.form and "painting" not in request.files:
        first = current_app.config["BACKEND"].styles[0]
        return stylizer.weights(parse(styles) or {first: 1.0})
    if styles:
        raise ValueError("The form has styles and a painting. Send one of them.")
    painting = read_picture(_find_file("painting", "painting"), max_size=PAINTING_SIZE)
    pixels = profiles.in_srgb(painting.pixels, painting.icc)
    return likeness.of(stylizer, pixels)


@contextmanager
def telling() -> Iterator[Callable[[int, int], None]]:
    """Give a function that tells of the form's ticket how far its picture is.

    It raises an error between two parts of a picture that nobody waits for any more.
    """
    ticket, told = request.form.get("ticket"), current_app.config["PROGRESS"]
    has_left = request.environ.get("waitress.client_disconnected", bool)
    if ticket and not TICKET.fullmatch(ticket):
        raise ValueError("ticket is not of 16 to 64 hexadecimal digits.")

    def tell(done: int, count: int) -> None:
        if has_left():
            raise ClientDisconnected
        if ticket:
            told[ticket] = done, count

    if ticket:
        told[ticket] = 0, 0
    try:
        yield tell
    finally:
        told.pop(ticket, None)


def read_dpi() -> float | None:
    """Return the dots an inch that the file is to name, or None for none."""
    if not request.form.get("dpi"):
        return None
    dpi = _read_number("dpi", 0)
    if not 1 <= dpi <= MOST_DPI:
        raise ValueError(f"dpi is {dpi:g}. Give a number from 1 to {MOST_DPI}.")
    return dpi


def read_format() -> str | None:
    """Return the result's format, a key of FORMATS; None keeps the picture's own."""
    name = request.form.get("format") or None
    if name not in (None, *FORMATS):
        raise ValueError(f"format is {name!r}. Give one of {', '.join(FORMATS)}.")
    return name


def format_of(picture: images.Picture) -> str:
    """Return the picture's own format, or png where browsers do not show it."""
    names = {format_name: name for name, format_name in SHOWN.items()}
    return names.get(picture.format, "png")


def _read_number(field: str, default: float) -> float:
    value = request.form.get(field) or default
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{field} is {value!r}. Give a number.") from None


def read_size(default: int, limit: int) -> int:
    """Return the longer side to paint at, in px."""
    size = _read_number("size", default)
    if not (MIN_SIZE <= size <= limit and size == int(size)):
        raise ValueError(
            f"size is {size:g}. Give a whole number of px from {MIN_SIZE} to {limit}."
        )
    return int(size)
