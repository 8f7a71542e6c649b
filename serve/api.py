"""The API of the page: a form with a picture in, a stylized picture out."""

import io
import time
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from flask import Blueprint, Response, current_app, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from fast_style import MIN_SIZE, color, images, strokes
from fast_style.styles import parse
from fast_style.stylizer import Stylizer

from . import browser
from .requests import check_area, lend_stylizer, read_picture

# What is sent: every browser shows it, and encoding it takes little time.
FORMATS = {name.lower(): name for name in ("JPEG", "PNG", "WEBP")}  # by MIME type
LOOK = ("styles", "strength", "fade", "keep_color", "stroke")
FIELDS = ("picture", *LOOK, "size", "format")
LOOKS_FIELDS = ("picture", "styles", "size")
LOOKS_SIZE = 160  # px, the usual longer side of a look
LARGEST_LOOK = 256  # px
LOOKS_QUALITY = 85
KEPT_TYPE = "application/octet-stream"  # no other site's form can send it
STYLE_FIELDS = ("name", "title", "artist", "year", "credit", "group")
STROKE = {  # what a page needs to offer strokes, and to paint them by itself
    "longest": strokes.LONGEST,
    "auto_size": strokes.AUTO_SIZE,
    "least_reduction": strokes.LEAST_REDUCTION,
    "share": strokes.SHARE,
}

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.post("/pictures")
def keep() -> dict[str, str]:
    """Keep a picture's file for requests that name it by its SHA-256 sum."""
    if request.mimetype != KEPT_TYPE:
        raise UnsupportedMediaType(f"Send the picture's file itself as {KEPT_TYPE}.")
    file = request.get_data(cache=False)
    if not file:
        raise ValueError("The request has no picture. Send one's file as the body.")
    return {"picture": current_app.config["PICTURES"].keep(file)}


@blueprint.post("/stylize")
def stylize() -> Response:
    """Stylize the form's picture with the form's settings, as `fast-style` does."""
    _check_type()
    with lend_stylizer() as stylizer:
        _check_names(FIELDS)
        # Wrong settings are refused before the picture is decoded.
        format_name, options = _read_format(), _read_options(stylizer)
        limit = current_app.config["SETTINGS"].max_size
        picture = read_picture(_find_picture(), max_size=_read_size(limit, limit))
        check_area([picture.pixels])
        start = time.perf_counter()
        stylizer.stylize_in_place(picture.pixels, **options)
        seconds = time.perf_counter() - start
        format_name = format_name or _format_of(picture)
        file = images.encode(picture, format=FORMATS[format_name])
    response = Response(file, mimetype=f"image/{format_name}")
    response.headers["Server-Timing"] = f"paint;dur={1000 * seconds:.1f}"
    return response


@blueprint.post("/looks")
def looks() -> Response:
    """Paint the form's picture small in several styles, each alone.

    The answer is one JPEG file with the paintings below each other, all of one size and
    in the order in which the form names their styles.
    """
    _check_type()
    with lend_stylizer() as stylizer:
        _check_names(LOOKS_FIELDS)
        names = _read_names(stylizer)
        limit = min(LARGEST_LOOK, current_app.config["SETTINGS"].max_size)
        size = _read_size(min(LOOKS_SIZE, limit), limit)
        photo = read_picture(_find_picture(), max_size=size).pixels
        check_area([photo] * len(names))
        start = time.perf_counter()
        sheet = np.concatenate([stylizer.stylize(photo, styles=name) for name in names])
        seconds = time.perf_counter() - start
        file = images.encode(
            images.Picture(sheet), format="JPEG", quality=LOOKS_QUALITY
        )
    response = Response(file, mimetype="image/jpeg")
    response.headers["Server-Timing"] = f"paint;dur={1000 * seconds:.1f}"
    return response


@blueprint.get("/styles")
def styles() -> dict[str, Any]:
    """List the styles, the choices of each setting, and the limits."""
    backend = current_app.config["BACKEND"]
    settings = current_app.config["SETTINGS"]
    return {
        "styles": [
            {field: getattr(style, field) for field in STYLE_FIELDS}
            | {
                kind: url_for(f"api.{kind}", name=name)
                if name in backend.pictures[kind]
                else None
                for kind in backend.pictures
            }
            for name, style in backend.catalogue.items()
        ],
        "fade": backend.fade,
        "fades": backend.fades,
        "keep_color": color.KEEP_COLOR,
        "stroke": STROKE,
        "formats": list(FORMATS),
        # Only the file's name: where it lies is nobody's business.
        "model": settings.model and Path(settings.model).name,
        "min_size": MIN_SIZE,
        "max_size": settings.max_size,
        "max_upload": settings.max_upload,
        "max_pixels": settings.max_pixels,
        "command": {
            "suffixes": [
                suffix
                for suffix, format_name in images.FORMATS.items()
                if format_name in images.WRITABLE
            ],
        },
        "browser": browser.describe(),
    }


@blueprint.get("/styles/<name>/thumbnail")
def thumbnail(name: str) -> Response:
    """Return a small sample of a style, as JPEG."""
    return _send_picture("thumbnail", name)


@blueprint.get("/styles/<name>/painting")
def painting(name: str) -> Response:
    """Return a small picture of the painting behind a style, as JPEG."""
    return _send_picture("painting", name)


def _send_picture(kind: str, name: str) -> Response:
    path = current_app.config["BACKEND"].pictures[kind].get(name)
    if not path:
        raise NotFound(f"Style {name!r} has no {kind}.")
    return send_file(path, max_age=86400)


def _check_type() -> None:
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(
            "Send multipart/form-data with the picture as image."
        )


def _check_names(fields: tuple[str, ...]) -> None:
    ways = ("image" in request.files) + ("picture" in request.form)
    if ways != 1:
        count = "two pictures" if ways else "no picture"
        raise ValueError(
            f"The form has {count}. Send one: the file image, or as picture the name "
            "that /api/pictures gave it."
        )
    for name in (*request.form, *request.files):
        if name not in (*fields, "image"):
            raise ValueError(f"{name!r} is no field. Use {', '.join(fields)}.")


def _find_picture() -> BinaryIO | FileStorage:
    """Return the file in the form, or the kept one that it names."""
    if "image" in request.files:
        return request.files["image"]
    file = current_app.config["PICTURES"].get(request.form["picture"])
    if file is None:
        raise NotFound("The server does not keep this picture. Send it again.")
    stream = io.BytesIO(file)
    stream.name = "picture"
    return stream


def _read_names(stylizer: Stylizer) -> list[str]:
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


def _read_options(stylizer: Stylizer) -> dict[str, Any]:
    """Return the form's arguments of `Stylizer.stylize`."""
    return {
        "styles": stylizer.weights(parse(request.form.get("styles") or None)),
        "strength": _read_number("strength", 1.0),
        "fade": stylizer.choose_fade(request.form.get("fade") or None),
        "keep_color": request.form.get("keep_color") or "none",
        "stroke": strokes.parse(request.form.get("stroke") or "1"),
    }


def _read_format() -> str | None:
    """Return the result's format, a key of FORMATS; None keeps the picture's own."""
    name = request.form.get("format") or None
    if name not in (None, *FORMATS):
        raise ValueError(f"format is {name!r}. Give one of {', '.join(FORMATS)}.")
    return name


def _format_of(picture: images.Picture) -> str:
    """Return the picture's own format, or png where it is not sent."""
    names = {format_name: name for name, format_name in FORMATS.items()}
    return names.get(picture.format, "png")


def _read_number(field: str, default: float) -> float:
    value = request.form.get(field) or default
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{field} is {value!r}. Give a number.") from None


def _read_size(default: int, limit: int) -> int:
    """Return the longer side to paint at, in px."""
    size = _read_number("size", default)
    if not (MIN_SIZE <= size <= limit and size == int(size)):
        raise ValueError(
            f"size is {size:g}. Give a whole number of px from {MIN_SIZE} to {limit}."
        )
    return int(size)
