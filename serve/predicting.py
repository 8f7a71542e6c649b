"""TF Serving's REST: a client of one is a client of the other."""

import io
import json

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import BaseConverter

from fast_style import images
from fast_style.images import Picture

from . import tensors
from .backends import VERSION
from .requests import check_area, painter, read_picture

MODEL = "fast_style"
JPEG_QUALITY = 95  # that of the SavedModel's stylize_bytes

blueprint = Blueprint("predicting", __name__)


class _Name(BaseConverter):
    regex = "[^/:]+"


@blueprint.record_once
def _add_converter(state) -> None:
    state.app.url_map.converters["name"] = _Name


@blueprint.post("/v1/models/<name:model>:predict")
@blueprint.post("/v1/models/<name:model>/versions/<int:version>:predict")
def predict(model: str, version: int | None = None) -> Response:
    """Calls a signature."""
    _check(model, version)
    rows = current_app.config["BACKEND"].rows
    with painter() as lent:
        asked = tensors.loads(request.get_data(cache=False), len(rows))
        pictures = asked.pictures
        in_bytes = asked.signature_name == "stylize_bytes"
        if in_bytes:
            # As the SavedModel does, which knows neither EXIF nor transparency.
            pictures = [_decode(file).pixels for file in pictures]
        check_area(pictures)
        painted = []
        for pixels, weights in zip(pictures, asked.weights.tolist(), strict=True):
            styles = dict(zip(rows, weights, strict=True))
            result = lent.stylize(pixels, styles=styles)
            if in_bytes:
                result = images.encode(
                    Picture(result), format="JPEG", quality=JPEG_QUALITY
                )
            painted.append(result)
        return _json(tensors.dumps(asked, painted))


@blueprint.get("/v1/models/<name:model>")
@blueprint.get("/v1/models/<name:model>/versions/<int:version>")
def status(model: str, version: int | None = None) -> Response:
    """Tells the states of the model's versions, or of one."""
    if model != MODEL:
        raise NotFound(f"Could not find any versions of model {model}")
    states = current_app.config["BACKEND"].versions()
    if version is not None:
        states = [one for one in states if one["version"] == str(version)]
        if not states:
            raise NotFound(f"Could not find version {version} of model {model}")
    return _json(json.dumps({"model_version_status": states}))


@blueprint.get("/v1/models/<name:model>/metadata")
@blueprint.get("/v1/models/<name:model>/versions/<int:version>/metadata")
def metadata(model: str, version: int | None = None) -> Response:
    """Tells the signatures."""
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
            "inputs": {i: _tensor(f"{name}_{i}", *shapes[i]) for i in inputs},
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
    return _json(json.dumps(content))


@blueprint.route(
    "/v1/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
)
def refuse(path: str) -> Response:
    """Answers anything else, by TF Serving's words and status."""
    raise BadRequest(f"Malformed request: {request.method} /v1/{path}")


def _check(model: str, version: int | None) -> None:
    if model != MODEL or version not in (None, VERSION):
        wanted = f"Latest({model})"
        if version is not None:
            wanted = f"Specific({model}, {version})"
        raise NotFound(f"Servable not found for request: {wanted}")


def _decode(data: bytes) -> Picture:
    file = io.BytesIO(data)
    file.name = "image_bytes"
    return read_picture(file, upright=False)


def _tensor(name: str, dtype: str, shape: tuple[int, ...]) -> dict:
    dimensions = [{"size": str(size), "name": ""} for size in shape]
    return {
        "dtype": dtype,
        "tensor_shape": {"dim": dimensions, "unknown_rank": False},
        "name": f"{name}:0",
    }


def _json(text: str) -> Response:
    return Response(text, mimetype="application/json")
