"""The API of the page: a form with a picture in, a stylized picture out."""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from flask import Blueprint, Response, current_app, request, send_file, url_for
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from fast_style import MIN_SIZE, color, images, profiles, strokes
from fast_style.stylizer import DEFAULT_MODEL

from . import browser, forms
from .forms import FIELDS, FORMATS, LARGEST_LOOK, LOOKS_FIELDS, LOOKS_SIZE, SHOWN
from .jobs import about
from .requests import check_area, lend_stylizer, read_picture

LOOKS_QUALITY = 78
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
    forms.check_type()
    with lend_stylizer() as stylizer:
        forms.check_names(FIELDS)
        # Wrong settings are refused before the picture is decoded.
        format_name, options = forms.read_format(), forms.read_options(stylizer)
        limit, dpi = current_app.config["SETTINGS"].max_size, forms.read_dpi()
        size = forms.read_size(limit, limit)
        picture = read_picture(forms.find_picture(), max_size=size)
        check_area([picture.pixels])
        start = time.perf_counter()
        with forms.telling() as progress:
            stylizer.stylize_in_place(
                picture.pixels, progress=progress, icc=picture.icc, **options
            )
        seconds = time.perf_counter() - start
        format_name = format_name or forms.format_of(picture)
        file = images.encode(picture, format=FORMATS[format_name], dpi=dpi)
    response = Response(file, mimetype=f"image/{format_name}")
    response.headers["Server-Timing"] = f"paint;dur={1000 * seconds:.1f}"
    return response


@blueprint.post("/looks")
def looks() -> Response:
    """Paint the form's picture small in several styles, each alone.

    The answer is one JPEG file with the paintings below each other, all of one size and
    in the order in which the form names their styles.
    """
    forms.check_type()
    with lend_stylizer() as stylizer:
        forms.check_names(LOOKS_FIELDS)
        names = forms.read_names(stylizer)
        limit = min(LARGEST_LOOK, current_app.config["SETTINGS"].max_size)
        size = forms.read_size(min(LOOKS_SIZE, limit), limit)
        picture = read_picture(forms.find_picture(), max_size=size)
        photo = profiles.in_srgb(picture.pixels, picture.icc)
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


@blueprint.get("/progress/<ticket>")
def progress(ticket: str) -> dict[str, int]:
    """Return how many parts of a picture are painted that was sent with a ticket."""
    told = current_app.config["PROGRESS"].get(ticket)
    if told is None:
        raise NotFound("Nothing is painted under this ticket.")
    return dict(zip(("done", "of"), told, strict=True))


@blueprint.get("/styles")
def styles() -> dict[str, Any]:
    """List the styles, the choices of each setting, and the limits."""
    backend = current_app.config["BACKEND"]
    settings = current_app.config["SETTINGS"]
    embedded = backend.model == os.fspath(DEFAULT_MODEL)
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
        "formats": list(SHOWN),
        "file_formats": list(FORMATS),
        # Only the file's name: where it lies is nobody's business.
        "model": None if embedded else Path(backend.model).name,
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
        "jobs": about.describe(),
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
