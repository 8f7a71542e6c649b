"""TF Serving's REST API: a client of one server is a client of the other."""

import json
import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import BaseConverter

from fast_style import images
from fast_style.images import Picture

from . import image_bytes, tensors
from .requests import check_area, lend_stylizer, read_body

MODEL = "fast_style"
METHOD_NAME = "tensorflow/serving/predict"
JPEG_QUALITY = 95  # as in the SavedModel's stylize_bytes

blueprint = Blueprint("predicting", __name__)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MAX_VERSION = 2**63 - 1

# TF Serving reads its paths without regard to case, but for the last word.
_MODEL = (
    r"/v1/models/(?P<model>[^/:]+)"
    r"(?:/versions/(?P<version>[0-9]+)|/labels/(?P<label>[^/:]+))?"
)
_VERB = re.compile(rf"{_MODEL}:(?P<verb>predict|classify|regress)", re.IGNORECASE)
_STATE = re.compile(rf"{_MODEL}(?P<metadata>/metadata)?", re.IGNORECASE)


class Version1Path(BaseConverter):
    """A path that TF Serving answers: all that begins with /v1/."""

    regex = "(?i:v1)/.*"
    part_isolating = False


@blueprint.record_once
def _add_converter(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["version1"] = Version1Path


@blueprint.route("/<version1:path>", methods=METHODS, provide_automatic_options=False)
def answer(path: str) -> Response:
    """Answer a request for TF Serving, its wrong ones with its words and status."""
    path = f"/{path}"
    if request.method == "POST" and (match := _VERB.fullmatch(path)):
        spec, verb = _read_spec(match), match["verb"]
        # The route of the metrics: TF Serving's word, not what was sent.
        g.route = f"/v1/models/<model>:{verb.lower()}"
        if verb == "predict":
            return _predict(spec)
        if verb in ("classify", "regress"):
            _refuse_verb(spec, verb)
    if request.method == "GET" and (match := _STATE.fullmatch(path)):
        spec = _read_spec(match)
        g.route = "/v1/models/<model>"
        if match["metadata"] == "/metadata":
            g.route += "/metadata"
            return _describe(spec)
        return _tell_status(spec)
    if request.method == "GET" and path.lower() == "/v1/models":
        raise BadRequest("Missing model name in request.")
    raise BadRequest(f"Malformed request: {request.method} {path}")


@dataclass(frozen=True)
class _Spec:
    """Which model a path names, in which version or under which label."""

    model: str
    version: int | None
    label: str | None


def _read_spec(match: re.Match[str]) -> _Spec:
    text = (match["version"] or "").lstrip("0")
    # Python reads no number of more than 4,300 digits.
    if len(text) > len(str(MAX_VERSION)) or int(text or 0) > MAX_VERSION:
        raise BadRequest(f"Failed to convert version: {match['version']} to numeric.")
    version = int(text or 0) if match["version"] else None
    return _Spec(match["model"], version, match["label"])


def _latest_version() -> int | None:
    """Return the version that paints: the latest that is ready."""
    states = current_app.config["BACKEND"].versions()
    ready = [state for state in states if state["state"] == "AVAILABLE"]
    return max((int(state["version"]) for state in ready), default=None)


def _check(spec: _Spec) -> None:
    """Raise an error unless the server has the model, as TF Serving words it."""
    if spec.label is not None:
        raise BadRequest(f"Unrecognized servable version label: {spec.label}")
    known = spec.model == MODEL
    if known and spec.version is not None:
        known = spec.version == _latest_version()
    if not known:
        wanted = f"Latest({spec.model})"
        if spec.version is not None:
            wanted = f"Specific({spec.model}, {spec.version})"
        raise NotFound(f"Servable not found for request: {wanted}")


def _refuse_verb(spec: _Spec, verb: str) -> None:
    _check(spec)
    kind = {"classify": "classification", "regress": "regression"}[verb]
    raise BadRequest(
        f"Expected {kind} signature method_name to be tensorflow/serving/{verb}. "
        f"Was: {METHOD_NAME}"
    )


def _predict(spec: _Spec) -> Response:
    """Run a signature of the model on the request's tensors."""
    _check(spec)
    rows = current_app.config["BACKEND"].rows
    with lend_stylizer(gzip=True) as stylizer:
        tensor_request = tensors.loads(read_body(), len(rows))
        encoded = tensor_request.signature_name == "stylize_bytes"
        photos = tensor_request.pictures
        if encoded:
            photos = [image_bytes.decode(file) for file in photos]
        check_area(photos)
        results = []
        for photo, weights in zip(photos, tensor_request.weights.tolist(), strict=True):
            styles = dict(zip(rows, weights, strict=True))
            pixels = stylizer.stylize(photo, styles=styles)
            results.append(_encode(pixels) if encoded else pixels)
        return _json_response(tensors.dumps(tensor_request, results))


def _tell_status(spec: _Spec) -> Response:
    """Return the states of all versions of the model, or of one.

    TF Serving ignores a label here.
    """
    states = current_app.config["BACKEND"].versions() if spec.model == MODEL else []
    if spec.version is not None:
        states = [state for state in states if state["version"] == str(spec.version)]
        if not states:
            raise NotFound(
                f"Could not find version {spec.version} of model {spec.model}"
            )
    if not states:
        raise NotFound(f"Could not find any versions of model {spec.model}")
    return _json_response(json.dumps({"model_version_status": states}))


def _describe(spec: _Spec) -> Response:
    """Return the model's signatures."""
    _check(spec)
    rows = len(current_app.config["BACKEND"].rows)
    shapes = {
        "images": ("DT_UINT8", (-1, -1, -1, 3)),
        "image_bytes": ("DT_STRING", (-1,)),
        "style_weights": ("DT_FLOAT", (-1, rows)),
        "stylized_images": ("DT_UINT8", (-1, -1, -1, 3)),
        "stylized_bytes": ("DT_STRING", (-1,)),
    }
    signatures = {
        name: {
            "inputs": {key: _tensor(f"{name}_{key}", *shapes[key]) for key in inputs},
            "outputs": {
                output: _tensor("StatefulPartitionedCall", *shapes[output])
                for output in (tensors.OUTPUTS[name],)
            },
            "method_name": METHOD_NAME,
            "defaults": {},
        }
        for name, inputs in tensors.INPUTS.items()
    }
    version = _latest_version()
    if version is None:
        raise NotFound(f"Servable not found for request: Latest({MODEL})")
    model_spec = {"name": MODEL, "signature_name": "", "version": str(version)}
    metadata = {"signature_def": {"signature_def": signatures}}
    content = {"model_spec": model_spec, "metadata": metadata}
    return _json_response(json.dumps(content))


def _encode(pixels: Any) -> bytes:
    return images.encode(Picture(pixels), format="JPEG", quality=JPEG_QUALITY)


def _tensor(name: str, dtype: str, shape: tuple[int, ...]) -> dict[str, Any]:
    dimensions = [{"size": str(size), "name": ""} for size in shape]
    return {
        "dtype": dtype,
        "tensor_shape": {"dim": dimensions, "unknown_rank": False},
        "name": f"{name}:0",
    }


def _json_response(text: str) -> Response:
    return Response(text, mimetype="application/json")
