"""What a browser needs to paint by itself: LiteRT.js and the model's file."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request, send_file, url_for

from fast_style import PHOTO, tiling

from . import errors, page

LITERT = page.FOLDER / "litert"  # made by scripts/vendor_litert

# LiteRT.js is WebAssembly. Its threads share memory, which browsers give only to pages
# that are isolated from other sites.
HEADERS = {
    "Content-Security-Policy": errors.HEADERS["Content-Security-Policy"]
    + "; script-src 'self' 'wasm-unsafe-eval'",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# How a page paints large pictures, beside the network's geometry. A browser has less
# memory than a server: there a whole picture takes some 150 bytes a pixel.
TILING = {
    "largest_whole": 1_000_000,  # px
    "batches": tiling.BATCHES,
    "windows": tiling.WINDOWS,
    "window": tiling.WINDOW,
    "tile": tiling.TILE,
    "overlap": tiling.OVERLAP,
}

blueprint = Blueprint("browser", __name__)


def describe() -> dict[str, Any] | None:
    """Return where the page finds the parts; None where LiteRT.js is not installed."""
    if not _has_litert():
        return None
    rows = current_app.config["BACKEND"].rows
    return {
        "module": url_for("page.file", name="js/browser/browser.js"),
        "model": url_for("browser.model"),
        "rows": list(rows),
        "photo_row": PHOTO if PHOTO in rows else None,
        "tiling": asdict(current_app.config["BACKEND"].geometry) | TILING,
    }


@blueprint.get("/api/model")
def model() -> Response:
    """Return the .tflite file; browsers keep it and ask whether it has changed."""
    return send_file(model_path(), "application/octet-stream")


def model_path() -> Path:
    """Return the .tflite file of the server's model."""
    path = current_app.config["BACKEND"].model
    # Flask would look for a relative path in its own folder.
    return Path(path).resolve()


@blueprint.after_app_request
def _add_headers(response: Response) -> Response:
    if request.blueprint == page.blueprint.name and _has_litert():
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
    return response


def _has_litert() -> bool:
    return current_app.config["LITERT"].is_dir()
