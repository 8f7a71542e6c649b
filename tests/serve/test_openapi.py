"""The OpenAPI description is true: schemathesis compares it with the server."""

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks
from serving import client

from serve import Config, create_app

OPERATIONS = [
    ("POST", "/api/stylize"),
    ("POST", "/api/looks"),
    ("POST", "/api/pictures"),
    ("GET", "/api/progress/{ticket}"),
    ("GET", "/api/styles"),
    ("GET", "/api/styles/{name}/thumbnail"),
    ("GET", "/api/styles/{name}/painting"),
    ("GET", "/api/model"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/v1/models/fast_style"),
    ("GET", "/v1/models/fast_style/metadata"),
    ("POST", "/v1/models/fast_style:predict"),
    ("GET", "/v1/models/fast_style/versions/1"),
    ("GET", "/v1/models/fast_style/versions/1/metadata"),
    ("POST", "/v1/models/fast_style/versions/1:predict"),
]
UNVERSIONED = [operation for operation in OPERATIONS if "versions" not in operation[1]]
JOBS = [
    ("GET", "/api/jobs"),
    ("POST", "/api/jobs"),
    ("POST", "/api/jobs/session"),
    ("GET", "/api/jobs/{id}"),
    ("DELETE", "/api/jobs/{id}"),
    ("PUT", "/api/jobs/{id}/files/{number}"),
    ("GET", "/api/jobs/{id}/files/{number}"),
    ("POST", "/api/jobs/{id}/cancel"),
    ("GET", "/api/jobs/{id}/sample"),
    ("GET", "/api/jobs/{id}/result"),
]
WITH_INPUT = [
    ("POST", "/api/stylize"),
    ("POST", "/api/looks"),
    ("GET", "/api/styles/{name}/thumbnail"),
    ("POST", "/v1/models/fast_style:predict"),
]


def validate(requests, excluded):
    """Send requests, and hold the answers against the description."""

    @given(case=requests)
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def check(case):
        case.call_and_validate(excluded_checks=excluded)

    check()


@pytest.fixture(scope="module")
def description(live):
    return schemathesis.openapi.from_url(f"{live}/openapi.json")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        *((m, path, GenerationMode.POSITIVE) for m, path in UNVERSIONED),
        *((m, path, GenerationMode.NEGATIVE) for m, path in WITH_INPUT),
    ],
)
def test_description_is_true(description, method, path, mode):
    operation = description[path][method]
    # The schema cannot say that bytes are a picture, or that lists are rectangular.
    excluded = [checks.positive_data_acceptance]
    if path.startswith("/v1"):
        # TF Serving answers unknown methods with 400 and ignores unknown keys.
        excluded += [checks.unsupported_method, checks.negative_data_rejection]
    validate(operation.as_strategy(generation_mode=mode), excluded)


@pytest.fixture(scope="module")
def jobs_app(gallery, tmp_path_factory):
    """An application that takes jobs."""
    jobs = str(tmp_path_factory.mktemp("jobs"))
    config = Config(model=str(gallery), threads=1, jobs=jobs, jobs_queue=1000)
    app = create_app(config, trusted=True)
    yield app
    app.config["JOBS"].stop()


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), JOBS)
def test_description_of_jobs_is_true(jobs_app, method, path):
    described = schemathesis.openapi.from_wsgi("/openapi.json", jobs_app)
    # The schema cannot say which files and settings go together.
    excluded = [checks.positive_data_acceptance]
    validate(described[path][method].as_strategy(), excluded)


def test_every_route_is_described(jobs_app):
    paths = client(jobs_app).get("/openapi.json").json["paths"]
    described = {(m.upper(), path) for path, item in paths.items() for m in item}
    served = {
        re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule)
        for rule in jobs_app.url_map.iter_rules()
    }
    # Pages are for people, and one rule takes all paths of TF Serving.
    served -= {"/", "/page/<path:name>", "/service-worker.js", "/<version1:path>"}
    assert {path for _, path in described if not path.startswith("/v1/")} == served
    assert described == {*OPERATIONS, *JOBS}
