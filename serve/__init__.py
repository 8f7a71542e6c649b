"""The server: `python -m serve`, or create_app() under a WSGI server of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .config import Config

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Config | None = None) -> Flask:
    """Makes the application, its network loaded.

    Raises:
        OSError, ValueError: the model cannot be read.
        ImportError: the extra [serve] is not installed.
    """
    # Here, so that --help works and a missing extra is told in a line.
    from flask import Flask

    from . import (
        api,
        backends,
        browser,
        errors,
        monitoring,
        openapi,
        page,
        predicting,
        requests,
    )

    config = config or Config()
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # a path has one name, or none
    app.request_class = requests.MemoryRequest
    app.config.update(
        BACKEND=backends.create(config),
        LIMITS=config,
        MAX_CONTENT_LENGTH=config.max_upload * 1_000_000,
        MAX_FORM_PARTS=20,
    )
    errors.init_app(app)
    monitoring.init_app(app)
    for module in (page, predicting, api, browser, monitoring, openapi):
        app.register_blueprint(module.blueprint)
    return app
