"""The description of the API for other people's tools, as OpenAPI 3.1."""

from flask import Blueprint, current_app, request

from fast_style import __version__

from .. import backends
from ..schemas import TEXT, Schema, get, record, responses
from . import jobs, painting, predicting

blueprint = Blueprint("openapi", __name__)
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
            **painting.paths(backend, settings),
            **(jobs.paths() if "JOBS" in current_app.config else {}),
            **_monitoring_paths(),
            **predicting.paths("", backend),
            **predicting.paths(_VERSION, backend),
        },
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
