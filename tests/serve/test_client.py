"""The client, and that TF Serving and the server are alike to it."""

import base64
import io
import json
import socket
import time

import httpx
import numpy as np
import pytest
from serving import b64, decoded, encoded, running, tf_serving

from fast_style import Stylizer
from fast_style.client import Client
from serve import Config, create_app
from serve.backends import TFServing


@pytest.fixture(scope="module")
def tflite(export):
    return str(export / "fast_style_float32.tflite")


@pytest.fixture(scope="module")
def urls(export, tflite):
    """Addresses of both servers."""
    app = create_app(Config(model=tflite, threads=1))
    with running(app) as own, tf_serving(export) as other:
        yield {"serve": own, "TF Serving": other}


@pytest.fixture(params=["serve", "TF Serving"])
def url(urls, request):
    return urls[request.param]


def difference(one, other):
    return np.abs(one.astype(int) - other).max()


def test_stylize_paints(url, tflite, photo):
    weights = [0.0, 0.5, 1.5]
    painted = Client(url).stylize(photo, weights)
    wanted = Stylizer(tflite).stylize(photo, styles={"wave": 0.25, "scream": 0.75})
    assert painted.shape == photo.shape
    # Through a JPEG, and both servers through an encoder of their own.
    assert np.abs(painted.astype(int) - wanted).mean() < 4


def test_predict_takes_arrays(url, tflite, photo):
    inputs = {"images": photo[None], "style_weights": [[0, 1, 0]]}
    painted = np.array(Client(url).predict(inputs))
    assert difference(painted[0], Stylizer(tflite).stylize(photo, styles="wave")) <= 1


def test_predict_gives_bytes(url, photo):
    inputs = {"image_bytes": [encoded(photo)], "style_weights": [[0, 1, 0]]}
    (file,) = Client(url).predict(inputs, signature_name="stylize_bytes")
    assert decoded(file).shape == (37, 53, 3)


def test_number_of_weights_is_known(url):
    assert Client(url).count_weights() == 3


def test_state_of_the_model_is_known(url):
    (one,) = Client(url).versions()
    assert (one["version"], one["state"]) == ("1", "AVAILABLE")
    assert one["status"] == {"error_code": "OK", "error_message": ""}


def test_what_the_server_refuses_is_told_in_a_line(url, photo):
    with pytest.raises(ValueError, match="^http://127.0.0.1:.* refused it: ") as caught:
        Client(url).stylize(photo, [0, 0, 0])
    assert "\n" not in str(caught.value)
    with pytest.raises(ValueError, match="refused it"):
        Client(url).predict({"images": photo[None]})
    with pytest.raises(OSError, match="failed: Servable not found"):
        Client(url, model="other").count_weights()


@pytest.mark.parametrize(
    "request_body",
    [
        {"instances": [("arrays", [0, 1, 0]), ("arrays", [0, 0.2, 0.8])]},
        {"inputs": ("arrays", [0, 2, 1])},
        {"signature_name": "serving_default", "instances": [("arrays", [1, 0, 0])]},
        {"signature_name": "stylize_bytes", "instances": [("bytes", [0, 1, 1])] * 2},
        {"signature_name": "stylize_bytes", "inputs": ("bytes", [0, 0, 1])},
        {"instances": [("arrays", [0, 0, 0])]},
        {"instances": [("arrays", [1, 0])]},
        {"signature_name": "other", "instances": [("arrays", [0, 1, 0])]},
        {"signature_name": "stylize_bytes", "inputs": ("arrays", [0, 0, 1])},
    ],
    ids=lambda body: "-".join(body) + str(len(str(body))),
)
def test_a_request_for_tf_serving_works_unchanged(urls, photo, request_body):
    def tensors(given, columns):
        kind, weights = given
        name = {"arrays": "images", "bytes": "image_bytes"}[kind]
        value = photo.tolist() if kind == "arrays" else b64(encoded(photo))
        if columns:
            return {name: [value], "style_weights": [weights]}
        return {name: value, "style_weights": weights}

    body = dict(request_body)
    if "inputs" in body:
        body["inputs"] = tensors(body["inputs"], True)
    else:
        body["instances"] = [tensors(one, False) for one in body["instances"]]
    text = json.dumps(body)
    for path in ("", "/versions/1"):
        path = f"/v1/models/fast_style{path}:predict"
        ours, theirs = (
            httpx.post(urls[name] + path, content=text, timeout=30)
            for name in ("serve", "TF Serving")
        )
        assert ours.status_code == theirs.status_code
        one, other = ours.json(), theirs.json()
        assert one.keys() == other.keys()
        if ours.status_code == 200:
            (one,), (other,) = one.values(), other.values()
            assert len(one) == len(other)
            for mine, yours in zip(map(picture, one), map(picture, other), strict=True):
                assert mine.shape == yours.shape
                assert np.abs(mine - yours).mean() < 1


def picture(value):
    if isinstance(value, dict):
        value = decoded(base64.b64decode(value["b64"]))
    return np.array(value, float)


def test_metadata_is_alike(urls):
    def signatures(url):
        answer = httpx.get(f"{url}/v1/models/fast_style/metadata").json()
        found = answer["metadata"]["signature_def"]["signature_def"]
        for signature in found.values():
            for tensor in (
                *signature["inputs"].values(),
                *signature["outputs"].values(),
            ):
                del tensor["name"]  # a node of the graph
                # The rank alone of some, which a graph does not always know.
                for dimension in tensor["tensor_shape"]["dim"]:
                    dimension["size"] = int(dimension["size"])
        return found

    ours, theirs = signatures(urls["serve"]), signatures(urls["TF Serving"])
    assert ours.keys() == theirs.keys()
    for name, signature in ours.items():
        assert signature["inputs"] == theirs[name]["inputs"]
        assert signature["outputs"].keys() == theirs[name]["outputs"].keys()
        assert signature["method_name"] == theirs[name]["method_name"]


def test_backend_of_tf_serving_paints(urls, tflite, photo):
    app = create_app(Config(model=tflite, backend=urls["TF Serving"]))
    web = app.test_client()
    assert web.get("/readyz").status_code == 200
    form = {
        "image": (io.BytesIO(encoded(photo)), "a.png"),
        "styles": "scream",
        "strength": "0.5",
    }
    answer = web.post("/api/stylize", data=form)
    assert answer.status_code == 200
    wanted = Stylizer(tflite).stylize(photo, styles="scream", strength=0.5)
    assert np.abs(decoded(answer.data).astype(int) - wanted).mean() < 4


def test_state_is_what_the_backend_tells(tflite, monkeypatch):
    told = [{"version": version, "state": "LOADING"} for version in (1, "2")]
    content = {"model_version_status": told}
    monkeypatch.setattr(Client, "_ask", lambda *_args: content)
    app = create_app(Config(model=tflite, backend="http://server"))
    web = app.test_client()
    both = web.get("/v1/models/fast_style").json["model_version_status"]
    assert both == [{"version": one, "state": "LOADING"} for one in "12"]
    for version in "12":
        answer = web.get(f"/v1/models/fast_style/versions/{version}")
        (one,) = answer.json["model_version_status"]
        assert one["version"] == version
    assert web.get("/v1/models/fast_style/versions/3").status_code == 404
    for content in ({}, {"model_version_status": [1]}, {"model_version_status": 1}):
        monkeypatch.setattr(Client, "_ask", lambda *_args, c=content: c)
        answer = web.get("/v1/models/fast_style")
        assert answer.status_code == 503
        assert "tells no state of its model" in answer.json["error"]


def test_backend_of_another_model_is_not_ready(urls, model):
    backend = TFServing(Config(model=str(model), backend=urls["TF Serving"]))
    with pytest.raises(OSError, match="hosts a model of 3 styles, and --model has 2"):
        backend.check()


def test_backend_that_is_away_is_503(gallery, photo):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    app = create_app(Config(model=str(gallery), backend=f"http://127.0.0.1:{port}"))
    web = app.test_client()
    assert web.get("/healthz").status_code == 200
    form = {"image": (io.BytesIO(encoded(photo)), "a.png")}
    for answer in (
        *(web.get("/readyz"), web.get("/v1/models/fast_style")),
        web.post("/api/stylize", data=form),
    ):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Cannot reach http://127.0.0.1" in answer.json["error"]


def test_silence_is_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(TimeoutError, match=f"{url} gave no answer in 0.2 s."):
            Client(url, timeout=0.2).count_weights()
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (httpx.Response(200, text="<html>"), "failed: 200 OK"),
        (httpx.Response(200, json=[]), "failed: 200 OK"),
        (httpx.Response(200, json={}), "answered without outputs"),
        (httpx.Response(200, json={"outputs": [1]}), "sent no picture back"),
        (httpx.Response(200, json={"outputs": [{"b64": "a"}]}), "without outputs"),
        (httpx.Response(502, text="bad gateway"), "failed: 502 Bad Gateway"),
        (httpx.Response(503, json={"error": "one\ntwo"}), "failed: one$"),
    ],
)
def test_odd_answer_is_told(photo, monkeypatch, answer, text):
    monkeypatch.setattr(httpx.Client, "request", lambda *_args, **_kwargs: answer)
    with pytest.raises(OSError, match=text):
        Client("http://server").stylize(photo, [1])


def test_address_that_is_none_is_told():
    with pytest.raises(ValueError, match="'server:8501' is no address. Give one like"):
        Client("server:8501")
    with pytest.raises(OSError, match="Cannot reach http://"):
        Client("http://[::1").count_weights()
