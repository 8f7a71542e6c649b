"""What an operator watches: health, readiness, metrics and the log."""

import logging
import time
from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from .backends import Backend

PROBES = ("/healthz", "/readyz", "/metrics")  # asked every few seconds, so not logged

blueprint = Blueprint("monitoring", __name__)
log = logging.getLogger("serve")


class Metrics:
    """The measurements of one application.

    Args:
        backend: Returns the backend, whose queue and stylizers are counted.

    Attributes:
        registry: All measurements, for Prometheus.
    """

    def __init__(self, backend: Callable[[], Backend]) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "fast_style_requests",
            "Answered requests.",
            ["route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "fast_style_request_seconds",
            "From the whole request to its answer, with the wait for a turn.",
            ["route"],
            buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.5, 1, 2.5, 5, 10, 30),
            registry=registry,
        )
        self._in_flight = Gauge(
            "fast_style_requests_in_flight",
            "Requests that are not answered yet.",
            registry=registry,
        )
        waiting = Gauge(
            "fast_style_waiting",
            "Requests that wait for their turn.",
            registry=registry,
        )
        waiting.set_function(lambda: backend().waiting)
        painting = Gauge(
            "fast_style_painting", "Pictures being painted.", registry=registry
        )
        painting.set_function(lambda: backend().painting)

    def begin(self) -> None:
        """Count a request that has arrived."""
        g.start = time.perf_counter()
        self._in_flight.inc()

    def answered(self, response: Response) -> Response:
        """Count and log an answer by its route; paths that match none count as one."""
        rule = request.url_rule.rule if request.url_rule else "none"
        route = g.get("route", rule)
        seconds = time.perf_counter() - g.start
        self._requests.labels(route, response.status_code).inc()
        self._seconds.labels(route).observe(seconds)
        if route not in PROBES:
            log.info("%s %d %.0f ms", route, response.status_code, 1000 * seconds)
        return response

    def end(self, _error: BaseException | None) -> None:
        """Count a request that is over."""
        self._in_flight.dec()


def init_app(app: Flask) -> None:
    """Let an application measure its requests."""
    metrics = Metrics(lambda: app.config["BACKEND"])
    app.config["METRICS"] = metrics
    app.before_request(metrics.begin)
    app.after_request(metrics.answered)
    app.teardown_request(metrics.end)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Answer, which shows that the process does."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> dict[str, str]:
    """Answer if the backend can paint; otherwise the error handler answers 503."""
    current_app.config["BACKEND"].check()
    return {"status": "ready"}


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the measurements of this process in Prometheus' text format."""
    text = generate_latest(current_app.config["METRICS"].registry)
    return Response(text, content_type=CONTENT_TYPE_LATEST)
