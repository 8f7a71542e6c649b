import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from tensorflow.python.tools import saved_model_cli

pytestmark = pytest.mark.slow
SIZES = ((37, 53), (101, 64))


@pytest.fixture(scope="module")
def signatures(exported):
    directory, _ = exported
    return tf.saved_model.load(str(directory / "1")).signatures


def rows_of(weights):
    """Weights of all rows of the export, of which the first is the photograph."""
    return np.float32([[0, *row] for row in weights])


def encoded(pixels, format):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, quality=100, subsampling=0)
    return file.getvalue()


@pytest.mark.parametrize("weights", [[[1, 0]], [[0, 1]], [[0.3, 0.7]]])
def test_arrays_are_stylized_as_by_keras(signatures, pictures, expected, weights):
    for size in SIZES:
        pixels = pictures(*size)
        outputs = signatures["serving_default"](
            images=pixels, style_weights=rows_of(weights)
        )
        stylized = outputs["stylized_images"].numpy()
        assert stylized.dtype == np.uint8
        target = expected(pixels, weights)
        assert np.abs(stylized - target).max() <= 1
        assert (stylized != target).mean() < 0.01  # rounded, not cut off


def test_one_picture_may_have_several_rows_of_weights(signatures, pictures, expected):
    pixels, rows = pictures(37, 53), [[1, 0], [0, 1], [0.3, 0.7]]
    outputs = signatures["serving_default"](images=pixels, style_weights=rows_of(rows))
    stylized = outputs["stylized_images"].numpy()
    assert len(stylized) == len(rows)
    for result, row in zip(stylized, rows, strict=True):
        assert np.abs(result - expected(pixels, [row])[0]).max() <= 1


def test_styles_differ_so_that_wrong_weights_would_show(pictures, expected):
    first, second = (expected(pictures(37, 53), [row]) for row in ([1, 0], [0, 1]))
    assert np.abs(first - second).max() > 20


def test_style_weights_of_any_sum_are_normalised(signatures, pictures, expected):
    pixels = pictures(37, 53)
    outputs = signatures["serving_default"](
        images=pixels, style_weights=rows_of([[1.5, 4.5]])
    )
    target = expected(pixels, [[0.25, 0.75]])
    assert np.abs(outputs["stylized_images"].numpy() - target).max() <= 1


def test_files_of_several_formats_and_sizes_share_a_batch(
    signatures, pictures, expected
):
    wide, high = pictures(37, 53)[0], pictures(101, 64)[0]
    grey = wide.mean(-1).astype(np.uint8)
    batch = [encoded(wide, "JPEG"), encoded(high, "PNG"), encoded(grey, "PNG")]
    weights = [[1, 0], [0, 1], [0.5, 0.5]]
    outputs = signatures["stylize_bytes"](
        image_bytes=tf.constant(batch), style_weights=rows_of(weights)
    )
    assert list(outputs) == ["stylized_bytes"]
    wide = np.asarray(Image.open(io.BytesIO(batch[0])))
    decoded = [wide, high, np.repeat(grey[..., None], 3, -1)]
    for result, pixels, row in zip(
        outputs["stylized_bytes"].numpy(), decoded, weights, strict=True
    ):
        assert result.startswith(b"\xff\xd8")  # a JPEG
        stylized = np.asarray(Image.open(io.BytesIO(result)))
        target = expected(pixels[None], [row])[0]
        assert stylized.shape == target.shape
        assert np.abs(stylized - target).mean() < 3


@pytest.mark.parametrize("signature", ["serving_default", "stylize_bytes"])
def test_session_of_saved_model_cli_runs_both_signatures(
    exported, pictures, expected, tmp_path, signature
):
    directory, _ = exported
    pixels = pictures(37, 53)
    inputs = {"style_weights": rows_of([[0, 1]])}
    if signature == "serving_default":
        inputs["images"] = pixels
    else:
        inputs["image_bytes"] = np.array([encoded(pixels[0], "PNG")])
    saved_model_cli.run_saved_model_with_feed_dict(
        str(directory / "1"), "serve", signature, inputs, str(tmp_path), True
    )
    (path,) = tmp_path.iterdir()
    result = np.load(path, allow_pickle=True)
    target = expected(pixels, [[0, 1]])
    if signature == "serving_default":
        assert path.name == "stylized_images.npy"
        assert np.abs(result - target).max() <= 1
    else:
        assert path.name == "stylized_bytes.npy"
        stylized = np.asarray(Image.open(io.BytesIO(result[0])))
        assert np.abs(stylized - target[0]).mean() < 3


def test_warm_up_requests_run_both_signatures(exported, signatures):
    from tensorflow_serving.apis import prediction_log_pb2

    directory, _ = exported
    path = directory / "1" / "assets.extra" / "tf_serving_warmup_requests"
    logs = [
        prediction_log_pb2.PredictionLog.FromString(record.numpy())
        for record in tf.data.TFRecordDataset(str(path))
    ]
    requests = [log.predict_log.request for log in logs]
    names = [request.model_spec.signature_name for request in requests]
    assert names == ["serving_default", "stylize_bytes"]
    for name, request in zip(names, requests, strict=True):
        assert request.model_spec.name == "fast_style"
        inputs = {key: tf.make_ndarray(value) for key, value in request.inputs.items()}
        tensors = {key: tf.constant(value) for key, value in inputs.items()}
        (output,) = signatures[name](**tensors).values()
        assert len(output) == 1
