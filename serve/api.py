"""A form for people: a picture in, a picture out."""

import time
from dataclasses import replace
from pathlib import Path

from flask import Blueprint, Response, current_app, request, send_file, url_for
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from fast_style import MIN_SIZE, images
from fast_style.styles import parse

from . import browser
from .requests import check_area, painter, read_picture

FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
FIELDS = ("styles", "strength", "fade", "keep_color", "size", "format")

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.post("/stylize")
def stylize() -> Response:
    """Paints a picture as `fast-style` does."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType("Send multipart/form-data, the picture as image.")
    with painter() as lent:
        _check_fields()
        format = _format()
        options = {
            # Checked here, before the picture is decoded.
            "styles": lent.weights(parse(request.form.get("styles") or None)),
            "strength": _number("strength", 1.0),
            "fade": lent.choose_fade(request.form.get("fade") or None),
            "keep_color": request.form.get("keep_color") or "none",
        }
        picture = read_picture(request.files["image"], max_size=_size())
        check_area([picture.pixels])
        began = time.perf_counter()
        pixels = lent.stylize(picture.pixels, **options)
        took = time.perf_counter() - began
        format = format or next(
            (name for name, own in FORMATS.items() if own == picture.format), "png"
        )
        file = images.encode(replace(picture, pixels=pixels), format=FORMATS[format])
    response = Response(file, mimetype=f"image/{format}")
    response.headers["Server-Timing"] = f"paint;dur={1000 * took:.1f}"
    return response


@blueprint.get("/styles")
def styles() -> dict:
    """Lists the styles, and what a page needs to offer them."""
    backend, limits = current_app.config["BACKEND"], current_app.config["LIMITS"]
    fields = ("name", "title", "artist", "year", "credit")
    return {
        "styles": [
            {field: getattr(style, field) for field in fields}
            | {
                "thumbnail": url_for("api.thumbnail", name=name)
                if name in backend.thumbnails
                else None
            }
            for name, style in backend.catalogue.items()
        ],
        "fade": backend.fade,
        # Of a file of one's own the name, not where it lies.
        "model": limits.model and Path(limits.model).name,
        "max_size": limits.max_size,
        "max_upload": limits.max_upload,
        "max_pixels": limits.max_pixels,
        "browser": browser.describe(),
    }


@blueprint.get("/styles/<name>/thumbnail")
def thumbnail(name: str) -> Response:
    """Gives a sample of a style."""
    path = current_app.config["BACKEND"].thumbnails.get(name)
    if not path:
        raise NotFound(f"No thumbnail of {name!r}.")
    return send_file(path, max_age=86400)


def _check_fields() -> None:
    if "image" not in request.files:
        raise ValueError("No picture was sent. Send one as the file image.")
    for name in (*request.form, *request.files):
        if name not in (*FIELDS, "image"):
            raise ValueError(f"No field {name!r} here. There are {', '.join(FIELDS)}.")


def _format() -> str | None:
    format = request.form.get("format") or None
    if format not in (None, *FORMATS):
        raise ValueError(f"format is {format!r}. Give one of {', '.join(FORMATS)}.")
    return format


def _number(field: str, default: float) -> float:
    value = request.form.get(field) or default
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{field} is {value!r}. Give a number.") from None


def _size() -> int:
    """The longer side to paint at, in px."""
    limit = current_app.config["LIMITS"].max_size
    size = _number("size", limit)
    if not (MIN_SIZE <= size <= limit and size == int(size)):
        raise ValueError(
            f"size is {size:g}. Give a whole number of px from {MIN_SIZE} to {limit}."
        )
    return int(size)
