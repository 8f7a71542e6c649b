import os
import pickle

import numpy as np
import pytest

from benchmarks import alexnet


class Call:
    """A pickle of it calls a program."""

    def __init__(self, word):
        self.word = word

    def __reduce__(self):
        return os.system, (self.word,)


def test_weights_are_read_from_the_file(lpips_weights):
    weights = alexnet.read_weights(lpips_weights)
    assert weights["AlexNet_0"]["Conv_4"]["kernel"].shape == (3, 3, 256, 256)
    assert [len(f) for f in alexnet.factors(weights)] == [64, 192, 384, 256, 256]


def test_a_file_calls_no_program(tmp_path):
    path, trace = tmp_path / "alexnet.ckpt", tmp_path / "called"
    path.write_bytes(pickle.dumps(Call(f"touch {trace}")))
    with pytest.raises(ValueError, match="does not hold LPIPS .*system"):
        alexnet.read_weights(path)
    assert not trace.exists()


@pytest.mark.parametrize("content", [b"", pickle.dumps({"AlexNet_0": {}})])
def test_another_file_is_named(content, tmp_path):
    path = tmp_path / "other.ckpt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="other.ckpt' does not hold LPIPS"):
        alexnet.read_weights(path)


def test_lpips_compares_directions():
    names = alexnet.LAYERS
    first = {name: np.array([[[[1.0, 0.0]]]]) for name in names}
    other = {name: np.array([[[[0.0, 3.0]]]]) for name in names}
    weights = [np.array([0.5, 0.25])] * 5
    assert alexnet.lpips(first, first, weights) == 0
    assert alexnet.lpips(first, other, weights) == pytest.approx(5 * 0.75)
    longer = {name: 7 * values for name, values in first.items()}
    assert alexnet.lpips(first, longer, weights) == pytest.approx(0, abs=1e-9)


@pytest.mark.slow
def test_features_are_those_of_torchvisions_layers(lpips_weights):
    weights = alexnet.read_weights(lpips_weights)
    kernel = weights["AlexNet_0"]["Conv_0"]["kernel"]
    kernel[:] = 0
    kernel[2, 2, :, :3] = np.eye(3)  # the pixel at the corner of the first place
    weights["AlexNet_0"]["Conv_0"]["bias"][:] = 0
    picture = np.zeros((1, 67, 64, 3), np.float32)
    picture[0, ::4, ::4] = [255, 255, 0]
    features = alexnet.alexnet(weights)(picture)
    sizes = [tuple(features[name].shape[1:3]) for name in alexnet.LAYERS]
    assert sizes == [(16, 15), (7, 7), (3, 3), (3, 3), (3, 3)]
    # (1 + 0.030) / 0.458 and (1 + 0.088) / 0.448; what is below 0 becomes 0.
    expected = [2.24891, 2.42857, 0]
    np.testing.assert_allclose(features["conv1"][0, 3, 5, :3], expected, rtol=1e-5)


@pytest.mark.slow
def test_an_unpainted_photograph_has_no_lpips(lpips_weights, squares):
    weights = alexnet.read_weights(lpips_weights)
    network, factors = alexnet.alexnet(weights), alexnet.factors(weights)
    large = np.kron(squares[:2], np.ones((1, 3, 3, 1)))
    first, second = (network(picture[None]) for picture in large)
    assert alexnet.lpips(first, first, factors) == 0
    assert alexnet.lpips(first, second, factors) > 0.01
