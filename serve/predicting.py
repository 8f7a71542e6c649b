"""TF Serving's REST API: a client of one server is a client of the other."""

import io
import json
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import BaseConverter

from fast_style import images
from fast_style.images import Picture

from . import tensors
from .backends import VERSION
from .requests import check_area, lend_stylizer, read_picture

MODEL = "fast_style"
JPEG_QUALITY = 95  # as in the SavedModel's stylize_bytes

blueprint = Blueprint("predicting", __name__)


class ModelName(BaseConverter):
    """The part of a path that names a model; a colon ends it."""

    regex = "[^/:]+"


@blueprint.record_once
def _add_converter(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["name"] = ModelName


@blueprint.post("/v1/models/<name:model>:predict")
@blueprint.post("/v1/models/<name:model>/versions/<int:version>:predict")
def predict(model: str, version: int | None = None) -> Response:
    """Run a signature of the model on the request's tensors."""
    _check(model, version)
    rows = current_app.config["BACKEND"].rows
    with lend_stylizer() as stylizer:
        tensor_request = tensors.loads(request.get_data(cache=False), len(rows))
        encoded = tensor_request.signature_name == "stylize_bytes"
        photos = tensor_request.pictures
        if encoded:
            photos = [_decode(file) for file in photos]
        check_area(photos)
        results = []
        for photo, weights in zip(photos, tensor_request.weights.tolist(), strict=True):
            styles = dict(zip(rows, weights, strict=True))
            pixels = stylizer.stylize(photo, styles=styles)
            results.append(_encode(pixels) if encoded else pixels)
        return _json_response(tensors.dumps(tensor_request, results))


@blueprint.get("/v1/models/<name:model>")
@blueprint.get("/v1/models/<name:model>/versions/<int:version>")
def status(model: str, version: int | None = None) -> Response:
    """Return the states of all versions of the model, or of one."""
    if model != MODEL:
        raise NotFound(f"Could not find any versions of model {model}")
    states = current_app.config["BACKEND"].versions()
    if version is not None:
        states = [state for state in states if state["version"] == str(version)]
        if not states:
            raise NotFound(f"Could not find version {version} of model {model}")
    return _json_response(json.dumps({"model_version_status": states}))


@blueprint.get("/v1/models/<name:model>/metadata")
@blueprint.get("/v1/models/<name:model>/versions/<int:version>/metadata")
def metadata(model: str, version: int | None = None) -> Response:
    """Return the model's signatures."""
    _check(model, version)
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
            "method_name": "tensorflow/serving/predict",
            "defaults": {},
        }
        for name, inputs in tensors.INPUTS.items()
    }
    spec = {"name": MODEL, "signature_name": "", "version": str(VERSION)}
    definition = {
        "@type": "type.googleapis.com/tensorflow.serving.SignatureDefMap",
        "signature_def": signatures,
    }
    content = {"model_spec": spec, "metadata": {"signature_def": definition}}
    return _json_response(json.dumps(content))


@blueprint.route(
    "/v1/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
)
def refuse(path: str) -> Response:
    """Answer any other path with TF Serving's words and status."""
    raise BadRequest(f"Malformed request: {request.method} /v1/{path}")


def _check(model: str, version: int | None) -> None:
    if model != MODEL or version not in (None, VERSION):
        wanted = f"Latest({model})"
        if version is not None:
            wanted = f"Specific({model}, {version})"
        raise NotFound(f"Servable not found for request: {wanted}")


def _decode(data: bytes) -> Any:
    """Decode a picture as the SavedModel does, which ignores EXIF and transparency."""
    file = io.BytesIO(data)
    file.name = "image_bytes"
    return read_picture(file, upright=False).pixels


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
