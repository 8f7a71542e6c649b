"""The OpenAPI description is true: schemathesis compares it with the server."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

OPERATIONS = [
    ("POST", "/api/stylize"),
    ("POST", "/api/looks"),
    ("POST", "/api/pictures"),
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
WITH_INPUT = [
    ("POST", "/api/stylize"),
    ("POST", "/api/looks"),
    ("GET", "/api/styles/{name}/thumbnail"),
    ("POST", "/v1/models/fast_style:predict"),
]


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

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def check(case):
        case.call_and_validate(excluded_checks=excluded)

    check()


def test_every_route_is_described(app, web):
    paths = web.get("/openapi.json").json["paths"]
    described = {(m.upper(), path) for path, item in paths.items() for m in item}
    served = {
        rule.rule.replace("<name>", "{name}") for rule in app.url_map.iter_rules()
    }
    # Pages are for people, and one rule takes all paths of TF Serving.
    served -= {"/", "/page/<path:name>", "/service-worker.js", "/<version1:path>"}
    assert {path for _, path in described if not path.startswith("/v1/")} == served
    assert described == set(OPERATIONS)
