"""The server: `python -m serve`, or create_app() under another WSGI server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .config import Config

if TYPE_CHECKING:
    from flask import Flask


def create_app(
    config: Config | None = None,
    *,
    trusted: bool = False,
    program: Sequence[str] | None = None,
) -> Flask:
    """Return the WSGI application with its model loaded.

    Args:
        config: Settings of the server; None is the defaults.
        trusted: Whether only this computer can ask for jobs, which then need no token.
        program: What runs the jobs in place of fast-style; None is fast-style.

    Raises:
        OSError: The model cannot be opened, or what the jobs need is not there.
        ValueError: The model or the backend's address is invalid.
        ImportError: The extra [serve] is not installed.
    """
    # Imported here so that the command can name the extra where Flask is missing.
    from flask import Flask

    from . import (
        api,
        backends,
        browser,
        errors,
        hosts,
        monitoring,
        offline,
        openapi,
        page,
        pictures,
        predicting,
        requests,
    )
    from .jobs import process, setup, store

    config = config or Config()
    setup.check(config)
    jobs = store.Store(config.jobs_folder) if config.jobs_folder else None
    if jobs:
        models = setup.open_models(config, jobs)
        config = replace(config, model=models.model)
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False  # no path has a second spelling
    app.request_class = requests.MemoryRequest
    max_upload = config.max_upload * 1_000_000
    app.config.update(
        BACKEND=backends.create(config),
        SETTINGS=config,
        PAGE=page.FOLDER,
        LITERT=browser.LITERT,
        PICTURES=pictures.Pictures(max(pictures.KEPT_BYTES, max_upload)),
        PROGRESS={},
        MAX_CONTENT_LENGTH=max_upload,
        MAX_FORM_PARTS=20,
    )
    errors.init_app(app)
    monitoring.init_app(app)
    hosts.init_app(app)
    for module in (page, predicting, api, browser, offline, monitoring, openapi):
        app.register_blueprint(module.blueprint)
    if jobs:
        program = process.PROGRAM if program is None else program
        setup.init_app(app, jobs, models, trusted=trusted, program=program)
    return app
