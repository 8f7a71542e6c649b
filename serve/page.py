"""The page: the files of serve/page."""

import mimetypes
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

FOLDER = Path(__file__).parent / "page"

# Some systems' own tables say text/plain, and a browser then refuses a module.
mimetypes.add_type("text/javascript", ".js")

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def index() -> Response:
    """Return the page."""
    return send_from_directory(FOLDER, "index.html")


@blueprint.get("/page/<path:name>")
def file(name: str) -> Response:
    """Return a file of the page; browsers keep it and ask whether it has changed."""
    return send_from_directory(FOLDER, name)
