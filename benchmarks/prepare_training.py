"""Writes what the training steps take: batch, painting, VGG16, photographs.

The batch and the painting are noise. VGG16's weights go to PyTorch as arrays, with the
loss terms that Keras finds on two pictures, which PyTorch must find, too.

Usage: python -m benchmarks.prepare_training
    OUTPUT_DIR IMAGE_SIZE BATCH_SIZE [VGG16_WEIGHTS]
"""

import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from benchmarks.prepare_applying import PHOTO
from fast_style.network import PRESETS
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS
from fast_style.perception.objective import Objective
from fast_style.perception.vgg16 import vgg16

STYLE_SIZE = 384  # px
PHOTOGRAPHS, PHOTOGRAPH_SIZE = 64, (400, 300)  # px, width and height


def main(output_dir, image_size, batch_size, vgg16_weights=None):
    output_dir = Path(output_dir)
    output_dir.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    batch = random.integers(0, 256, (batch_size, image_size, image_size, 3), np.uint8)
    style = random.integers(0, 256, (STYLE_SIZE, STYLE_SIZE, 3), np.uint8)
    np.save(output_dir / "batch.npy", batch)
    np.save(output_dir / "style.npy", style)
    _write_vgg16(output_dir, style, vgg16_weights)
    _write_photographs(output_dir / "photographs", random)


def _write_vgg16(output_dir, style, weights):
    # Saved anew, for Keras reads a file by its suffix.
    path = output_dir / "vgg16.weights.h5"
    keras.applications.VGG16(include_top=False, weights=weights).save_weights(path)
    network = vgg16([*CONTENT_LAYERS, *STYLE_LAYERS], path)
    arrays = {}
    for layer in network.layers:
        for name, value in zip(("kernel", "bias"), layer.get_weights(), strict=False):
            arrays[f"{layer.name}/{name}"] = value
    photo, stylised = style[None, :64, :64], style[None, 64:128, 64:128]
    objective = Objective(network)
    result, painting = (
        objective.represent(pictures.astype(np.float32))
        for pictures in (stylised, style[None])
    )
    scores = objective.score(result, objective.content(photo), painting.style)
    terms = [float(score[0]) for score in scores.values()]
    np.savez(
        output_dir / "vgg16.npz",
        photo=photo,
        stylised=stylised,
        terms=np.array([float(term) for term in terms]),
        **{f"{preset}/channels": filters for preset, filters in PRESETS.items()},
        **arrays,
    )


def _write_photographs(folder, random):
    """Cut from one photograph, so that decoding them takes what it usually does."""
    folder.mkdir(exist_ok=True)
    with Image.open(PHOTO) as photo:
        for i in range(PHOTOGRAPHS):
            width = random.uniform(0.5, 1) * min(photo.width, photo.height * 4 / 3)
            height = width * 3 / 4
            left = random.uniform(0, photo.width - width)
            top = random.uniform(0, photo.height - height)
            box = (left, top, left + width, top + height)
            picture = photo.convert("RGB").resize(PHOTOGRAPH_SIZE, Image.BICUBIC, box)
            picture.save(folder / f"{i:02d}.jpg", quality=90)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
