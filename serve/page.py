"""The page: the files of serve/page."""

import mimetypes
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    current_app,
    render_template_string,
    request,
    send_from_directory,
)

from fast_style import gallery

FOLDER = Path(__file__).parent / "page"

# Some systems' own tables say text/plain, and a browser then refuses a module.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def index() -> Response:
    """Return the page, put together from its parts; browsers ask as for a file."""
    names = ("index.html", "dialogs.html")
    index, dialogs = (
        (current_app.config["PAGE"] / name).read_text("utf-8") for name in names
    )
    html = render_template_string(index, dialogs=dialogs)
    response = Response(html, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/page/<path:name>")
def file(name: str) -> Response:
    """Return a file of the page; browsers keep it and ask whether it has changed."""
    is_sample = name == gallery.SAMPLE.name
    folder = gallery.SAMPLE.parent if is_sample else current_app.config["PAGE"]
    return send_from_directory(folder, name)
