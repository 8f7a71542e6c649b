"""The versions of a model that a TF Serving behind the server hosts."""

import httpx
import pytest

from serve import Config, create_app


def test_server_passes_on_the_states_of_its_backend(gallery, answer_with):
    states = [{"version": version, "state": "LOADING"} for version in (1, "2")]
    answer_with(httpx.Response(200, json={"model_version_status": states}))
    web = create_app(Config(model=str(gallery), backend="http://server")).test_client()
    passed_on = web.get("/v1/models/fast_style").json["model_version_status"]
    assert passed_on == [{"version": v, "state": "LOADING"} for v in "12"]
    for version in "12":
        answer = web.get(f"/v1/models/fast_style/versions/{version}")
        (state,) = answer.json["model_version_status"]
        assert state["version"] == version
    assert web.get("/v1/models/fast_style/versions/3").status_code == 404
    assert web.get("/v1/models/fast_style/metadata").status_code == 404


def test_version_is_that_of_the_backend(gallery, answer_with):
    """An older one, or one that is not ready, does not paint."""
    states = [(5, "END"), (6, "AVAILABLE"), (7, "AVAILABLE"), (8, "LOADING")]
    states = [{"version": version, "state": state} for version, state in states]
    answer_with(httpx.Response(200, json={"model_version_status": states}))
    web = create_app(Config(model=str(gallery), backend="http://server")).test_client()
    path = "/v1/models/fast_style/versions/%d"
    assert web.get(path % 7 + "/metadata").json["model_spec"]["version"] == "7"
    for version in (1, 5, 6, 8):
        assert web.get(path % version + "/metadata").status_code == 404
        assert web.post(path % version + ":predict", data=b"{}").status_code == 404
    assert web.post(path % 7 + ":predict", data=b"{}").status_code == 400


@pytest.mark.parametrize(
    "content",
    [{}, {"model_version_status": [1]}, {"model_version_status": 1}],
)
def test_backend_without_states_is_503(gallery, answer_with, content):
    answer_with(httpx.Response(200, json=content))
    web = create_app(Config(model=str(gallery), backend="http://server")).test_client()
    answer = web.get("/v1/models/fast_style")
    assert answer.status_code == 503
    assert "sent no state of its model" in answer.json["error"]
