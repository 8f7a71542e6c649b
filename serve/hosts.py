"""Under which names the server is reached, and through which proxies."""

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from .monitoring import PROBES


def init_app(app: Flask) -> None:
    """Let an application believe its proxies, and refuse other hosts' names."""
    number = app.config["SETTINGS"].proxies
    if number:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=number, x_proto=number, x_host=number, x_prefix=number
        )
    app.before_request(_check_host)


def _check_host() -> None:
    names = current_app.config["SETTINGS"].allowed_hosts
    # A probe asks under whatever address the machine has at the moment.
    if names and request.path not in PROBES:
        if not host_is_trusted(request.host.lower(), names):
            raise BadRequest(f"Host {request.host!r} is none of --allowed_hosts.")
