"""Errors as one line of JSON, and the headers of every answer."""

import json

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from fast_style import images

from .backends import Busy

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
RETRY_AFTER = "1"  # seconds


def init_app(app: Flask) -> None:
    """Gives an application its handlers."""
    for kind, status in {
        ValueError: 400,
        images.TooLarge: 413,
        Busy: 503,
        OSError: 503,  # the backend's
        MemoryError: 503,
    }.items():
        app.register_error_handler(kind, lambda error, s=status: _tell(error, s))
    app.register_error_handler(HTTPException, _tell_http)
    app.register_error_handler(Exception, _tell_nothing)
    app.after_request(_add_headers)


def answer(status: int, text: str) -> Response:
    """Gives an error's answer, of the form that TF Serving's has."""
    response = Response(
        json.dumps({"error": text}), status, mimetype="application/json"
    )
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def too_long(limit: int) -> str:
    """What is said to a request of more than so many MB."""
    return f"The request is over {limit} MB. Send less."


def _tell(error: Exception, status: int) -> Response:
    return answer(status, " ".join(str(error).split()) or type(error).__name__)


def _tell_http(error: HTTPException) -> Response:
    response = answer(error.code, error.description)
    if error.code == 413:
        limit = current_app.config["LIMITS"].max_upload
        text = too_long(limit)
        if (request.content_length or 0) <= 1_000_000 * limit:
            text = "The form has too many fields, or one too long. Send less."
        response = answer(413, text)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _tell_nothing(error: Exception) -> Response:
    # Its text may hold what was sent.
    place = error.__traceback__
    while place.tb_next:
        place = place.tb_next
    current_app.logger.error(
        "%s at %s:%d",
        type(error).__name__,
        place.tb_frame.f_code.co_filename,
        place.tb_lineno,
    )
    return answer(500, "The server failed. Its log tells where.")


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
