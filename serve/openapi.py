"""The description of the API for other people's tools, as OpenAPI 3.1."""

import re

from flask import Blueprint, current_app, request

from fast_style import MIN_SIZE, __version__, color, kinds, strokes, stylizer

from . import api, backends, browser, predicting, tensors
from .backends import Backend
from .config import Config
from .schemas import (
    B64,
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

blueprint = Blueprint("openapi", __name__)

_PAINTING_ERRORS = (400, 413, 415, 503)
_VERSION = f"/versions/{backends.VERSION}"


@blueprint.get("/openapi.json")
def openapi() -> Schema:
    """Return the description of this application."""
    backend, settings = current_app.config["BACKEND"], current_app.config["SETTINGS"]
    return {
        "openapi": "3.1.0",
        "info": {"title": "fast_style", "version": __version__},
        "servers": [{"url": request.script_root or "/"}],
        "paths": {
            **_page_paths(backend, settings),
            **_monitoring_paths(),
            **_predict_paths("", backend),
            **_predict_paths(_VERSION, backend),
        },
    }


def _page_paths(backend: Backend, settings: Config) -> Schema:
    return {
        "/api/stylize": {"post": _stylize(backend, settings)},
        "/api/looks": {"post": _looks(backend, settings)},
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


def _monitoring_paths() -> Schema:
    alive = record({"status": {"const": "ok"}})
    ready = record({"status": {"const": "ready"}})
    measurements = {
        "summary": "Measurements for Prometheus.",
        "responses": responses("text/plain", TEXT),
    }
    return {
        "/healthz": {"get": get("Whether the process answers.", alive)},
        "/readyz": {"get": get("Whether the server can paint.", ready, errors=(503,))},
        "/metrics": {"get": measurements},
    }


def _predict_paths(version: str, backend: Backend) -> Schema:
    model = f"/v1/models/{predicting.MODEL}{version}"
    status = record({"model_version_status": {}})
    metadata = record({"model_spec": {}, "metadata": {}})
    return {
        model: {"get": get("TF Serving's model status.", status, errors=(503,))},
        f"{model}/metadata": {"get": get("TF Serving's model metadata.", metadata)},
        f"{model}:predict": {"post": _predict(len(backend.rows))},
    }


def _stylize(backend: Backend, settings: Config) -> Schema:
    content = {f"image/{name}": {"schema": FILE} for name in api.FORMATS}
    answers = responses("image/png", FILE, errors=(*_PAINTING_ERRORS, 404))
    answers["200"]["content"] = content
    return {
        "summary": "Stylize a picture.",
        "requestBody": _form(_form_fields(backend, settings)),
        "responses": answers,
    }


def _looks(backend: Backend, settings: Config) -> Schema:
    fields = _form_fields(backend, settings)
    limit = min(api.LARGEST_LOOK, settings.max_size)
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
            "default": min(api.LOOKS_SIZE, limit),
            "description": "Longer side in px.",
        },
    }
    kept = ("image", *api.LOOKS_FIELDS)
    return {
        "summary": "Paint a picture small in several styles, one below the other.",
        "requestBody": _form({name: fields[name] for name in kept}),
        "responses": responses("image/jpeg", FILE, errors=(*_PAINTING_ERRORS, 404)),
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


def _keep() -> Schema:
    answer = record({"picture": TEXT})
    return {
        "summary": "Keep a picture's file in memory, to name it in several requests.",
        "requestBody": body(api.KEPT_TYPE, {**FILE, "minLength": 1}),
        "responses": responses("application/json", answer, errors=(400, 413, 415)),
    }


def _form_fields(backend: Backend, settings: Config) -> Schema:
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
        "size": {
            **INTEGER,
            "minimum": MIN_SIZE,
            "maximum": settings.max_size,
            "default": settings.max_size,
            "description": "Longer side in px; a larger picture is reduced first.",
        },
        "format": {
            **TEXT,
            "enum": list(api.FORMATS),
            "description": "Format of the result. Default: the picture's own.",
        },
    }


def _predict(rows: int) -> Schema:
    pixel = {**INTEGER, "minimum": 0, "maximum": 255}
    picture = array(array(array(pixel, 3, 3), MIN_SIZE), MIN_SIZE)
    weights = array({"type": "number", "minimum": 0}, rows, rows)
    pictures = {"images": picture, "image_bytes": B64}
    requests = []
    for signature, (key, weights_key) in tensors.INPUTS.items():
        name = {"signature_name": {"const": signature}}
        required = [] if signature == "serving_default" else ["signature_name"]
        row = record({key: pictures[key], weights_key: weights})
        columns = record({key: array(pictures[key]), weights_key: array(weights)})
        for field, value in (("instances", array(row)), ("inputs", columns)):
            requests.append(
                {
                    "type": "object",
                    "required": [*required, field],
                    "properties": {**name, field: value},
                }
            )
    results = {"type": "array", "items": {"anyOf": [picture, B64]}}
    answers = [record({field: results}) for field in ("predictions", "outputs")]
    return {
        "summary": "TF Serving's predict.",
        "requestBody": body("application/json", {"anyOf": requests}),
        "responses": responses(
            "application/json", {"oneOf": answers}, errors=_PAINTING_ERRORS
        ),
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
            "model": TEXT_OR_NULL,
            "min_size": INTEGER,
            "max_size": INTEGER,
            "max_upload": INTEGER,
            "max_pixels": INTEGER,
            "command": record({"suffixes": array(TEXT)}),
            "browser": {"anyOf": [in_browser, {"type": "null"}]},
        }
    )
