"""Compare ways to keep weights as integers: python -m benchmarks.recipes EXPORT

Makes a .tflite file by each recipe of ai-edge-quantizer of the SavedModel in EXPORT, a
folder of fast-style export --model=gallery. It paints a photograph in several styles
by LiteRT here, and in one by LiteRT.js in Chromium. Needs `pip install
ai-edge-quantizer`, Chromium, what scripts/vendor_litert downloads, and 3 minutes.
"""

import contextlib
import io
import json
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import tensorflow as tf

from benchmarks import browsing, report, script
from benchmarks import stylizing_in_browser as browser
from benchmarks.exports import keras, processor_milliseconds, square_error
from benchmarks.scoring import square
from fast_style import Stylizer, gallery, images, metadata, native_log
from fast_style.argument_types import number, path
from fast_style.runner import WHOLE
from fast_style.styles import Rows

SIZE = 512  # px
CALIBRATING = 256  # px
EVERY = 14  # of how many styles one is painted
SLOW = 5  # times the time of float32: no such file is tried in the browser
STYLE = browser.STYLE
# Of ai_edge_quantizer.recipe; or the bits of the activations of static convolutions.
RECIPES: dict[str, str | int | None] = {
    "float32": None,
    "int8 weights, int8 activations by each picture's ranges": "dynamic_wi8_afp32",
    "int8 weights": "weight_only_wi8_afp32",
    "int8 weights, int8 activations by ranges found before": 8,
    "int8 weights, int16 activations by ranges found before": 16,
    "int4 weights, int8 activations by each picture's ranges": "dynamic_wi4_afp32",
    "int4 weights": "weight_only_wi4_afp32",
}
HEADER = ["convolutions", "MB", "ms", "PSNR, dB: mean", "worst", "browser, ms"]
HEADER += ["PSNR to here, dB", "largest difference"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument("export", type=path, metavar="EXPORT", help="The folder.")
    script.add_photo(parser)
    parser.add_argument(
        "--rounds", type=number(int, 1), default=3, help="Default: %(default)s."
    )
    options = parser.parse_args(arguments)
    pixels = square(images.read(options.photo).pixels, SIZE)
    with tempfile.TemporaryDirectory() as folder:
        files = make(Path(options.export), Path(folder))
        print(report.machine(1) + "\n")
        print(report.table(HEADER, lines(files, pixels, options.rounds)))


def make(export: Path, folder: Path) -> dict[str, Path]:
    """Write a file by each recipe; return their paths by what is told of them."""
    converter = tf.lite.TFLiteConverter.from_saved_model(
        str(export / "1"), signature_keys=[WHOLE]
    )
    floats = folder / "float.tflite"
    with native_log.off():
        floats.write_bytes(converter.convert())
    description = json.loads((export / metadata.FILE_NAME).read_text("utf-8"))
    files = {}
    for turn, (text, recipe) in enumerate(RECIPES.items()):
        files[text] = folder / f"{turn}.tflite"
        with contextlib.redirect_stdout(io.StringIO()):  # its own report
            content = quantized(floats, recipe, description["styles"])
        files[text].write_bytes(content)
        metadata.attach(files[text], description)
    return files


def quantized(floats: Path, recipe: str | int | None, rows: Sequence[str]) -> bytes:
    """Return the content of a file by a recipe.

    Args:
        floats: The file in float32.
        recipe: One of the values of RECIPES.
        rows: Names of the network's rows.

    Raises:
        OSError: ai-edge-quantizer is not installed.
    """
    if recipe is None:
        return floats.read_bytes()
    try:
        from ai_edge_quantizer import qtyping, quantizer
        from ai_edge_quantizer import recipe as recipes
    except ImportError as error:
        raise OSError(f"{error}. pip install ai-edge-quantizer") from error
    if isinstance(recipe, str):
        made = quantizer.Quantizer(str(floats), getattr(recipes, recipe)())
        return made.quantize().quantized_model
    made = quantizer.Quantizer(str(floats))
    made.add_static_config(
        regex=".*",
        operation_name=qtyping.TFLOperationName.CONV_2D,
        activation_num_bits=recipe,
        weight_num_bits=8,
    )
    photo = images.read(gallery.SAMPLE, max_size=CALIBRATING).pixels[None]
    weights = Rows(rows).one_hot()[:, None]
    shown = [{"images": photo, "style_weights": row} for row in weights[::3]]
    return made.quantize(made.calibrate({WHOLE: shown})).quantized_model


def lines(files: dict[str, Path], pixels: np.ndarray, rounds: int) -> list[list[str]]:
    """Return the lines of the table.

    Args:
        files: The files by what is told of them.
        pixels: The photograph, uint8 (SIZE, SIZE, 3).
        rounds: How often each counts.
    """
    stylizers = [Stylizer(file, num_threads=1) for file in files.values()]
    paints = [partial(stylizer.stylize, styles=STYLE) for stylizer in stylizers]
    times = processor_milliseconds(paints, pixels, rounds)
    styles = stylizers[0].styles[::EVERY]
    expected = {style: keras(pixels, style) for style in styles}
    return [
        [
            text,
            f"{file.stat().st_size / 1e6:.2f}",
            f"{milliseconds:.0f}",
            *likeness(stylizer, pixels, expected),
            *(
                browsed(file, pixels, paint(pixels), rounds)
                if milliseconds < SLOW * times[0]
                else ["-"] * 3
            ),
        ]
        for (text, file), stylizer, paint, milliseconds in zip(
            files.items(), stylizers, paints, times, strict=True
        )
    ]


def likeness(
    stylizer: Stylizer, pixels: np.ndarray, expected: dict[str, np.ndarray]
) -> list[str]:
    """Return the cells that compare with Keras: mean and worst of the styles."""
    errors = [
        square_error(stylizer.stylize(pixels, styles=style), picture)
        for style, picture in expected.items()
    ]
    decibels = [float(report.decibels(error)) for error in errors]
    return [f"{np.mean(decibels):.1f}", f"{min(decibels):.1f}"]


def browsed(file: Path, pixels: np.ndarray, here: np.ndarray, rounds: int) -> list[str]:
    """Return the cells of a file in the browser: time, and how near to LiteRT here."""
    with browsing.Server(f"--model={file}") as server, browsing.chromium() as chromium:
        page = chromium.new_page()
        page.set_default_timeout(120_000)
        page.goto(server.url + browser.PATHS["yes"])
        page.evaluate(browser.START)
        times, painted = browser.paint(page, pixels, rounds + 1)
    largest = np.abs(painted.astype(int) - here).max()
    error = square_error(painted, here)
    return [f"{min(times):.0f}", report.decibels(error), str(largest)]


if __name__ == "__main__":
    script.run(main)
