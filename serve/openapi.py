"""The description of what is served, for people's tools; OpenAPI 3.1."""

from flask import Blueprint, current_app

from fast_style import MIN_SIZE, __version__, color, stylizer

from . import api, backends, predicting, tensors

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
_TEXT_OR_NULL = {"type": ["string", "null"]}
_MEANINGS = {
    400: "Something in the request is wrong; the text says what.",
    404: "There is no such thing.",
    413: "The request or its pictures are too large.",
    415: "The request or its picture is of no known kind.",
    503: "Too much to do, or the backend is away. Try again after Retry-After.",
}
_VERSION = f"/versions/{backends.VERSION}"


@blueprint.get("/openapi.json")
def openapi() -> dict:
    """Gives the description."""
    return describe(current_app.config)


def describe(config: dict) -> dict:
    """Describes what an application of this configuration serves."""
    backend, limits = config["BACKEND"], config["LIMITS"]
    model = f"/v1/models/{predicting.MODEL}"
    paths = {
        "/api/stylize": {"post": _stylize(backend, limits)},
        "/api/styles": {"get": _get("The styles.", _styles())},
        "/api/styles/{name}/thumbnail": {"get": _thumbnail(backend)},
        "/api/model": {"get": _model()},
        "/healthz": {"get": _get("Whether the process answers.", _state("ok"))},
        "/readyz": {
            "get": _get("Whether it can paint.", _state("ready"), errors=(503,))
        },
        "/metrics": {
            "get": {
                "summary": "Measurements for Prometheus.",
                "responses": _responses("text/plain", {"type": "string"}),
            }
        },
        "/openapi.json": {"get": _get("This.", {"type": "object"})},
    }
    for version in ("", _VERSION):
        paths |= {
            f"{model}{version}": {
                "get": _get(
                    "TF Serving's model status.",
                    _object("model_version_status"),
                    errors=(503,),
                )
            },
            f"{model}{version}/metadata": {
                "get": _get(
                    "TF Serving's model metadata.", _object("model_spec", "metadata")
                )
            },
            f"{model}{version}:predict": {"post": _predict(len(backend.rows))},
        }
    info = {"title": "fast_style", "version": __version__}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


def _stylize(backend, limits) -> dict:
    fields = {
        "image": {
            "type": "string",
            "format": "binary",
            "description": "JPEG, PNG, WebP, TIFF, BMP or GIF, of at least "
            f"{MIN_SIZE} x {MIN_SIZE} px and at most {limits.max_pixels} megapixels.",
        },
        "styles": {
            "type": "string",
            "description": "Weights by name, like wave:0.6,scream:0.4.",
            "default": backend.styles[0],
        },
        "strength": {"type": "number", "minimum": 0, "maximum": 1, "default": 1},
        "fade": {
            "type": "string",
            "enum": [f for f in stylizer.FADES if f in (backend.fade, "pixels")],
            "default": backend.fade,
        },
        "keep_color": {
            "type": "string",
            "enum": list(color.KEEP_COLOR),
            "default": "none",
        },
        "size": {
            "type": "integer",
            "minimum": MIN_SIZE,
            "maximum": limits.max_size,
            "default": limits.max_size,
            "description": "px; a longer side is made smaller first.",
        },
        "format": {
            "type": "string",
            "enum": list(api.FORMATS),
            "description": "Left out, it is the picture's own.",
        },
    }
    form = {
        "type": "object",
        "required": ["image"],
        "properties": fields,
        "additionalProperties": False,
    }
    picture = {"schema": {"type": "string", "format": "binary"}}
    responses = _responses("image/png", {}, errors=(400, 413, 415, 503))
    responses["200"]["content"] = {f"image/{name}": picture for name in api.FORMATS}
    return {
        "summary": "Paints a picture.",
        "requestBody": _body("multipart/form-data", form),
        "responses": responses,
    }


def _predict(rows: int) -> dict:
    pixel = {"type": "integer", "minimum": 0, "maximum": 255}
    picture = _list(_list(_list(pixel, 3, 3), MIN_SIZE), MIN_SIZE)
    weights = _list({"type": "number", "minimum": 0}, rows, rows)
    inputs = {"images": picture, "image_bytes": _B64}
    variants = []
    for name, (key, other) in tensors.INPUTS.items():
        row = {key: inputs[key], other: weights}
        column = {key: _list(inputs[key]), other: _list(weights)}
        signature = {"signature_name": {"const": name}}
        required = [] if name == "serving_default" else ["signature_name"]
        for field, value in (
            ("instances", _list(_record(row))),
            ("inputs", _record(column)),
        ):
            properties = signature | {field: value}
            variants.append(
                {
                    "type": "object",
                    "required": [*required, field],
                    "properties": properties,
                }
            )
    outputs = {"type": "array", "items": {"anyOf": [picture, _B64]}}
    answer = {
        "oneOf": [_object(predictions=outputs), _object(outputs=outputs)],
    }
    errors = (400, 413, 415, 503)
    return {
        "summary": "TF Serving's predict.",
        "requestBody": _body("application/json", {"anyOf": variants}),
        "responses": _responses("application/json", answer, errors=errors),
    }


def _thumbnail(backend) -> dict:
    name = {"type": "string", "enum": list(backend.styles)}
    parameter = {"name": "name", "in": "path", "required": True, "schema": name}
    content = {"type": "string", "format": "binary"}
    return {
        "summary": "A sample of a style.",
        "parameters": [parameter],
        "responses": _responses("image/jpeg", content, errors=(404,)),
    }


def _model() -> dict:
    content = {"type": "string", "format": "binary"}
    responses = _responses("application/octet-stream", content)
    return {"summary": "The network as a .tflite file.", "responses": responses}


def _styles() -> dict:
    fields = ("title", "artist", "year", "credit", "thumbnail")
    style = _record({"name": {"type": "string"}} | dict.fromkeys(fields, _TEXT_OR_NULL))
    return _object(
        styles=_list(style),
        fade={"enum": list(stylizer.FADES)},
        model=_TEXT_OR_NULL,
        max_size={"type": "integer"},
        max_upload={"type": "integer"},
        max_pixels={"type": "integer"},
        browser={"anyOf": [_object("module", "model", "rows"), {"type": "null"}]},
    )


def _get(summary: str, schema: dict, *, errors: tuple[int, ...] = ()) -> dict:
    responses = _responses("application/json", schema, errors=errors)
    return {"summary": summary, "responses": responses}


def _responses(kind: str, schema: dict, *, errors: tuple[int, ...] = ()) -> dict:
    found = {"200": {"description": "Done.", "content": {kind: {"schema": schema}}}}
    for status in errors:
        content = {"application/json": {"schema": _ERROR}}
        found[str(status)] = {"description": _MEANINGS[status], "content": content}
    return found


def _body(kind: str, schema: dict) -> dict:
    return {"required": True, "content": {kind: {"schema": schema}}}


def _state(word: str) -> dict:
    return _object(status={"const": word})


def _object(*names: str, **properties: dict) -> dict:
    return _record(dict.fromkeys(names, {}) | properties)


def _record(properties: dict) -> dict:
    """An object that has all of these."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _list(items: dict, least: int = 1, most: int | None = None) -> dict:
    found = {"type": "array", "items": items, "minItems": least}
    return found if most is None else found | {"maxItems": most}
