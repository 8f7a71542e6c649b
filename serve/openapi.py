"""The description of the API for other people's tools, as OpenAPI 3.1."""

from typing import Any

from flask import Blueprint, current_app, request

from fast_style import MIN_SIZE, __version__, color, kinds, strokes, stylizer

from . import api, backends, browser, predicting, tensors
from .backends import Backend
from .config import Config

Schema = dict[str, Any]

blueprint = Blueprint("openapi", __name__)

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
    "additionalProperties": False,
}
_B64 = {
    "type": "object",
    "required": ["b64"],
    "properties": {"b64": {"type": "string", "contentEncoding": "base64"}},
    "additionalProperties": False,
}
_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_INTEGER = {"type": "integer"}
_FILE = {"type": "string", "format": "binary"}
_MEANINGS = {
    400: "The request is invalid; the text says why.",
    404: "Nothing has this name.",
    413: "The request or its pictures are too large.",
    415: "The request or its picture has an unknown format.",
    503: "The server is busy, or its backend unreachable. Try again after Retry-After.",
}
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
        "/api/pictures": {"post": _keep()},
        "/api/styles": {"get": _get("The styles, choices and limits.", _styles())},
        "/api/styles/{name}/thumbnail": {"get": _thumbnail(backend)},
        "/api/model": {
            "get": {
                "summary": "The network as a .tflite file.",
                "responses": _responses("application/octet-stream", _FILE),
            }
        },
        "/openapi.json": {"get": _get("This description.", {"type": "object"})},
    }


def _monitoring_paths() -> Schema:
    alive = _record({"status": {"const": "ok"}})
    ready = _record({"status": {"const": "ready"}})
    measurements = {
        "summary": "Measurements for Prometheus.",
        "responses": _responses("text/plain", _TEXT),
    }
    return {
        "/healthz": {"get": _get("Whether the process answers.", alive)},
        "/readyz": {"get": _get("Whether the server can paint.", ready, errors=(503,))},
        "/metrics": {"get": measurements},
    }


def _predict_paths(version: str, backend: Backend) -> Schema:
    model = f"/v1/models/{predicting.MODEL}{version}"
    status = _record({"model_version_status": {}})
    metadata = _record({"model_spec": {}, "metadata": {}})
    return {
        model: {"get": _get("TF Serving's model status.", status, errors=(503,))},
        f"{model}/metadata": {"get": _get("TF Serving's model metadata.", metadata)},
        f"{model}:predict": {"post": _predict(len(backend.rows))},
    }


def _stylize(backend: Backend, settings: Config) -> Schema:
    content = {f"image/{name}": {"schema": _FILE} for name in api.FORMATS}
    responses = _responses("image/png", _FILE, errors=(*_PAINTING_ERRORS, 404))
    responses["200"]["content"] = content
    form = {
        "type": "object",
        "oneOf": [{"required": ["image"]}, {"required": ["picture"]}],
        "properties": _form_fields(backend, settings),
        "additionalProperties": False,
    }
    return {
        "summary": "Stylize a picture.",
        "requestBody": _body("multipart/form-data", form),
        "responses": responses,
    }


def _keep() -> Schema:
    answer = _record({"picture": _TEXT})
    return {
        "summary": "Keep a picture's file in memory, to name it in several requests.",
        "requestBody": _body(api.KEPT_TYPE, {**_FILE, "minLength": 1}),
        "responses": _responses("application/json", answer, errors=(400, 413, 415)),
    }


def _form_fields(backend: Backend, settings: Config) -> Schema:
    return {
        "image": {
            **_FILE,
            "description": f"A picture file, one of {', '.join(kinds.MARKED)}, of at "
            f"least {MIN_SIZE} x {MIN_SIZE} px and at most {settings.max_pixels} "
            "megapixels.",
        },
        "picture": {
            **_TEXT,
            "pattern": "^[0-9a-f]{64}$",
            "description": "The answer of /api/pictures, in place of image. The "
            "server forgets a picture (404) when it needs the room for others.",
        },
        "styles": {
            **_TEXT,
            "description": "Weights by name, such as wave:0.6,scream:0.4.",
            "default": backend.styles[0],
        },
        "strength": {"type": "number", "minimum": 0, "maximum": 1, "default": 1},
        "fade": {**_TEXT, "enum": backend.fades, "default": backend.fade},
        "keep_color": {**_TEXT, "enum": list(color.KEEP_COLOR), "default": "none"},
        "stroke": {
            "oneOf": [
                {"type": "number", "minimum": 1, "maximum": strokes.LONGEST},
                {**_TEXT, "const": strokes.AUTO},
            ],
            "default": 1,
            "description": "Length of the strokes, in times of the network's own; "
            f"auto: as long against the picture as at {strokes.AUTO_SIZE} px.",
        },
        "size": {
            **_INTEGER,
            "minimum": MIN_SIZE,
            "maximum": settings.max_size,
            "default": settings.max_size,
            "description": "Longer side in px; a larger picture is reduced first.",
        },
        "format": {
            **_TEXT,
            "enum": list(api.FORMATS),
            "description": "Format of the result. Default: the picture's own.",
        },
    }


def _predict(rows: int) -> Schema:
    pixel = {**_INTEGER, "minimum": 0, "maximum": 255}
    picture = _list(_list(_list(pixel, 3, 3), MIN_SIZE), MIN_SIZE)
    weights = _list({"type": "number", "minimum": 0}, rows, rows)
    pictures = {"images": picture, "image_bytes": _B64}
    requests = []
    for signature, (key, weights_key) in tensors.INPUTS.items():
        name = {"signature_name": {"const": signature}}
        required = [] if signature == "serving_default" else ["signature_name"]
        row = _record({key: pictures[key], weights_key: weights})
        columns = _record({key: _list(pictures[key]), weights_key: _list(weights)})
        for field, value in (("instances", _list(row)), ("inputs", columns)):
            requests.append(
                {
                    "type": "object",
                    "required": [*required, field],
                    "properties": {**name, field: value},
                }
            )
    results = {"type": "array", "items": {"anyOf": [picture, _B64]}}
    answers = [_record({field: results}) for field in ("predictions", "outputs")]
    return {
        "summary": "TF Serving's predict.",
        "requestBody": _body("application/json", {"anyOf": requests}),
        "responses": _responses(
            "application/json", {"oneOf": answers}, errors=_PAINTING_ERRORS
        ),
    }


def _thumbnail(backend: Backend) -> Schema:
    name = {**_TEXT, "enum": list(backend.styles)}
    return {
        "summary": "A sample of a style.",
        "parameters": [
            {"name": "name", "in": "path", "required": True, "schema": name}
        ],
        "responses": _responses("image/jpeg", _FILE, errors=(404,)),
    }


def _styles() -> Schema:
    fields = dict.fromkeys((*api.STYLE_FIELDS, "thumbnail"), _TEXT_OR_NULL)
    fades = {**_TEXT, "enum": list(stylizer.FADES)}
    in_browser = _record(
        {
            "module": _TEXT,
            "model": _TEXT,
            "rows": _list(_TEXT),
            "photo_row": _TEXT_OR_NULL,
            "tiling": _record(
                dict.fromkeys(("border", "margin"), _list(_INTEGER, 2, 2))
                | dict.fromkeys(("stride", *browser.TILING), _INTEGER)
            ),
        }
    )
    return _record(
        {
            "styles": _list(_record({**fields, "name": _TEXT})),
            "fade": fades,
            "fades": _list(fades),
            "keep_color": _list(_TEXT),
            "stroke": _record(dict.fromkeys(api.STROKE, {"type": "number"})),
            "formats": _list(_TEXT),
            "model": _TEXT_OR_NULL,
            "min_size": _INTEGER,
            "max_size": _INTEGER,
            "max_upload": _INTEGER,
            "max_pixels": _INTEGER,
            "command": _record({"suffixes": _list(_TEXT)}),
            "browser": {"anyOf": [in_browser, {"type": "null"}]},
        }
    )


def _get(summary: str, schema: Schema, *, errors: tuple[int, ...] = ()) -> Schema:
    responses = _responses("application/json", schema, errors=errors)
    return {"summary": summary, "responses": responses}


def _responses(
    content_type: str, schema: Schema, *, errors: tuple[int, ...] = ()
) -> Schema:
    content = {content_type: {"schema": schema}}
    responses: Schema = {"200": {"description": "Done.", "content": content}}
    for status in errors:
        content = {"application/json": {"schema": _ERROR}}
        responses[str(status)] = {"description": _MEANINGS[status], "content": content}
    return responses


def _body(content_type: str, schema: Schema) -> Schema:
    return {"required": True, "content": {content_type: {"schema": schema}}}


def _record(properties: Schema) -> Schema:
    """Return the schema of an object with all of these properties and no others."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: Schema, least: int = 1, most: int | None = None) -> Schema:
    schema = {"type": "array", "items": items, "minItems": least}
    return schema if most is None else {**schema, "maxItems": most}
