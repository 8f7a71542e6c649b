"""TF Serving's REST contract in its details, as its source and its documents tell them.

docs/serve.md has a table of what is different here.
"""

import gzip
import json

import numpy as np
import pytest
from serving import b64, encoded

MODEL = "/v1/models/fast_style"
PREDICT = f"{MODEL}:predict"
WAVE, SCREAM = [0, 1, 0], [0, 0, 1]
PHOTO = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3)
FILE = b64(encoded(PHOTO))
ARRAYS = {"instances": [{"images": PHOTO.tolist(), "style_weights": WAVE}]}
PAINTED = {"predictions": [(255 - PHOTO).tolist()]}


def post(web, content, path=PREDICT, **headers):
    body = content if isinstance(content, bytes) else json.dumps(content)
    return web.post(path, data=body, headers=headers)


def check_refusal(answer, status, text):
    assert answer.status_code == status
    assert text in answer.json["error"]


def of_bytes(file, weights=WAVE):
    rows = [{"image_bytes": file, "style_weights": weights}]
    return {"signature_name": "stylize_bytes", "instances": rows}


@pytest.mark.parametrize(
    "path",
    [
        *(PREDICT, f"{MODEL}/versions/1:predict", f"{MODEL}/versions/0001:predict"),
        *("/V1/Models/fast_style:predict", "/v1/MODELS/fast_style/Versions/1:predict"),
        "/v1/models/fast%5Fstyle:predict",
    ],
)
def test_paths_that_predict(web, path):
    answer = post(web, ARRAYS, path)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.json == PAINTED


@pytest.mark.parametrize(
    "path",
    [
        *(MODEL, f"{MODEL}/versions/1", "/V1/models/fast_style", f"{MODEL}/labels/any"),
        f"{MODEL}/METADATA",  # only the lower case is the metadata
    ],
)
def test_paths_that_tell_the_status(web, path):
    status = {"error_code": "OK", "error_message": ""}
    state = {"version": "1", "state": "AVAILABLE", "status": status}
    assert web.get(path).json == {"model_version_status": [state]}


@pytest.mark.parametrize(
    "path", [MODEL, f"{MODEL}/versions/1", "/V1/Models/fast_style"]
)
def test_metadata_has_no_type(web, path):
    answer = web.get(f"{path}/metadata").json
    spec = {"name": "fast_style", "signature_name": "", "version": "1"}
    assert answer["model_spec"] == spec
    assert list(answer["metadata"]["signature_def"]) == ["signature_def"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", PREDICT), ("DELETE", PREDICT), ("PUT", MODEL), ("PATCH", MODEL)),
        *(("OPTIONS", PREDICT), ("OPTIONS", MODEL), ("POST", MODEL)),
        *(("GET", f"{MODEL}/versions/one"), ("GET", f"{MODEL}/"), ("GET", "/v1/")),
        *(("GET", "/v1/else"), ("GET", f"{MODEL}/versions/1/labels/a")),
        *(("POST", f"{MODEL}:paint"), ("POST", f"{MODEL}:PREDICT")),
        ("POST", f"{MODEL}/labels/a/b:predict"),
    ],
)
def test_other_methods_and_paths_are_malformed(web, method, path):
    answer = web.open(path, method=method)
    assert answer.status_code == 400
    assert answer.json == {"error": f"Malformed request: {method} {path}"}


@pytest.mark.parametrize("path", [MODEL, PREDICT, f"{MODEL}/metadata"])
def test_head_is_malformed_and_has_no_body(web, path):
    answer = web.head(path)
    assert (answer.status_code, answer.data) == (400, b"")


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        (
            f"{MODEL}/labels/stable:predict",
            400,
            "Unrecognized servable version label: ",
        ),
        (f"{MODEL}/versions/2:predict", 404, "not found for request: Specific(fast_st"),
        ("/v1/models/FAST_STYLE:predict", 404, "not found for request: Latest(FAST_ST"),
        (f"{MODEL}:classify", 400, "classification signature method_name to be tensor"),
        (f"{MODEL}:regress", 400, "regression signature method_name to be tensorflow"),
        (f"{MODEL}/versions/{2**63 - 1}:predict", 404, f", {2**63 - 1})"),
        (f"{MODEL}/versions/{2**63}:predict", 400, "Failed to convert version: "),
        (f"{MODEL}/versions/{2**64 - 1}:predict", 400, f"{2**64 - 1} to numeric."),
        (f"/v1/models/x/versions/{2**64}:predict", 400, "Failed to convert version: "),
        (f"{MODEL}/versions/{'9' * 5000}:predict", 400, "Failed to convert version: "),
    ],
)
def test_wrong_models_and_verbs(web, path, status, text):
    answer = post(web, ARRAYS, path)
    check_refusal(answer, status, text)


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/v1/models", 400, "Missing model name in request."),
        ("/v1/models/x", 404, "Could not find any versions of model x"),
        ("/v1/models/x/versions/1", 404, "Could not find version 1 of model x"),
        (f"{MODEL}/versions/7", 404, "Could not find version 7 of model fast_style"),
        (f"{MODEL}/versions/{2**64 - 1}", 400, "Failed to convert version: "),
        (f"{MODEL}/labels/a/metadata", 400, "Unrecognized servable version label: a"),
        (f"{MODEL}/versions/7/metadata", 404, "Specific(fast_style, 7)"),
    ],
)
def test_wrong_questions(web, path, status, text):
    answer = web.get(path)
    check_refusal(answer, status, text)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_body_may_be_packed_by_gzip(web, encoding):
    body = gzip.compress(json.dumps(ARRAYS).encode())
    answer = post(web, body, **{"Content-Encoding": encoding})
    assert answer.json == PAINTED


@pytest.mark.parametrize(
    ("content", "cut", "status", "text"),
    [
        (b"", 20, 400, "cut short"),
        (b"{}", 9, 400, "cut short"),
        (bytes(1_000_001), 0, 413, "over 1 MB when unpacked"),
        (bytes(20_000_000), 0, 413, "over 1 MB when unpacked"),
    ],
    ids=["nothing", "half", "too large", "far too large"],
)
def test_badly_packed_body_is_refused(web, content, cut, status, text):
    packed = gzip.compress(content)
    answer = post(web, packed[: len(packed) - cut], **{"Content-Encoding": "gzip"})
    check_refusal(answer, status, text)


@pytest.mark.parametrize(
    ("encoding", "status", "text"),
    [
        ("gzip", 400, "The body is not gzip, or damaged"),
        ("br", 415, "Content-Encoding is not supported. Use gzip, or leave"),
    ],
)
def test_body_packed_otherwise_is_refused(web, encoding, status, text):
    answer = post(web, b"{}", **{"Content-Encoding": encoding})
    check_refusal(answer, status, text)


def test_body_needs_no_type_and_may_begin_with_a_mark(web):
    body = json.dumps(ARRAYS).encode()
    assert post(web, b"\xef\xbb\xbf" + body).json == PAINTED
    assert post(web, body, **{"Content-Type": "text/plain"}).json == PAINTED


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_body_is_utf8(web, encoding):
    answer = post(web, json.dumps(ARRAYS).encode(encoding))
    assert answer.status_code == 400
    assert answer.json["error"].startswith("JSON Parse error: ")


def test_empty_body_is_named(web):
    answer = post(web, b"")
    assert answer.status_code == 400
    assert answer.json == {"error": "JSON Parse error: The document is empty"}


def test_first_of_equal_keys_counts(web):
    image = json.dumps(PHOTO.tolist())
    body = f"""{{"instances": [{{"images": {image}, "style_weights": {WAVE},
        "style_weights": {SCREAM}}}], "instances": 7}}"""
    assert post(web, body.encode()).json == PAINTED


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("QUJD", True),
        ("QUI=", True),
        ("QUI", True),
        ("Q U\nI\t=\r", True),
        ("QQ==", True),
        ("QUI==", False),
        ("QUJD=", False),
        ("QUJD====", False),
        ("QQ=", False),
        ("QQ===", False),
        ("Q=Q=", False),
        ("=", False),
        ("QUJDR", False),
        ("-_-_", False),
        ("+/+/", True),
        ("Q\u00a0Q", False),
        ("\u0661", False),
    ],
)
def test_base64_has_the_standard_alphabet_and_exact_padding_or_none(web, text, good):
    answer = post(web, of_bytes({"b64": text}))
    assert answer.status_code == 400
    # What decodes is no picture.
    refused = answer.json["error"] == "Unable to base64 decode"
    assert refused == (not good)


@pytest.mark.parametrize("file", [b"none", b"", encoded(PHOTO)[:60], b"GIF89a"])
def test_bytes_that_are_no_picture_are_400(web, file):
    answer = post(web, of_bytes(b64(file)))
    assert answer.status_code == 400
    assert "image_bytes" in answer.json["error"]


def test_one_row_of_weights_serves_many_images_and_one_image_many_rows(web):
    images, other = PHOTO.tolist(), (PHOTO // 2).tolist()
    columns = {"images": [images, other], "style_weights": [WAVE]}
    answer = post(web, {"inputs": columns}).json["outputs"]
    np.testing.assert_array_equal(answer, [255 - PHOTO, 255 - PHOTO // 2])
    columns = {"images": [images], "style_weights": [WAVE, SCREAM]}
    answer = post(web, {"inputs": columns}).json["outputs"]
    np.testing.assert_array_equal(answer, [255 - PHOTO, PHOTO[..., ::-1]])


@pytest.mark.parametrize(
    ("pictures", "rows"), [([FILE], [WAVE] * 2), ([FILE] * 2, [WAVE])]
)
def test_bytes_need_a_row_of_weights_each(web, pictures, rows):
    columns = {"image_bytes": pictures, "style_weights": rows}
    answer = post(web, {"signature_name": "stylize_bytes", "inputs": columns})
    assert answer.status_code == 400
    assert "Give as many of both." in answer.json["error"]


def test_extra_keys_are_ignored_but_in_rows(web):
    columns = {"images": [PHOTO.tolist()], "style_weights": [WAVE], "more": 1}
    assert post(web, {"inputs": columns, "more": None}).status_code == 200
    (row,) = ARRAYS["instances"]
    answer = post(web, {"instances": [{**row, "more": 1}]})
    assert answer.status_code == 400
    assert "keys must be equal to: images,style_weights" in answer.json["error"]
