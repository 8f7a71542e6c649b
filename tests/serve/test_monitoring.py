"""Health, readiness, metrics and the log."""

import io
import logging

import pytest
from serving import client, encoded

from serve import Config, create_app


@pytest.fixture
def fresh(gallery):
    """An application that has had no request yet."""
    return create_app(Config(model=str(gallery), threads=1))


def value(web, line):
    """Return the value of a measurement in /metrics, 0 if it has none."""
    lines = web.get("/metrics").text.splitlines()
    values = [text.split()[-1] for text in lines if text.startswith(f"{line} ")]
    return float(values[0]) if values else 0.0


def test_health_and_readiness(web):
    assert web.get("/healthz").json == {"status": "ok"}
    assert web.get("/readyz").json == {"status": "ready"}


def test_requests_are_counted_by_route_and_status(fresh, photo):
    web = client(fresh)
    for data in (encoded(photo), encoded(photo), b"none"):
        web.post("/api/stylize", data={"image": (io.BytesIO(data), "a.png")})
    for path in ("/a", "/b?c", "/api/styles/x/thumbnail", "/api/styles/y/thumbnail"):
        web.get(path)
    count = 'fast_style_requests_total{route="%s",status="%d"}'
    assert value(web, count % ("/api/stylize", 200)) == 2
    assert value(web, count % ("/api/stylize", 415)) == 1
    # Invented paths do not add measurements of their own.
    assert value(web, count % ("none", 404)) == 2
    assert value(web, count % ("/api/styles/<name>/thumbnail", 404)) == 2
    seconds = 'fast_style_request_seconds_count{route="/api/stylize"}'
    assert value(web, seconds) == 3


def test_requests_for_tf_serving_are_counted_by_their_kind(fresh):
    web, model = client(fresh), "/v1/models/fast_style"
    for path in (model, "/V1/models/other", f"{model}/metadata", "/v1/x", f"{model}/"):
        web.get(path)
    web.post(f"{model}/versions/1:predict", data=b"{}")
    count = 'fast_style_requests_total{route="%s",status="%d"}'
    assert value(web, count % ("/v1/models/<model>", 200)) == 1
    assert value(web, count % ("/v1/models/<model>", 404)) == 1
    assert value(web, count % ("/v1/models/<model>/metadata", 200)) == 1
    assert value(web, count % ("/v1/models/<model>:predict", 400)) == 1
    assert value(web, count % ("/<version1:path>", 400)) == 2


def test_current_work_is_measured(fresh):
    web = client(fresh)
    assert value(web, "fast_style_painting") == 0
    with fresh.config["BACKEND"].lend_stylizer():
        assert value(web, "fast_style_painting") == 1
    assert value(web, "fast_style_painting") == 0
    assert value(web, "fast_style_waiting") == 0
    assert value(web, "fast_style_requests_in_flight") == 1  # this request itself


def test_applications_count_separately(fresh, gallery):
    second = client(create_app(Config(model=str(gallery), threads=1)))
    second.get("/healthz")
    line = 'fast_style_requests_total{route="/healthz",status="200"}'
    assert value(second, line) == 1
    assert value(client(fresh), line) == 0


def test_log_has_route_and_status_and_nothing_that_was_sent(web, photo, caplog):
    caplog.set_level(logging.INFO)
    form = {"image": (io.BytesIO(encoded(photo)), "private.png"), "styles": "secret"}
    web.post("/api/stylize?private=1", data=form)
    web.get("/private")
    web.get("/healthz")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2
    assert lines[0].startswith("/api/stylize 400 ")
    assert lines[1].startswith("none 404 ")
    assert not {"private", "secret"} & set(caplog.text.replace("/", " ").split())
