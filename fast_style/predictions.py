"""Messages of TensorFlow Serving's gRPC, as far as fast_style needs them.

The package tensorflow-serving-api has them all, and needs TensorFlow. On the wire a
message has numbers and no names, so these stand for TensorFlow's own.

Reference:
    tensorflow_serving/apis/predict.proto, model.proto, get_model_status.proto,
    get_model_metadata.proto and prediction_log.proto; tensor.proto of TensorFlow.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PREDICT = "/tensorflow.serving.PredictionService/Predict"
METADATA = "/tensorflow.serving.PredictionService/GetModelMetadata"
STATUS = "/tensorflow.serving.ModelService/GetModelStatus"
STATES = {10: "START", 20: "LOADING", 30: "AVAILABLE", 40: "UNLOADING", 50: "END"}

_PACKAGE = "fast_style"
# Fields of each message: number, name and type, of which * marks a repeated one.
_MESSAGES = {
    "Dimension": "1 size int64",
    "Shape": "2 dim Dimension*",
    "Tensor": "1 dtype int32, 2 shape Shape, 4 content bytes, 5 floats float*, "
    "7 ints int32*, 8 strings bytes*",
    "NamedTensor": "1 key string, 2 value Tensor",
    "Version": "1 value int64",
    "ModelSpec": "1 name string, 2 version Version, 3 signature_name string",
    "PredictRequest": "1 model_spec ModelSpec, 2 inputs NamedTensor*",
    "PredictResponse": "1 outputs NamedTensor*, 2 model_spec ModelSpec",
    "PredictLog": "1 request PredictRequest",
    "PredictionLog": "6 predict_log PredictLog",
    "StatusRequest": "1 model_spec ModelSpec",
    "Problem": "1 error_code int32, 2 error_message string",
    "VersionStatus": "1 version int64, 2 state int32, 3 status Problem",
    "StatusResponse": "1 states VersionStatus*",
    "MetadataRequest": "1 model_spec ModelSpec, 2 metadata_field string*",
    "Any": "2 value bytes",
    "NamedAny": "1 key string, 2 value Any",
    "MetadataResponse": "2 metadata NamedAny*",
    "TensorInfo": "3 shape Shape",
    "NamedInfo": "1 key string, 2 value TensorInfo",
    "Signature": "1 inputs NamedInfo*",
    "NamedSignature": "1 key string, 2 value Signature",
    "Signatures": "1 signatures NamedSignature*",
}
_TYPES: dict[int, np.dtype[Any]] = {  # TensorFlow's numbers of them
    1: np.dtype(np.float32),
    3: np.dtype(np.int32),
    4: np.dtype(np.uint8),
    7: np.dtype(object),
}


def _classes() -> dict[str, Any]:
    """Return the class of each message by its name."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="predictions.proto", package=_PACKAGE, syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for text in fields.split(", "):
            number, key, kind = text.split()
            added = message.field.add(name=key, number=int(number))
            added.label = field.LABEL_REPEATED if "*" in kind else field.LABEL_OPTIONAL
            kind = kind.removesuffix("*")
            if kind in _MESSAGES:
                added.type = field.TYPE_MESSAGE
                added.type_name = f".{_PACKAGE}.{kind}"
            else:
                added.type = field.Type.Value(f"TYPE_{kind.upper()}")
    pool = descriptor_pool.DescriptorPool()  # of its own, beside TensorFlow's
    pool.AddSerializedFile(file.SerializeToString())
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")
        )
        for name in _MESSAGES
    }


MESSAGES = _classes()


def request(model: str, signature_name: str, inputs: Mapping[str, Any]) -> Any:
    """Return the message that asks for a prediction.

    Args:
        model: Name of the model on the server.
        signature_name: One of the model's.
        inputs: Tensors by name, as of `tensor`.
    """
    spec = {"name": model, "signature_name": signature_name}
    message = MESSAGES["PredictRequest"](model_spec=spec)
    for name, value in inputs.items():
        message.inputs.add(key=name, value=tensor(value))
    return message


def warm_up(signature_name: str, inputs: Mapping[str, Any]) -> bytes:
    """Return a record of tf_serving_warmup_requests; see `request`."""
    asked = request("fast_style", signature_name, inputs)
    log = MESSAGES["PredictionLog"](predict_log={"request": asked})
    return log.SerializeToString(deterministic=True)


def tensor(value: Any) -> Any:
    """Return the message of a tensor.

    Args:
        value: Pictures, uint8; numbers, which become float32; or files, as bytes; as an
            array or nested lists.

    Raises:
        ValueError: It is none of these.
    """
    items = np.asarray(value)
    if items.dtype.kind in "SO":
        items = np.asarray(value, object)
    elif items.dtype.kind in "biuf" and items.dtype != np.uint8:
        items = items.astype(np.float32)
    files = items.dtype.hasobject and all(isinstance(i, bytes) for i in items.flat)
    if not (files or items.dtype in (np.uint8, np.float32)):
        raise ValueError("A tensor takes numbers or bytes alone.")
    number = next(n for n, dtype in _TYPES.items() if dtype == items.dtype)
    shape = {"dim": [{"size": size} for size in items.shape]}
    if items.dtype.hasobject:
        strings = list(items.flat)
        return MESSAGES["Tensor"](dtype=number, shape=shape, strings=strings)
    content = items.tobytes()
    return MESSAGES["Tensor"](dtype=number, shape=shape, content=content)


def array(message: Any) -> Any:
    """Return the value of a tensor's message: an array, or nested lists of bytes.

    Raises:
        ValueError: It has another type, or not as many values as its shape says.
    """
    dtype = _TYPES.get(message.dtype)
    if dtype is None:
        raise ValueError(f"a tensor has the type {message.dtype}")
    shape = [dimension.size for dimension in message.shape.dim]
    if dtype.hasobject:
        return np.array(list(message.strings), object).reshape(shape).tolist()
    if message.content:
        return np.frombuffer(message.content, dtype).reshape(shape).copy()
    values = np.array(message.floats or message.ints, dtype)
    missing = int(np.prod(shape)) - len(values)  # all of which are as the last one
    if missing > 0 and len(values):
        values = np.append(values, np.repeat(values[-1:], missing))
    return values.reshape(shape)
