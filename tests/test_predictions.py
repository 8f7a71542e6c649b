"""Messages of TensorFlow Serving, held against its own."""

import numpy as np
import pytest

from fast_style import predictions

tf = pytest.importorskip("tensorflow")
from tensorflow_serving.apis import predict_pb2  # noqa: E402

VALUES = [
    np.arange(24, dtype=np.uint8).reshape(1, 2, 4, 3),
    np.float32([[0.25, 0.75]]),
    [b"\xff\xd8\0", b"other\0"],
]


@pytest.mark.parametrize("value", VALUES)
def test_a_request_is_tensorflow_servings(value):
    ours = predictions.request("fast_style", "stylize_bytes", {"x": value})
    theirs = predict_pb2.PredictRequest.FromString(ours.SerializeToString())
    assert theirs.model_spec.name == "fast_style"
    assert theirs.model_spec.signature_name == "stylize_bytes"
    np.testing.assert_array_equal(
        tf.make_ndarray(theirs.inputs["x"]),
        np.array(value, getattr(value, "dtype", object)),
    )


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("by_field", [False, True])
def test_an_answer_of_tensorflow_serving_is_read(value, by_field):
    message = tf.make_tensor_proto(value)
    if by_field and message.tensor_content:  # as TF Serving answers by default
        array = tf.make_ndarray(message)
        message.tensor_content = b""
        field = message.int_val if array.dtype == np.uint8 else message.float_val
        field.extend(array.ravel().tolist())
    answer = predict_pb2.PredictResponse()
    answer.outputs["y"].CopyFrom(message)
    read = predictions.MESSAGES["PredictResponse"].FromString(
        answer.SerializeToString()
    )
    (output,) = read.outputs
    assert output.key == "y"
    np.testing.assert_array_equal(predictions.array(output.value), value)


def test_a_value_that_is_repeated_is_told_once():
    message = tf.make_tensor_proto(np.full((2, 3), 7, np.uint8))
    message.tensor_content = b""
    message.int_val.append(7)
    ours = predictions.MESSAGES["Tensor"].FromString(message.SerializeToString())
    np.testing.assert_array_equal(predictions.array(ours), np.full((2, 3), 7))


@pytest.mark.parametrize("value", [["text"], [None], [[1], [1, 2]]])
def test_other_values_are_refused(value):
    with pytest.raises(ValueError, match="A tensor takes|inhomogeneous"):
        predictions.tensor(value)
