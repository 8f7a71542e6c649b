"""TF Serving's REST API as the server speaks it: its shapes and its words."""

import json
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image
from serving import b64, decoded, encoded

PREDICT = "/v1/models/fast_style:predict"
# Rows of the model: photo (halves), wave (inverts), scream (exchanges red and blue).
WAVE, SCREAM = [0, 1, 0], [0, 0, 1]


def predict(web, content, path=PREDICT):
    body = content if isinstance(content, bytes) else json.dumps(content)
    return web.post(path, data=body)  # without its type, as TF Serving allows


def arrays(photo, weights=WAVE):
    return {"images": photo.tolist(), "style_weights": weights}


@pytest.mark.parametrize("path", [PREDICT, "/v1/models/fast_style/versions/1:predict"])
def test_rows_of_arrays(web, photo, path):
    rows = [arrays(photo), arrays(photo, SCREAM)]
    answer = predict(web, {"instances": rows}, path)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert list(answer.json) == ["predictions"]
    painted = np.array(answer.json["predictions"])
    np.testing.assert_array_equal(painted, [255 - photo, photo[..., ::-1]])


def test_columns_of_arrays(web, photo):
    columns = {"images": [photo.tolist()] * 2, "style_weights": [WAVE, [0, 0, 7.5]]}
    content = {"signature_name": "serving_default", "inputs": columns}
    answer = predict(web, content).json
    assert list(answer) == ["outputs"]
    painted = np.array(answer["outputs"])
    np.testing.assert_array_equal(painted, [255 - photo, photo[..., ::-1]])


def test_bytes_may_differ_in_size_and_kind(web, photo):
    files = [encoded(photo), encoded(photo[:20, :30], "BMP")]
    rows = [{"image_bytes": b64(file), "style_weights": WAVE} for file in files]
    content = {"signature_name": "stylize_bytes", "instances": rows}
    answers = predict(web, content).json["predictions"]
    columns = {"image_bytes": list(map(b64, files)), "style_weights": [WAVE] * 2}
    content = {"signature_name": "stylize_bytes", "inputs": columns}
    assert predict(web, content).json["outputs"] == answers
    for result, pixels in zip(answers, (photo, photo[:20, :30]), strict=True):
        # The colours have full resolution.
        file = encoded(255 - pixels, "JPEG", quality=95, subsampling=0)
        assert result == b64(file)


def test_bytes_are_read_as_the_saved_model_reads_them(web, photo):
    exif = Image.Exif()
    exif[0x0112] = 6
    file = encoded(np.dstack([photo, photo[..., 0]]), exif=exif)
    rows = [{"image_bytes": b64(file), "style_weights": WAVE}]
    content = {"signature_name": "stylize_bytes", "instances": rows}
    (answer,) = predict(web, content).json["predictions"]
    assert decoded(b64decode(answer["b64"])).shape == (37, 53, 3)


def test_status(web):
    state = {
        "version": "1",
        "state": "AVAILABLE",
        "status": {"error_code": "OK", "error_message": ""},
    }
    for path in ("/v1/models/fast_style", "/v1/models/fast_style/versions/1"):
        assert web.get(path).json == {"model_version_status": [state]}


def test_unknown_models_and_versions_are_404(web, photo):
    for path, text in {
        "/v1/models/x": "Could not find any versions of model x",
        "/v1/models/fast_style/versions/7": "Could not find version 7 of model fast_st",
        "/v1/models/x/metadata": "Servable not found for request: Latest(x)",
    }.items():
        answer = web.get(path)
        assert answer.status_code == 404
        assert answer.json["error"].startswith(text)
    for path, text in {
        "/v1/models/x:predict": "Latest(x)",
        "/v1/models/fast_style/versions/7:predict": "Specific(fast_style, 7)",
    }.items():
        answer = predict(web, {"instances": [arrays(photo)]}, path)
        assert answer.status_code == 404
        assert answer.json["error"] == f"Servable not found for request: {text}"


SMALL = np.zeros((16, 16, 3), int).tolist()
BOOLEAN = [*SMALL[:-1], [*SMALL[0][:-1], [0, True, 0]]]
FILE = b64(encoded(np.zeros((16, 16, 3), np.uint8)))
BYTES = {"signature_name": "stylize_bytes"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "JSON Parse error"),
        (b"{", "JSON Parse error"),
        (b"\xff\xfe{}", "JSON Parse error"),
        (b"[" * 100_000, "JSON Parse error"),
        (b"[]", "Is not object"),
        ({}, "Missing 'inputs' or 'instances' key"),
        ({"signature_name": 3}, "'signature_name' key must be a string value"),
        ({"signature_name": "x"}, 'Serving signature name: "x" not found in signature'),
        ({"instances": [], "inputs": {}}, "only one of 'inputs' or 'instances'"),
        ({"instances": []}, "No values in 'instances'"),
        ({"instances": {}}, "Excepting 'instances' to be an list/array"),
        ({"instances": [SMALL]}, "instances is a plain list, but expecting list of"),
        ({"instances": [{"images": SMALL}]}, "must be equal to: images,style_weights"),
        ({"inputs": SMALL}, "inputs is a plain value/list"),
        ({"inputs": {"images": [SMALL]}}, "Missing named input: style_weights"),
        ({"inputs": {"images": SMALL, "style_weights": [WAVE]}}, "(B, H, W, 3)"),
        ({"inputs": {"images": [SMALL], "style_weights": [[1]]}}, "(B, 3) is expected"),
        ({"inputs": {"images": [SMALL] * 3, "style_weights": [WAVE] * 2}}, "as many"),
        (
            {"inputs": {"images": [SMALL], "style_weights": [["1", 0, 0]]}},
            "is not an",
        ),
        ({"inputs": {"images": [SMALL], "style_weights": [[0, 0, 0]]}}, "No style has"),
        (
            {"inputs": {"images": [SMALL], "style_weights": [[0, -1, 2]]}},
            "'wave' is -1",
        ),
        (
            {"inputs": {"images": [SMALL], "style_weights": [[0, float("nan"), 0]]}},
            "'wave' is nan",
        ),
        ({"inputs": {"images": [SMALL], "style_weights": [[0, 1e999, 0]]}}, "is inf"),
        ({"instances": [arrays(np.full((16, 16, 3), 256))]}, "outside 0 to 255"),
        ({"instances": [arrays(np.full((16, 16, 3), 0.5))]}, "images is not an array"),
        ({"inputs": {"images": [BOOLEAN], "style_weights": [WAVE]}}, "is not an"),
        (
            {"inputs": {"images": [SMALL], "style_weights": [[0, True, 0]]}},
            "style_weights is not an",
        ),
        (
            {"inputs": {"images": [SMALL], "style_weights": [[0, 0.5, True]]}},
            "style_weights is not an",
        ),
        ({"instances": [arrays(np.zeros((15, 16, 3), int))]}, "at least 16 x 16 px"),
        (
            {"instances": [{"images": [[[1], 2]], "style_weights": WAVE}]},
            "is not an",
        ),
        (
            {**BYTES, "instances": [{"image_bytes": "x", "style_weights": WAVE}]},
            "base64",
        ),
        (
            {
                **BYTES,
                "inputs": {"image_bytes": [{"b64": "ä"}], "style_weights": [WAVE]},
            },
            "Unable to base64 decode",
        ),
        (
            {**BYTES, "inputs": {"image_bytes": FILE, "style_weights": [WAVE]}},
            "not a list",
        ),
    ],
)
def test_wrong_request_is_explained(web, content, text):
    answer = predict(web, content)
    assert answer.status_code == 400
    assert list(answer.json) == ["error"]
    assert text in answer.json["error"]


def test_pictures_of_a_request_have_a_limit_together(web):
    def rows(number):
        file = b64(encoded(np.zeros((256, 128, 3), np.uint8)))
        return [{"image_bytes": file, "style_weights": WAVE}] * number

    assert predict(web, {**BYTES, "instances": rows(2)}).status_code == 200
    tiny = b64(encoded(np.zeros((16, 16, 3), np.uint8)))
    many = [{"image_bytes": tiny, "style_weights": WAVE}] * 20
    for instances in (rows(4), many):
        answer = predict(web, {**BYTES, "instances": instances})
        assert answer.status_code == 413
    assert "more to paint than 256 x 256 px" in answer.json["error"]
