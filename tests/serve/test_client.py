"""The client, to which TF Serving and this project's server are alike."""

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
    """Addresses of both servers, by name."""
    app = create_app(Config(model=tflite, threads=1))
    with running(app) as own, tf_serving(export) as peer:
        yield {"serve": own, "TF Serving": peer}


@pytest.fixture(params=["serve", "TF Serving"])
def url(urls, request):
    return urls[request.param]


@pytest.mark.slow
def test_stylize_paints(url, tflite, photo):
    painted = Client(url).stylize(photo, [0.0, 0.5, 1.5])
    expected = Stylizer(tflite).stylize(photo, styles={"wave": 0.25, "scream": 0.75})
    assert painted.shape == photo.shape
    # The result comes as a JPEG, and each server has an encoder of its own.
    assert np.abs(painted.astype(int) - expected).mean() < 4


@pytest.mark.slow
def test_predict_takes_arrays(url, tflite, photo):
    inputs = {"images": photo[None], "style_weights": [[0, 1, 0]]}
    painted = np.array(Client(url).predict(inputs))[0]
    expected = Stylizer(tflite).stylize(photo, styles="wave")
    np.testing.assert_allclose(painted, expected, atol=1)


@pytest.mark.slow
def test_predict_returns_bytes(url, photo):
    inputs = {"image_bytes": [encoded(photo)], "style_weights": [[0, 1, 0]]}
    (file,) = Client(url).predict(inputs, signature_name="stylize_bytes")
    assert decoded(file).shape == (37, 53, 3)


@pytest.mark.slow
def test_closed_client_sends_no_request(url):
    with Client(url) as client:
        assert client.count_weights() == 3
    with pytest.raises(RuntimeError, match="closed"):
        client.count_weights()


@pytest.mark.slow
def test_number_of_weights_is_known(url):
    assert Client(url).count_weights() == 3


@pytest.mark.slow
def test_state_of_the_model_is_known(url):
    (version,) = Client(url).versions()
    assert (version["version"], version["state"]) == ("1", "AVAILABLE")
    assert version["status"] == {"error_code": "OK", "error_message": ""}


@pytest.mark.slow
def test_refusal_is_an_error_of_one_line(url, photo):
    refused = "^http://127.0.0.1:.* refused the request: "
    with pytest.raises(ValueError, match=refused) as error:
        Client(url).stylize(photo, [0, 0, 0])
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match=refused):
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
@pytest.mark.slow
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
        body["instances"] = [tensors(given, False) for given in body["instances"]]
    text = json.dumps(body)
    for path in ("", "/versions/1"):
        path = f"/v1/models/fast_style{path}:predict"
        ours, theirs = (
            httpx.post(urls[name] + path, content=text, timeout=30)
            for name in ("serve", "TF Serving")
        )
        assert ours.status_code == theirs.status_code
        assert ours.json().keys() == theirs.json().keys()
        if ours.status_code == 200:
            (own,), (expected,) = ours.json().values(), theirs.json().values()
            for value, expected_value in zip(own, expected, strict=True):
                own_picture, expected_picture = picture(value), picture(expected_value)
                assert own_picture.shape == expected_picture.shape
                assert np.abs(own_picture - expected_picture).mean() < 1


@pytest.mark.slow
@pytest.mark.parametrize(("pictures", "rows"), [(2, 1), (2, 2), (3, 2)])
def test_one_row_counts_for_all_pictures_as_in_the_saved_model(
    urls, photo, pictures, rows
):
    inputs = {"images": [photo.tolist()] * pictures}
    inputs["style_weights"] = [[0, 1, 0], [0, 0, 1]][:rows]
    own, expected = (
        httpx.post(f"{url}/v1/models/fast_style:predict", json={"inputs": inputs})
        for url in urls.values()
    )
    assert own.status_code == expected.status_code
    if own.status_code == 200:
        own_pictures, pictures = own.json()["outputs"], expected.json()["outputs"]
        np.testing.assert_allclose(own_pictures, pictures, atol=1)


def picture(value):
    """Return the picture in an answer: base64 of a file, or nested lists."""
    if isinstance(value, dict):
        value = decoded(base64.b64decode(value["b64"]))
    return np.array(value, float)


@pytest.mark.slow
def test_metadata_is_alike(urls):
    def signatures(url):
        answer = httpx.get(f"{url}/v1/models/fast_style/metadata").json()
        definitions = answer["metadata"]["signature_def"]["signature_def"]
        for signature in definitions.values():
            for tensor in (
                *signature["inputs"].values(),
                *signature["outputs"].values(),
            ):
                del tensor["name"]  # a node of the graph
                # TF Serving writes int64 as text.
                for dimension in tensor["tensor_shape"]["dim"]:
                    dimension["size"] = int(dimension["size"])
        return definitions

    ours, theirs = signatures(urls["serve"]), signatures(urls["TF Serving"])
    # TF Serving has the signatures of tiles, too, which are for applying on a device.
    assert ours.keys() <= theirs.keys()
    for name, signature in ours.items():
        assert signature["inputs"] == theirs[name]["inputs"]
        assert signature["outputs"].keys() == theirs[name]["outputs"].keys()
        assert signature["method_name"] == theirs[name]["method_name"]


@pytest.mark.slow
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
    expected = Stylizer(tflite).stylize(photo, styles="scream", strength=0.5)
    assert np.abs(decoded(answer.data).astype(int) - expected).mean() < 4


@pytest.mark.slow
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


def test_silence_is_a_timeout():
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
def test_odd_answer_is_an_error(photo, answer_with, answer, text):
    answer_with(answer)
    with pytest.raises(OSError, match=text):
        Client("http://server").stylize(photo, [1])
