"""What a browser needs to paint by itself: LiteRT.js and the model's file."""

from pathlib import Path

from flask import Blueprint, Response, current_app, request, send_file, url_for

from fast_style import stylizer

from . import errors, page

LITERT = page.FOLDER / "litert"  # made by scripts/vendor_litert

# Threads want memory that is shared, and a page isolated from other sites for it.
HEADERS = {
    "Content-Security-Policy": errors.HEADERS["Content-Security-Policy"]
    + "; script-src 'self' 'wasm-unsafe-eval'",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
}

blueprint = Blueprint("browser", __name__)


def describe() -> dict | None:
    """Tells where all is; None where LiteRT.js is not."""
    if not LITERT.is_dir():
        return None
    return {
        "module": url_for("page.file", name="js/browser/browser.js"),
        "model": url_for("browser.model"),
        "rows": list(current_app.config["BACKEND"].rows),
    }


@blueprint.get("/api/model")
def model() -> Response:
    """Gives the .tflite file; a browser asks each time whether it is the newest."""
    path = current_app.config["LIMITS"].model or stylizer.DEFAULT_MODEL
    # Flask takes a relative one from its own folder.
    return send_file(Path(path).resolve(), "application/octet-stream")


@blueprint.after_app_request
def _add_headers(response: Response) -> Response:
    if request.blueprint == page.blueprint.name and LITERT.is_dir():
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response
