"""The page: its files, as they lie in serve/page."""

import mimetypes
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

FOLDER = Path(__file__).parent / "page"

# Some systems' own tables say text/plain, and a browser then refuses a module.
mimetypes.add_type("text/javascript", ".js")

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def index() -> Response:
    """Gives the page."""
    return send_from_directory(FOLDER, "index.html")


@blueprint.get("/page/<path:name>")
def file(name: str) -> Response:
    """Gives a file of the page; a browser asks each time whether it is the newest."""
    return send_from_directory(FOLDER, name)
