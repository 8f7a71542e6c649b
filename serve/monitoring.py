"""What an operator watches: health, readiness, metrics, the log."""

import logging
import time

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

QUIET = ("/healthz", "/readyz", "/metrics")  # asked every few seconds

blueprint = Blueprint("monitoring", __name__)
log = logging.getLogger("serve")


class Metrics:
    """An application's own measurements.

    Attributes:
        registry: all of them, for Prometheus.
    """

    def __init__(self, backend) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "fast_style_requests", "Answers.", ["route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "fast_style_request_seconds",
            "From the whole request to its answer, waiting included.",
            ["route"],
            buckets=(0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.5, 1, 2.5, 5, 10, 30),
            registry=registry,
        )
        self._in_flight = Gauge(
            "fast_style_requests_in_flight", "Requests under way.", registry=registry
        )
        for name, text in (
            ("waiting", "Requests that wait for their turn."),
            ("painting", "Pictures that are painted now."),
        ):
            gauge = Gauge(f"fast_style_{name}", text, registry=registry)
            gauge.set_function(lambda name=name: getattr(backend, name))

    def begin(self) -> None:
        """Notes that a request is there."""
        g.began = time.perf_counter()
        self._in_flight.inc()

    def answered(self, response: Response) -> Response:
        """Notes its answer. Of the path no more than the route is told: it is free."""
        route = request.url_rule.rule if request.url_rule else "none"
        seconds = time.perf_counter() - g.began
        self._requests.labels(route, response.status_code).inc()
        self._seconds.labels(route).observe(seconds)
        if route not in QUIET:
            log.info("%s %d %.0f ms", route, response.status_code, 1000 * seconds)
        return response

    def end(self, _error: BaseException | None) -> None:
        """Notes that the request is gone."""
        self._in_flight.dec()


def init_app(app: Flask) -> None:
    """Makes an application count its requests."""
    metrics = Metrics(app.config["BACKEND"])
    app.config["METRICS"] = metrics
    app.before_request(metrics.begin)
    app.after_request(metrics.answered)
    app.teardown_request(metrics.end)


@blueprint.get("/healthz")
def healthz() -> dict:
    """Tells that the process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> dict:
    """Tells that pictures can be painted; 503 if not."""
    current_app.config["BACKEND"].check()
    return {"status": "ready"}


@blueprint.get("/metrics")
def metrics() -> Response:
    """Gives Prometheus' text."""
    text = generate_latest(current_app.config["METRICS"].registry)
    return Response(text, content_type=CONTENT_TYPE_LATEST)
