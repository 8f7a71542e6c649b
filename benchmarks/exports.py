"""Compare the files of an export beside each other: python -m benchmarks.exports EXPORT

Makes EXPORT, a folder with everything that fast-style export writes of the gallery, if
it is not there, in some minutes. Each file paints a photograph in one style by what is
to run it, on one thread but for TensorFlow. They paint by turns, and the least
processor time counts, so that other work on the machine matters little. Takes a minute.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import onnxruntime
from ai_edge_litert.interpreter import Interpreter

from benchmarks import report, script
from benchmarks.scoring import square
from fast_style import Stylizer, gallery, images, metadata
from fast_style.argument_types import number, path
from fast_style.export import proof, savedmodel
from fast_style.export.export import export
from fast_style.export.wanted import PRECISIONS, Bake, Wanted
from fast_style.network.loading import load_generator
from fast_style.styles import Rows

STYLE = "wave"
SIZES = (256, 512, 1024)  # px, sides of the pictures
COMPARED = 512  # px, that Keras paints, too
HEADER = ["file", "MB", "run by", *(f"{size} px, ms" for size in SIZES), "PSNR, dB"]
Paint = Callable[[np.ndarray], np.ndarray]


class Way(NamedTuple):
    """A file, and a program that runs it.

    Args:
        file: What is printed of the file.
        runner: Name of the program.
        open: Function from a path to one that paints uint8 (H, W, 3).
        paths: Path of the file or folder, for each size.
    """

    file: str
    runner: str
    open: Callable[[Path], Paint]
    paths: Mapping[int, Path]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument("export", type=path, metavar="EXPORT", help="The folder.")
    script.add_photo(parser)
    parser.add_argument(
        "--rounds", type=number(int, 1), default=5, help="Default: %(default)s."
    )
    options = parser.parse_args(arguments)
    folder = Path(options.export)
    if not folder.exists():
        make(folder)
    photo = images.read(options.photo).pixels
    print(report.machine(1) + "\n")
    print(report.table(HEADER, lines(ways(folder), photo, options.rounds)))


def make(folder: Path) -> None:
    """Export the gallery in every form that there is."""
    squares = [(size, size) for size in SIZES]
    bakes = [Bake({STYLE: 1.0}, size) for size in squares]
    wanted = Wanted(onnx=True, bakes=bakes, phones=squares, proves=(STYLE,))
    export(gallery.GENERATOR, folder, photo=gallery.SAMPLE, wanted=wanted)


def ways(folder: Path) -> list[Way]:
    """Return the files of an export, each by all that runs it."""

    def one(name: str) -> dict[int, Path]:
        return dict.fromkeys(SIZES, folder / name)

    def each(name: str) -> dict[int, Path]:
        return {size: folder / name.format(size=f"{size}x{size}") for size in SIZES}

    baked = each(f"fast_style_{STYLE}_{{size}}.onnx")
    phone = each("fast_style_{size}.tflite")
    free = {"tflite": ("LiteRT", by_litert), "onnx": ("ONNX Runtime", by_onnx)}
    return [
        Way("SavedModel", "TensorFlow", by_tensorflow, one("1")),
        *(
            Way(f"{precision} .{kind}", *how, one(f"fast_style_{precision}.{kind}"))
            for kind, how in free.items()
            for precision in PRECISIONS
        ),
        Way("one style, one size .onnx", "ONNX Runtime", by_onnx_baked, baked),
        Way("one style, one size .onnx", "OpenCV", by_opencv, baked),
        Way("phone, one size .tflite", "LiteRT", by_litert_phone, phone),
    ]


def lines(ways: Sequence[Way], photo: np.ndarray, rounds: int) -> list[list[str]]:
    """Return the lines of the table.

    Args:
        ways: The files and what runs them.
        photo: The photograph, uint8 (H, W, 3).
        rounds: How often each paints.
    """
    expected = keras(square(photo, COMPARED), STYLE)
    times, likeness = {}, []
    for size in SIZES:
        pixels = square(photo, size)
        paints = [way.open(way.paths[size]) for way in ways]
        times[size] = processor_milliseconds(paints, pixels, rounds)
        if size == COMPARED:
            likeness = [square_error(paint(pixels), expected) for paint in paints]
    return [
        [
            *(way.file, f"{proof.megabytes(way.paths[COMPARED]):.1f}", way.runner),
            *(f"{times[size][turn]:.0f}" for size in SIZES),
            report.decibels(likeness[turn]),
        ]
        for turn, way in enumerate(ways)
    ]


def square_error(painted: np.ndarray, expected: np.ndarray) -> float:
    """Return the mean squared difference of two pictures, in grey levels."""
    return float(np.mean(np.square(painted.astype(np.float64) - expected)))


def keras(pixels: np.ndarray, style: str) -> np.ndarray:
    """Return what Keras paints in a style of the gallery, whole numbers."""
    generator = load_generator(gallery.GENERATOR)
    weights = generator.rows.weights({style: 1.0})
    return np.rint(np.asarray(proof.whole(generator, pixels, weights)))


def processor_milliseconds(
    paints: Sequence[Paint], pixels: np.ndarray, rounds: int
) -> list[float]:
    """Return the least processor time that each function takes for a picture.

    Args:
        paints: Functions of a picture, which run by turns, once before they count.
        pixels: uint8 (H, W, 3).
        rounds: How often each counts.
    """
    for paint in paints:
        paint(pixels)
    times = np.empty((rounds, len(paints)))
    for row in times:
        for turn, paint in enumerate(paints):
            began = time.process_time()
            paint(pixels)
            row[turn] = time.process_time() - began
    return (1000 * times.min(axis=0)).tolist()


def by_litert(file: Path) -> Paint:
    """Open a .tflite file for any size."""
    stylizer = Stylizer(file, num_threads=1)
    return lambda pixels: stylizer.stylize(pixels, styles=STYLE)


def by_litert_phone(file: Path) -> Paint:
    """Open a .tflite file of --phone."""
    run = Interpreter(str(file), num_threads=1).get_signature_runner()
    weights = _weights(metadata.read(file)["styles"])[:, None, None]

    def paint(pixels: np.ndarray) -> np.ndarray:
        outputs = run(images=np.float32(pixels[None]), style_weights=weights)
        return np.rint(outputs["stylized_images"][0])

    return paint


def by_tensorflow(folder: Path) -> Paint:
    """Open a SavedModel."""
    (artefact, _) = savedmodel.artefacts(folder)
    told = json.loads((folder / "assets.extra" / metadata.FILE_NAME).read_text())
    (weights,) = _weights(told["styles"])
    return lambda pixels: artefact.stylize(pixels, weights)


def by_onnx(file: Path) -> Paint:
    """Open an ONNX file for any size and blend."""
    session = _session(file)
    text = session.get_modelmeta().custom_metadata_map[metadata.FILE_NAME]
    weights = _weights(json.loads(text)["styles"])

    def paint(pixels: np.ndarray) -> np.ndarray:
        inputs = {"images": pixels[None], "style_weights": weights}
        return session.run(None, inputs)[0][0]

    return paint


def by_onnx_baked(file: Path) -> Paint:
    """Open an ONNX file of --bake by ONNX Runtime."""
    session = _session(file)
    return _of_planes(lambda image: session.run(None, {"image": image})[0])


def by_opencv(file: Path) -> Paint:
    """Open an ONNX file of --bake by OpenCV."""
    cv2.setNumThreads(1)
    network = cv2.dnn.readNetFromONNX(str(file))

    def run(image: np.ndarray) -> np.ndarray:
        network.setInput(image)
        return network.forward()

    return _of_planes(run)


def _of_planes(run: Paint) -> Paint:
    """Return a painter of pictures by one of float32 (1, 3, H, W), white at 1."""

    def paint(pixels: np.ndarray) -> np.ndarray:
        (painted,) = run(np.float32(pixels.transpose(2, 0, 1)[None]) / 255)
        return np.rint(painted.transpose(1, 2, 0) * 255).clip(0, 255)

    return paint


def _session(file: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(file, options)


def _weights(styles: Sequence[str]) -> np.ndarray:
    """Return the weights of STYLE alone, float32 (1, rows)."""
    return Rows(styles).weights({STYLE: 1.0})[None]


if __name__ == "__main__":
    script.run(main)
