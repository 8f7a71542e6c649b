"""The routes of the page, described."""

import re

from fast_style import MIN_SIZE, color, kinds, strokes, stylizer

from .. import api, browser, forms
from ..backends import Backend
from ..config import Config
from ..schemas import (
    FILE,
    INTEGER,
    TEXT,
    TEXT_OR_NULL,
    Schema,
    array,
    body,
    get,
    record,
    responses,
)

PAINTING_ERRORS = (400, 413, 415, 503)


def paths(backend: Backend, settings: Config) -> Schema:
    """Return the page's routes."""
    return {
        "/api/stylize": {"post": _stylize(backend, settings)},
        "/api/looks": {"post": _looks(backend, settings)},
        "/api/progress/{ticket}": {"get": _progress()},
        "/api/pictures": {"post": _keep()},
        "/api/styles": {"get": get("The styles, choices and limits.", _styles())},
        "/api/styles/{name}/thumbnail": {"get": _picture_of(backend, "A sample")},
        "/api/styles/{name}/painting": {"get": _picture_of(backend, "The painting")},
        "/api/model": {
            "get": {
                "summary": "The network as a .tflite file.",
                "responses": responses("application/octet-stream", FILE),
            }
        },
        "/openapi.json": {"get": get("This description.", {"type": "object"})},
    }


def _stylize(backend: Backend, settings: Config) -> Schema:
    content = {f"image/{name}": {"schema": FILE} for name in forms.FORMATS}
    answers = responses("image/png", FILE, errors=(*PAINTING_ERRORS, 404))
    answers["200"]["content"] = content
    return {
        "summary": "Stylize a picture.",
        "requestBody": _form(_form_fields(backend, settings)),
        "responses": answers,
    }


def _looks(backend: Backend, settings: Config) -> Schema:
    fields = _form_fields(backend, settings)
    limit = min(forms.LARGEST_LOOK, settings.max_size)
    names = "|".join(map(re.escape, backend.styles))
    fields |= {
        "styles": {
            **TEXT,
            "pattern": f"^({names})(,({names}))*$",
            "description": "Names of styles, each once. Default: all.",
        },
        "size": {
            **INTEGER,
            "minimum": MIN_SIZE,
            "maximum": limit,
            "default": min(forms.LOOKS_SIZE, limit),
            "description": "Longer side in px.",
        },
    }
    kept = ("image", *forms.LOOKS_FIELDS)
    return {
        "summary": "Paint a picture small in several styles, one below the other.",
        "requestBody": _form({name: fields[name] for name in kept}),
        "responses": responses("image/jpeg", FILE, errors=(*PAINTING_ERRORS, 404)),
    }


def _form(fields: Schema) -> Schema:
    """Return the body of a form with a picture's file or its name."""
    form = {
        "type": "object",
        "oneOf": [{"required": ["image"]}, {"required": ["picture"]}],
        "properties": fields,
        "additionalProperties": False,
    }
    return body("multipart/form-data", form)


def _progress() -> Schema:
    told = record({"done": INTEGER, "of": INTEGER})
    summary = "How many parts of a picture are painted that was sent with a ticket."
    ticket = {**TEXT, "pattern": f"^{forms.TICKET.pattern}$"}
    return {
        **get(summary, told, errors=(404,)),
        "parameters": [
            {"name": "ticket", "in": "path", "required": True, "schema": ticket}
        ],
    }


def _keep() -> Schema:
    answer = record({"picture": TEXT})
    return {
        "summary": "Keep a picture's file in memory, to name it in several requests.",
        "requestBody": body(api.KEPT_TYPE, {**FILE, "minLength": 1}),
        "responses": responses("application/json", answer, errors=(400, 413, 415)),
    }


def _form_fields(backend: Backend, settings: Config) -> Schema:
    return {**_picture_fields(settings), **_setting_fields(backend), **_file_fields()}


def _picture_fields(settings: Config) -> Schema:
    return {
        "image": {
            **FILE,
            "description": f"A picture file, one of {', '.join(kinds.MARKED)}, of at "
            f"least {MIN_SIZE} x {MIN_SIZE} px and at most {settings.max_pixels} "
            "megapixels.",
        },
        "picture": {
            **TEXT,
            "pattern": "^[0-9a-f]{64}$",
            "description": "The answer of /api/pictures, in place of image. The "
            "server forgets a picture (404) when it needs the room for others.",
        },
        "size": {
            **INTEGER,
            "minimum": MIN_SIZE,
            "maximum": settings.max_size,
            "default": settings.max_size,
            "description": "Longer side in px; a larger picture is reduced first.",
        },
    }


def _setting_fields(backend: Backend) -> Schema:
    return {
        "styles": {
            **TEXT,
            "description": "Weights by name, such as wave:0.6,scream:0.4.",
            "default": backend.styles[0],
        },
        "strength": {"type": "number", "minimum": 0, "maximum": 1, "default": 1},
        "fade": {**TEXT, "enum": backend.fades, "default": backend.fade},
        "keep_color": {**TEXT, "enum": list(color.KEEP_COLOR), "default": "none"},
        "stroke": {
            "oneOf": [
                {"type": "number", "minimum": 1, "maximum": strokes.LONGEST},
                {**TEXT, "const": strokes.AUTO},
            ],
            "default": 1,
            "description": "Length of the strokes, in times of the network's own; "
            f"auto: as long against the picture as at {strokes.AUTO_SIZE} px.",
        },
        "painting": {
            "description": "A picture to paint like, in place of styles: a file, or "
            "the answer of /api/pictures. The model must have the gallery's styles.",
        },
    }


def _file_fields() -> Schema:
    return {
        "format": {
            **TEXT,
            "enum": list(forms.FORMATS),
            "description": "Format of the result. Default: the picture's own, or PNG "
            "where browsers do not show it.",
        },
        "dpi": {
            "type": "number",
            "minimum": 1,
            "maximum": forms.MOST_DPI,
            "description": "Dots an inch that the file tells printers.",
        },
        "ticket": {
            **TEXT,
            "pattern": f"^{forms.TICKET.pattern}$",
            "description": "Random digits, by which /api/progress tells how far it is.",
        },
    }


def _picture_of(backend: Backend, what: str) -> Schema:
    name = {**TEXT, "enum": list(backend.styles)}
    return {
        "summary": f"{what} of a style, as a small picture.",
        "parameters": [
            {"name": "name", "in": "path", "required": True, "schema": name}
        ],
        "responses": responses("image/jpeg", FILE, errors=(404,)),
    }


def _styles() -> Schema:
    fields = dict.fromkeys((*api.STYLE_FIELDS, "thumbnail", "painting"), TEXT_OR_NULL)
    fades = {**TEXT, "enum": list(stylizer.FADES)}
    in_browser = record(
        {
            "module": TEXT,
            "model": TEXT,
            "rows": array(TEXT),
            "photo_row": TEXT_OR_NULL,
            "tiling": record(
                dict.fromkeys(("border", "margin"), array(INTEGER, 2, 2))
                | dict.fromkeys(("stride", *browser.TILING), INTEGER)
            ),
        }
    )
    return record(
        {
            "styles": array(record({**fields, "name": TEXT})),
            "fade": fades,
            "fades": array(fades),
            "keep_color": array(TEXT),
            "stroke": record(dict.fromkeys(api.STROKE, {"type": "number"})),
            "formats": array(TEXT),
            "file_formats": array(TEXT),
            "model": TEXT_OR_NULL,
            "min_size": INTEGER,
            "max_size": INTEGER,
            "max_upload": INTEGER,
            "max_pixels": INTEGER,
            "command": record({"suffixes": array(TEXT)}),
            "browser": {"anyOf": [in_browser, {"type": "null"}]},
            "jobs": {"anyOf": [_jobs(), {"type": "null"}]},
        }
    )


def _jobs() -> Schema:
    lists = dict.fromkeys(("kinds", "brushes", "strengths"), array(TEXT))
    flags = dict.fromkeys(("entered", "films"), {"type": "boolean"})
    limits = dict.fromkeys(("upload", "minutes"), {"type": "number"})
    return record(lists | flags | limits)
