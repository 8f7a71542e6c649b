"""What lets the page start without a network: its service worker."""

import hashlib
import json
from pathlib import Path

from flask import Blueprint, Response, current_app, request, url_for

from fast_style import files, gallery

SCRIPT = "service-worker.js"

blueprint = Blueprint("offline", __name__)

_fingerprints: dict[tuple[Path, int, int], str] = {}  # by path, size and time


@blueprint.get(f"/{SCRIPT}")
def service_worker() -> Response:
    """Return the worker with the names of the files that it keeps.

    It lies above them all, because a worker sees no requests for what lies elsewhere.
    """
    folder, litert = current_app.config["PAGE"], current_app.config["LITERT"]
    shown = {url_for("page.file", name=gallery.SAMPLE.name): gallery.SAMPLE}
    painting: dict[str, Path] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != SCRIPT:
            kind = painting if litert in path.parents else shown
            kind[url_for("page.file", name=name)] = path
    kept = {
        "version": _version([folder / SCRIPT, *shown.values(), *painting.values()]),
        "page": [url_for("page.index"), *shown],
        "painting": list(painting),
        "model": url_for("browser.model"),
        "styles": url_for("api.styles"),
    }
    text = (folder / SCRIPT).read_text("utf-8")
    body = f"const KEPT = {json.dumps(kept)};\n{text}"
    response = Response(body, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _version(paths: list[Path]) -> str:
    """Return a fingerprint of files; each is read anew when it has changed."""
    sums = []
    for path in paths:
        status = path.stat()
        key = path, status.st_size, status.st_mtime_ns
        if key not in _fingerprints:
            _fingerprints[key] = files.fingerprint(path)
        sums.append(f"{path.name} {_fingerprints[key]}")
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()
