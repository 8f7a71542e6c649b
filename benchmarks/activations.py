"""Look for values that float16 lacks: python -m benchmarks.activations FILE

Paints photographs by a file of fast-style export --phone, each in the next style, and
keeps the largest value of every operation: phones' GPUs compute in float16. Takes some
seconds for each photograph.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from benchmarks import report, script
from fast_style import folders, images, metadata
from fast_style.argument_types import number, path

SHOWN = 12  # rows of the table


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument("model", type=path, metavar="FILE", help="File for phones.")
    script.add_content_dir(parser)
    parser.add_argument(
        "--count",
        type=number(int, 1),
        default=50,
        help="Photographs to paint. Default: %(default)s.",
    )
    options = parser.parse_args(arguments)
    from fast_style.export import phones

    description = metadata.read(options.model)
    if "size" not in description:
        raise ValueError(f"'{options.model}' is for any size; give one of --phone.")
    weights = np.eye(len(description["styles"]), dtype=np.float32)
    largest: dict[str, float] = {}
    photos = folders.search(options.content_dir).pictures[: options.count]
    for turn, photo in enumerate(tqdm(photos)):
        pixels = images.read(photo).pixels
        pixels = np.asarray(Image.fromarray(pixels).resize(description["size"]))
        style = weights[turn % len(weights)]
        values = phones.largest_values(Path(options.model), pixels, style)
        largest = {n: max(value, largest.get(n, 0)) for n, value in values.items()}
    print(section(largest, len(photos)))


def section(largest: dict[str, float], count: int) -> str:
    """Return the table of the largest values.

    Args:
        largest: The largest value of each operation, by its name.
        count: Photographs that were painted.
    """
    from fast_style.network.phones import LARGEST

    ranking = sorted(largest.items(), key=lambda item: -item[1])[:SHOWN]
    rows = [
        [name.split(";")[0], f"{value:,.0f}", f"{value / LARGEST:.3f}"]
        for name, value in ranking
    ]
    header = ["result of", "largest", f"share of {LARGEST:,.0f}"]
    return (
        f"{len(largest)} operations, {count} photographs.\n\n"
        f"{report.table(header, rows)}"
    )


if __name__ == "__main__":
    script.run(main)
