"""The routes of jobs, described."""

from typing import Any

from ..jobs import routes, store
from ..schemas import (
    FILE,
    INTEGER,
    TEXT,
    TEXT_OR_NULL,
    Schema,
    array,
    body,
    record,
    responses,
)

_ACCESS = (401, 403)
_NUMBER = {"type": "number"}
_OBJECT = {"type": "object"}


def _parameter(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}


_NUMBERED = _parameter("number", {**INTEGER, "minimum": 0})


def paths() -> Schema:
    """Return the routes of jobs."""
    one, listed = _job(), record({"jobs": array(_job(), 0)})
    removed = record({"removed": {"const": True}})
    return {
        "/api/jobs": {
            "get": _route("All jobs, the newest first.", listed),
            "post": _ask(one),
        },
        "/api/jobs/session": {"post": _enter()},
        "/api/jobs/{id}": {
            "get": _of_job("How far a job is.", one, 404),
            "delete": _of_job("Remove a job that has ended.", removed, 404, 409),
        },
        "/api/jobs/{id}/files/{number}": {
            "put": _send(one),
            "get": _file(
                "A file that was sent.", "application/octet-stream", _NUMBERED
            ),
        },
        "/api/jobs/{id}/cancel": {
            "post": _of_job("End a job; its files go.", one, 404, 409)
        },
        "/api/jobs/{id}/sample": {
            "get": _file("A photograph as a training paints it now.", "image/jpeg")
        },
        "/api/jobs/{id}/result": {
            "get": _file("What a job has made.", "application/octet-stream")
        },
    }


def _ask(job: Schema) -> Schema:
    file = {
        **_OBJECT,
        "required": ["name", "size"],
        "properties": {
            "name": TEXT,
            "size": {**INTEGER, "minimum": 1},
            "picture": {
                **TEXT,
                "description": "The answer of /api/pictures, if it keeps the file.",
            },
        },
    }
    asked = {
        **_OBJECT,
        "required": ["kind", "files"],
        "properties": {
            "kind": {**TEXT, "enum": ["painting", "sheet", routes.TRAINING]},
            "files": array(file, 1, 1000),
            "settings": {
                **_OBJECT,
                "description": "Of a painting and a sheet: styles, strength, fade, "
                "keep_color, stroke, size, format as of /api/stylize. Of a training: "
                "name, brush, strength.",
            },
        },
        "additionalProperties": False,
    }
    route = _route("Ask for a job; send its files afterwards.", job, 400, 413, 415, 503)
    answers = route["responses"]
    answers["201"] = answers.pop("200")
    return {**route, "requestBody": body("application/json", asked)}


def _enter() -> Schema:
    asked = record({"token": TEXT})
    answer = record({"entered": {"const": True}})
    return {
        "summary": "Let this browser remember the token, in a cookie.",
        "requestBody": body("application/json", asked),
        "responses": responses("application/json", answer, errors=(400, 401, 415)),
    }


def _send(job: Schema) -> Schema:
    offset = {**INTEGER, "minimum": 0, "default": 0}
    return {
        **_route("Send a part of a file.", job, 400, 404, 409, 413, 415),
        "parameters": [
            _parameter("id", TEXT),
            _NUMBERED,
            {"name": "offset", "in": "query", "schema": offset},
        ],
        "requestBody": body(routes.BYTES_TYPE, FILE),
    }


def _file(summary: str, content_type: str, *parameters: Schema) -> Schema:
    return {
        "summary": summary,
        "parameters": [_parameter("id", TEXT), *parameters],
        "responses": responses(content_type, FILE, errors=(*_ACCESS, 404)),
    }


def _of_job(summary: str, schema: Schema, *errors: int) -> Schema:
    route = _route(summary, schema, *errors)
    return {**route, "parameters": [_parameter("id", TEXT)]}


def _route(summary: str, schema: Schema, *errors: int) -> Schema:
    answers = responses("application/json", schema, errors=(*_ACCESS, *errors))
    return {"summary": summary, "responses": answers}


def _job() -> Schema:
    progress: dict[str, Any] = {
        "phase": {**TEXT, "enum": ["starting", "training", "proving", "painting"]},
        "done": _NUMBER,
        "of": _NUMBER,
        "unit": TEXT,
        "seconds_left": {"type": ["number", "null"]},
    }
    file = record({"name": TEXT, "size": INTEGER, "received": INTEGER})
    return record(
        {
            "id": TEXT,
            "kind": TEXT,
            "state": {**TEXT, "enum": [*store.OPEN, *store.ENDED]},
            "reason": TEXT_OR_NULL,
            "settings": _OBJECT,
            "files": array(file),
            "created": _NUMBER,
            "changed": _NUMBER,
            "progress": {"anyOf": [record(progress), {"type": "null"}]},
            "result": {"type": ["integer", "null"]},
        }
    )
