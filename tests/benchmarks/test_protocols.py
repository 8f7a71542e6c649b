"""What a picture weighs on its way to TensorFlow Serving and back."""

import numpy as np

from benchmarks import protocols


def test_grpc_sends_fewer_bytes_than_json():
    photo = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    lines = protocols.section(photo, 1).splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    there = {name: float(size) for name, size, _, _ in cells}
    back = {name: float(size) for name, _, size, _ in cells}
    assert list(there) == ["array, JSON", "array, gRPC", "PNG, JSON", "PNG, gRPC"]
    assert there["array, gRPC"] == round(photo.nbytes / 1000)
    assert there["array, JSON"] > 3 * there["array, gRPC"]
    assert there["PNG, JSON"] > 1.2 * there["PNG, gRPC"]
    assert back["array, JSON"] > 2 * back["array, gRPC"]
