"""Make what `applying` measures: untrained generators, exported, and photographs.

Speed does not depend on the weights. The normalisation and the bias are random, so that
a wrong mapping of them to a peer's network shows.

Usage: python -m benchmarks.prepare_applying OUTPUT_DIR SIZE...
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.script import PHOTO
from fast_style.architecture import PRESETS
from fast_style.export.export import export
from fast_style.network.generator import Generator


def main(
    output_dir: Path,
    sizes: Iterable[int],
    *,
    check_size: int = 256,
    presets: Mapping[str, Sequence[int]] = PRESETS,
) -> None:
    """Write NAME.{keras,npz}, their exports, Keras' pictures and the photographs.

    Args:
        output_dir: Folder to fill.
        sizes: Sides of the photographs, in px.
        check_size: Which of them Keras stylizes.
        presets: Filters of each generator, by its name.
    """
    output_dir.mkdir(parents=True, exist_ok=True)
    with Image.open(PHOTO) as photo:
        for size in sizes:
            picture = photo.convert("RGB").resize((size, size), Image.LANCZOS)
            picture.save(output_dir / f"photo_{size}.jpg", quality=95)
            np.save(output_dir / f"photo_{size}.npy", np.asarray(picture))
    pixels = np.load(output_dir / f"photo_{check_size}.npy")
    for preset, filters in presets.items():
        generator = untrained(filters)
        expected = np.asarray(generator(pixels[None].astype(np.float32)))[0]
        np.save(output_dir / f"{preset}_expected.npy", np.rint(expected))
        weights = {
            weight.path.split("/", 1)[1]: np.asarray(weight)
            for weight in generator.weights
        }
        np.savez(
            output_dir / preset,
            margin=generator.geometry.margin,
            skip=generator.skip,
            **weights,
        )
        model = output_dir / f"{preset}.keras"
        generator.save(model)
        export(model, output_dir / preset, photo=PHOTO)


def untrained(filters: Sequence[int]) -> Generator:
    """Return a generator of one style, its normalisation and bias being random."""
    generator = Generator(styles=("style",), filters=filters)
    generator.build((None, None, None, 3))
    random = np.random.default_rng(0)
    for weight in generator.weights:
        if weight.name == "gamma":
            weight.assign(random.uniform(0.5, 1.5, weight.shape))
        elif weight.name == "beta":
            weight.assign(random.normal(0, 0.3, weight.shape))
        elif weight.name == "bias":
            weight.assign(random.normal(0, 0.1, weight.shape))
    # Noise as strong as an untrained network's would fail the export's JPEG check.
    generator.pixels.kernel.assign(0.5 * generator.pixels.kernel)
    return generator


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]])
