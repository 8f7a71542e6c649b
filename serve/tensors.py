"""TF Serving's JSON: tensors in row format ("instances") and column format ("inputs").

Where TF Serving has an error text for a case, this module uses it.
"""

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

INPUTS = {
    "serving_default": ("images", "style_weights"),
    "stylize_bytes": ("image_bytes", "style_weights"),
}
OUTPUTS = {"serving_default": "stylized_images", "stylize_bytes": "stylized_bytes"}
NO_NUMBERS = "{} is not an array of numbers as the signature asks."
BASE64_ERROR = "JSON Value: not formatted correctly for base64 data"


@dataclass(frozen=True)
class Request:
    """The tensors of a request.

    Args:
        signature_name: A key of INPUTS.
        pictures: uint8 (B, H, W, 3), or B encoded pictures.
        weights: float32 (B, rows).
        row_format: Whether the request has "instances", so that the answer has
            "predictions".
    """

    signature_name: str
    pictures: Any
    weights: np.ndarray
    row_format: bool


def loads(body: bytes, rows: int) -> Request:
    """Read a request.

    Args:
        body: JSON text.
        rows: Number of rows of the model.

    Raises:
        ValueError: The request is malformed.
    """
    content = _parse(body)
    name = content.get("signature_name", "serving_default")
    if not isinstance(name, str):
        raise ValueError("'signature_name' key must be a string value.")
    name = name or "serving_default"
    if name not in INPUTS:
        raise ValueError(f'Serving signature name: "{name}" not found in signature def')
    columns = _columns(content, INPUTS[name])
    key = INPUTS[name][0]
    pictures = PICTURE_READERS[key](columns[key])
    weights = _weights(columns["style_weights"], rows)
    if name == "serving_default" and 1 in (len(pictures), len(weights)):
        # The network takes one row for many pictures, and one picture in many rows.
        number = max(len(pictures), len(weights))
        pictures = np.broadcast_to(pictures, (number, *pictures.shape[1:]))
        weights = np.broadcast_to(weights, (number, rows))
    if len(pictures) != len(weights):
        raise ValueError(
            f"{key} has {len(pictures)} entries and style_weights has {len(weights)}. "
            "Give as many of both."
        )
    return Request(name, pictures, weights, "instances" in content)


def dumps(request: Request, results: Sequence[np.ndarray | bytes]) -> str:
    """Return the answer's JSON text.

    Args:
        request: The request that is answered.
        results: uint8 (H, W, 3) or an encoded picture for each picture of the request.
    """
    values = ", ".join(map(_value, results))
    return f'{{"{"predictions" if request.row_format else "outputs"}": [{values}]}}'


def _value(result: np.ndarray | bytes) -> str:
    if isinstance(result, bytes):
        return json.dumps({"b64": base64.b64encode(result).decode()})
    # Line by line, because Python runs no other thread during a call of json.
    return f"[{', '.join(json.dumps(line.tolist()) for line in result)}]"


def _parse(body: bytes) -> dict[str, Any]:
    if not body:
        raise ValueError("JSON Parse error: The document is empty")
    try:
        # Bytes that are no UTF-8 become strange characters, as in TF Serving; Python
        # would guess UTF-16.
        text = body.decode("utf-8-sig", "replace")
        # During one call of json, Python runs other threads only in functions such as
        # these. They make it slower, but 20 MB of numbers stop nobody else.
        content = json.loads(
            text,
            object_pairs_hook=_first_of_equal_keys,
            parse_int=lambda number: int(number),
            parse_float=lambda number: float(number),
        )
    except (ValueError, RecursionError) as error:
        raise ValueError(f"JSON Parse error: {error}") from None
    if not isinstance(content, dict):
        raise ValueError("JSON Value: Is not object")
    return content


def _first_of_equal_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; of a key that stands twice, the first value counts."""
    return dict(reversed(pairs))


def _columns(content: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the values of each input, in column format."""
    if "instances" in content and "inputs" in content:
        raise ValueError(
            "Not formatted correctly expecting only one of 'inputs' or 'instances' "
            "keys to exist"
        )
    if "instances" in content:
        return _transpose(content["instances"], names)
    if "inputs" not in content:
        raise ValueError("Missing 'inputs' or 'instances' key")
    columns = content["inputs"]
    if not isinstance(columns, dict):
        raise ValueError(
            "inputs is a plain value/list, but expecting an object as multiple "
            "input tensors required as per tensorinfo_map"
        )
    for name in names:
        if name not in columns:
            raise ValueError(f"Missing named input: {name} in 'inputs' object.")
    return columns


def _transpose(instances: object, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(instances, list):
        raise ValueError("Excepting 'instances' to be an list/array")
    if not instances:
        raise ValueError("No values in 'instances' array")
    for index, instance in enumerate(instances):
        if not isinstance(instance, dict):
            raise ValueError(
                "instances is a plain list, but expecting list of objects as multiple "
                "input tensors required as per tensorinfo_map"
            )
        if instance.keys() != set(names):
            raise ValueError(
                f"Failed to process element: {index} of 'instances' list. "
                f"JSON object: keys must be equal to: {','.join(sorted(names))}"
            )
    return {name: [instance[name] for instance in instances] for name in names}


def _pixels(value: Any) -> np.ndarray:
    pixels = _array(lambda: _stack_lines(value), "images", kinds="iu")
    if pixels.ndim != 4 or pixels.shape[3] != 3:
        raise ValueError(
            f"images has the shape {pixels.shape}; (B, H, W, 3) is expected."
        )
    lines = (line for image in value for line in image)
    _refuse_booleans(map(chain.from_iterable, lines), "images")
    if pixels.min() < 0 or pixels.max() > 255:
        raise ValueError("images has numbers outside 0 to 255.")
    return pixels.astype(np.uint8)


def _weights(value: Any, rows: int) -> np.ndarray:
    weights = _array(lambda: np.array(value), "style_weights", kinds="iuf")
    if weights.ndim != 2 or weights.shape[1] != rows:
        raise ValueError(
            f"style_weights has the shape {weights.shape}; (B, {rows}) is expected."
        )
    _refuse_booleans(value, "style_weights")
    with np.errstate(over="ignore"):  # the stylizer refuses what becomes infinite
        return weights.astype(np.float32)


def _stack_lines(value: Any) -> np.ndarray:
    """Return pictures as an array, made line by line, as `_value` writes them."""
    return np.stack([np.stack([np.array(line) for line in image]) for image in value])


def _array(make: Callable[[], np.ndarray], name: str, *, kinds: str) -> np.ndarray:
    """Return an array of one of NumPy's kinds that a function makes of nested lists."""
    try:
        array = make()
    except (ValueError, TypeError, RecursionError):
        array = np.array(None)  # no lists, or of unequal length
    if array.dtype.kind not in kinds or not array.size:
        raise ValueError(NO_NUMBERS.format(name))
    return array


def _refuse_booleans(lists: Iterable[Iterable[object]], name: str) -> None:
    """Raise an error for true and false among numbers: NumPy takes them for 1 and 0."""
    if any(bool in map(type, values) for values in lists):
        raise ValueError(NO_NUMBERS.format(name))


def _files(value: object) -> list[bytes]:
    if not isinstance(value, list) or not value:
        raise ValueError('image_bytes is not a list of {"b64": "..."}.')
    return [_file(entry) for entry in value]


def _file(value: object) -> bytes:
    if not isinstance(value, dict) or value.keys() != {"b64"}:
        raise ValueError(BASE64_ERROR)
    text = value["b64"]
    if not isinstance(text, str):
        raise ValueError(BASE64_ERROR)
    # As TF Serving: the standard alphabet, white space anywhere, and either no padding
    # or the exact one.
    try:
        data = text.encode("ascii").translate(None, b" \t\n\v\f\r")
        digits = data.rstrip(b"=")
        padded = digits + b"=" * (-len(digits) % 4)
        if data not in (digits, padded):
            raise ValueError
        return base64.b64decode(padded, validate=True)
    except ValueError:
        raise ValueError("Unable to base64 decode") from None


PICTURE_READERS: dict[str, Callable[[object], Any]] = {
    "images": _pixels,
    "image_bytes": _files,
}
