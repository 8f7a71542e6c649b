"""Write what the training steps take: batch, painting, VGG16, photographs.

The batch and the painting are noise. PyTorch gets VGG16's weights as arrays, and the
loss terms that Keras computes for two pictures, which PyTorch must compute, too.

Usage: python -m benchmarks.prepare_training
    OUTPUT_DIR IMAGE_SIZE BATCH_SIZE [VGG16_WEIGHTS]
"""

import sys
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from benchmarks.script import PHOTO
from fast_style.architecture import PRESETS, blocks_of
from fast_style.perception import CONTENT_LAYERS, STYLE_LAYERS
from fast_style.perception.objective import Objective, style_scale
from fast_style.perception.vgg16 import vgg16

STYLE_SIZE = 384  # px
PHOTOGRAPHS, PHOTOGRAPH_SIZE = 64, (400, 300)  # px, width and height


def main(
    output_dir: Path, image_size: int, batch_size: int, vgg16_weights: str | None = None
) -> None:
    """Write the inputs.

    Args:
        output_dir: Folder to fill.
        image_size: Side of the batch's photographs, in px.
        batch_size: Photographs in the batch.
        vgg16_weights: Path of VGG16's weights (.h5); None for random ones.
    """
    output_dir.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    batch = random.integers(0, 256, (batch_size, image_size, image_size, 3), np.uint8)
    painting = random.integers(0, 256, (STYLE_SIZE, STYLE_SIZE, 3), np.uint8)
    np.save(output_dir / "batch.npy", batch)
    Image.fromarray(painting).save(output_dir / "style.png")
    _write_vgg16(output_dir, painting, vgg16_weights)
    _write_photographs(output_dir / "photographs", random)


def _write_vgg16(output_dir: Path, painting: np.ndarray, weights: str | None) -> None:
    # Saved anew, for Keras reads a file by its suffix.
    path = output_dir / "vgg16.weights.h5"
    keras.applications.VGG16(include_top=False, weights=weights).save_weights(path)
    network = vgg16([*CONTENT_LAYERS, *STYLE_LAYERS], path)
    arrays = {}
    for layer in network.layers:
        for name, value in zip(("kernel", "bias"), layer.get_weights(), strict=False):
            arrays[f"{layer.name}/{name}"] = value
    photo, stylized = painting[None, :64, :64], painting[None, 64:128, 64:128]
    objective = Objective(network)
    picture = objective.represent(stylized.astype(np.float32))
    style = {layer: gram[None] for layer, gram in objective.style(painting).items()}
    scores = objective.score(picture, objective.content(photo), style)
    for layer, grams in style.items():
        scores[f"style_{layer}"] *= style_scale(grams)
    np.savez(
        output_dir / "vgg16.npz",
        photo=photo,
        stylized=stylized,
        terms=np.array([float(score[0]) for score in scores.values()]),
        **{f"{preset}/channels": filters for preset, filters in PRESETS.items()},
        **{f"{preset}/residual_blocks": blocks_of(preset) for preset in PRESETS},
        **arrays,
    )


def _write_photographs(folder: Path, random: np.random.Generator) -> None:
    """Write cuts of one photograph, so that they take as long to decode as others."""
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
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
