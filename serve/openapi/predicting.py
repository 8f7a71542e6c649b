"""The routes of TF Serving, described."""

from fast_style import MIN_SIZE

from .. import predicting, tensors
from ..backends import Backend
from ..schemas import B64, INTEGER, Schema, array, body, get, record, responses
from .painting import PAINTING_ERRORS


def paths(version: str, backend: Backend) -> Schema:
    """Return the routes of a version of the model; "" is the latest."""
    model = f"/v1/models/{predicting.MODEL}{version}"
    status = record({"model_version_status": {}})
    metadata = record({"model_spec": {}, "metadata": {}})
    return {
        model: {"get": get("TF Serving's model status.", status, errors=(503,))},
        f"{model}/metadata": {"get": get("TF Serving's model metadata.", metadata)},
        f"{model}:predict": {"post": _predict(len(backend.rows))},
    }


def _predict(rows: int) -> Schema:
    pixel = {**INTEGER, "minimum": 0, "maximum": 255}
    picture = array(array(array(pixel, 3, 3), MIN_SIZE), MIN_SIZE)
    weights = array({"type": "number", "minimum": 0}, rows, rows)
    pictures = {"images": picture, "image_bytes": B64}
    requests = []
    for signature, (key, weights_key) in tensors.INPUTS.items():
        name = {"signature_name": {"const": signature}}
        required = [] if signature == "serving_default" else ["signature_name"]
        row = record({key: pictures[key], weights_key: weights})
        columns = record({key: array(pictures[key]), weights_key: array(weights)})
        for field, value in (("instances", array(row)), ("inputs", columns)):
            requests.append(
                {
                    "type": "object",
                    "required": [*required, field],
                    "properties": {**name, field: value},
                }
            )
    results = {"type": "array", "items": {"anyOf": [picture, B64]}}
    answers = [record({field: results}) for field in ("predictions", "outputs")]
    return {
        "summary": "TF Serving's predict.",
        "requestBody": body("application/json", {"anyOf": requests}),
        "responses": responses(
            "application/json", {"oneOf": answers}, errors=PAINTING_ERRORS
        ),
    }
