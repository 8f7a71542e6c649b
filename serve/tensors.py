"""TF Serving's JSON: tensors in row format ("instances") and column format ("inputs").

Texts of errors are TF Serving's where it has one for the case.
"""

import base64
import binascii
import json
from dataclasses import dataclass

import numpy as np

INPUTS = {
    "serving_default": ("images", "style_weights"),
    "stylize_bytes": ("image_bytes", "style_weights"),
}
OUTPUTS = {"serving_default": "stylized_images", "stylize_bytes": "stylized_bytes"}


@dataclass(frozen=True)
class Request:
    """A request's tensors.

    Args:
        signature_name: a key of INPUTS.
        pictures: uint8 (B, H, W, 3), or B encoded pictures.
        weights: float32 (B, rows).
        in_rows: whether "instances" was given, and "predictions" is the answer.
    """

    signature_name: str
    pictures: np.ndarray | list[bytes]
    weights: np.ndarray
    in_rows: bool


def loads(body: bytes, rows: int) -> Request:
    """Reads a request to a model of so many rows; ValueError says what is wrong."""
    given = _parse(body)
    name = given.get("signature_name", "serving_default")
    if not isinstance(name, str):
        raise ValueError("'signature_name' key must be a string value.")
    name = name or "serving_default"
    if name not in INPUTS:
        raise ValueError(f'Serving signature name: "{name}" not found in signature def')
    if "instances" in given and "inputs" in given:
        raise ValueError(
            "Not formatted correctly expecting only one of 'inputs' or 'instances' "
            "keys to exist"
        )
    if "instances" in given:
        columns = _transpose(given["instances"], INPUTS[name])
    elif "inputs" in given:
        columns = given["inputs"]
        if not isinstance(columns, dict):
            raise ValueError(
                "inputs is a plain value/list, but expecting an object as multiple "
                "input tensors required as per tensorinfo_map"
            )
        for key in INPUTS[name]:
            if key not in columns:
                raise ValueError(f"Missing named input: {key} in 'inputs' object.")
    else:
        raise ValueError("Missing 'inputs' or 'instances' key")
    key = INPUTS[name][0]
    read = _pixels if key == "images" else _files
    pictures, weights = read(columns[key]), _weights(columns["style_weights"], rows)
    if len(pictures) != len(weights):
        raise ValueError(
            f"{key} holds {len(pictures)} and style_weights {len(weights)}. "
            "Give as many of both."
        )
    return Request(name, pictures, weights, "instances" in given)


def dumps(request: Request, painted: list[np.ndarray] | list[bytes]) -> str:
    """Gives the answer's text."""
    values = [
        {"b64": base64.b64encode(one).decode()}
        if isinstance(one, bytes)
        else one.tolist()
        for one in painted
    ]
    return json.dumps({"predictions" if request.in_rows else "outputs": values})


def _parse(body: bytes) -> dict:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"JSON Parse error: {error}") from None
    if not isinstance(given, dict):
        raise ValueError("JSON Value: Is not object")
    return given


def _transpose(instances: object, names: tuple[str, ...]) -> dict[str, list]:
    if not isinstance(instances, list):
        raise ValueError("Excepting 'instances' to be an list/array")
    if not instances:
        raise ValueError("No values in 'instances' array")
    for number, one in enumerate(instances):
        if not isinstance(one, dict):
            raise ValueError(
                "instances is a plain list, but expecting list of objects as multiple "
                "input tensors required as per tensorinfo_map"
            )
        if one.keys() != set(names):
            raise ValueError(
                f"Failed to process element: {number} of 'instances' list. "
                f"JSON object: keys must be equal to: {','.join(sorted(names))}"
            )
    return {name: [one[name] for one in instances] for name in names}


def _pixels(value: object) -> np.ndarray:
    pixels = _array(value, "images", kinds="iu")
    if pixels.ndim != 4 or pixels.shape[3] != 3:
        raise ValueError(f"images has shape {pixels.shape}, and (B, H, W, 3) is meant.")
    if pixels.min() < 0 or pixels.max() > 255:
        raise ValueError("images holds numbers outside 0 to 255.")
    return pixels.astype(np.uint8)


def _weights(value: object, rows: int) -> np.ndarray:
    weights = _array(value, "style_weights", kinds="iuf")
    if weights.ndim != 2 or weights.shape[1] != rows:
        raise ValueError(
            f"style_weights has shape {weights.shape}, and (B, {rows}) is meant."
        )
    with np.errstate(over="ignore"):  # becomes infinite, which is told later
        return weights.astype(np.float32)


def _array(value: object, name: str, *, kinds: str) -> np.ndarray:
    try:
        array = np.array(value)
    except (ValueError, RecursionError):
        array = np.array(None)  # lists of unequal length
    if array.dtype.kind not in kinds or not array.size:
        raise ValueError(f"{name} is no array of numbers as the signature has it.")
    return array


def _files(value: object) -> list[bytes]:
    if not isinstance(value, list) or not value:
        raise ValueError('image_bytes is no list of {"b64": "..."}.')
    return [_file(one) for one in value]


def _file(value: object) -> bytes:
    if not (
        isinstance(value, dict)
        and value.keys() == {"b64"}
        and isinstance(value["b64"], str)
    ):
        raise ValueError("JSON Value: not formatted correctly for base64 data")
    text = "".join(value["b64"].split())
    try:
        # TF Serving takes both alphabets, padded or not.
        text = text.rstrip("=").translate(str.maketrans("-_", "+/"))
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("Unable to base64 decode") from None
