"""Parts of an OpenAPI description: schemas, bodies and responses."""

from typing import Any

Schema = dict[str, Any]

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
    "additionalProperties": False,
}
B64 = {
    "type": "object",
    "required": ["b64"],
    "properties": {"b64": {"type": "string", "contentEncoding": "base64"}},
    "additionalProperties": False,
}
TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
INTEGER = {"type": "integer"}
FILE = {"type": "string", "format": "binary"}
_MEANINGS = {
    400: "The request is invalid; the text says why.",
    401: "The token is missing or wrong.",
    403: "The request comes by a foreign name.",
    404: "Nothing has this name.",
    409: "It is too late for this, or it is done already.",
    413: "The request or its pictures are too large.",
    415: "The request or its picture has an unknown format.",
    503: "The server is busy, or its backend unreachable. Try again after Retry-After.",
}


def get(summary: str, schema: Schema, *, errors: tuple[int, ...] = ()) -> Schema:
    """Return the description of a request that is answered by JSON."""
    answers = responses("application/json", schema, errors=errors)
    return {"summary": summary, "responses": answers}


def responses(
    content_type: str, schema: Schema, *, errors: tuple[int, ...] = ()
) -> Schema:
    """Return the answers of a request, with those of its errors by status."""
    content = {content_type: {"schema": schema}}
    answers: Schema = {"200": {"description": "Done.", "content": content}}
    for status in errors:
        content = {"application/json": {"schema": _ERROR}}
        answers[str(status)] = {"description": _MEANINGS[status], "content": content}
    return answers


def body(content_type: str, schema: Schema) -> Schema:
    """Return the description of a request's body."""
    return {"required": True, "content": {content_type: {"schema": schema}}}


def record(properties: Schema) -> Schema:
    """Return the schema of an object with all of these properties and no others."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def array(items: Schema, least: int = 1, most: int | None = None) -> Schema:
    """Return the schema of a list with at least and at most so many items."""
    schema = {"type": "array", "items": items, "minItems": least}
    return schema if most is None else {**schema, "maxItems": most}
