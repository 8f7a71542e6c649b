"""Errors as one line of JSON, and the headers of every answer."""

import json
from collections.abc import Callable

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from fast_style import images

from .backends import Busy

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; "
    "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
RETRY_AFTER = "1"  # seconds
STATUSES: dict[type[Exception], int] = {
    ValueError: 400,
    images.TooLarge: 413,
    images.Unreadable: 415,
    Busy: 503,
    OSError: 503,  # the backend is unreachable
    MemoryError: 503,
}


def init_app(app: Flask) -> None:
    """Register the error handlers and the headers with an application."""
    for kind, status in STATUSES.items():
        app.register_error_handler(kind, _handler(status))
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Exception, _answer_failure)
    app.after_request(_add_headers)


def answer(status: int, text: str) -> Response:
    """Return an error's answer in the form that TF Serving uses."""
    response = Response(
        json.dumps({"error": text}), status, mimetype="application/json"
    )
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def request_too_large(max_upload: int) -> str:
    """Return the text for a request of more than `max_upload` MB."""
    return f"The request is over {max_upload} MB. Send less."


def _handler(status: int) -> Callable[[Exception], Response]:
    def handle(error: Exception) -> Response:
        return answer(status, " ".join(str(error).split()) or type(error).__name__)

    return handle


def _answer_http_error(error: HTTPException) -> Response:
    status, text = error.code or 500, error.description or ""
    if status == 413:
        limit = current_app.config["SETTINGS"].max_upload
        text = request_too_large(limit)
        if (request.content_length or 0) <= 1_000_000 * limit:
            text = "The form has too many fields, or too long ones. Send less."
    response = answer(status, text)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _answer_failure(error: Exception) -> Response:
    # The error's text may quote what was sent, so only its place goes into the log.
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    current_app.logger.error("%s at %s", type(error).__name__, place)
    return answer(500, "The server failed. Its log says where.")


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
