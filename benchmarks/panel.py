"""Let judges choose between two sets of painted pictures, without names.

python -m benchmarks.panel pages --content_dir=PHOTOGRAPHS --style_dir=PAINTINGS \\
    --output_dir=panel --key=key.json FIRST SECOND
python -m benchmarks.panel tally --key=key.json JUDGEMENTS [JUDGEMENTS...]

`pages` makes a PNG page for each photograph and style, in an order that tells nothing:
the photograph, its painting, and below them one picture of each set, on sides that the
seed shuffles. The key says which is which. Give a judge the folder of pages alone, and
a question, such as "which would you hang on your wall?".

{sources}

--styles=wave,scream:own_3 chooses styles, and compares FIRST's scream with SECOND's
own_3; such a page shows no painting.

A judge writes a file of lines PAGE,CHOICE[,REMARK]; CHOICE is left, right or tie:

    page,choice,remark
    001,left,
    002,right,the left face has no eyes

`tally` counts the files of at least three judges, one file for each.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from benchmarks import inputs, report, result_sets, script, verdicts
from benchmarks.inputs import Photo
from benchmarks.result_sets import Results
from benchmarks.scoring import square
from benchmarks.verdicts import Key, Pair
from fast_style import MIN_SIZE, files, images
from fast_style.argument_types import number, path
from fast_style.command import sheets


class Match(NamedTuple):
    """What a page compares.

    Args:
        photo: The photograph.
        first: Style of the first set.
        second: Style of the second set.
    """

    photo: Photo
    first: str
    second: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Make pages, or count judgements, by the words and flags of a command line."""
    options = _options(arguments)
    if options.action == "tally":
        key = verdicts.read_key(options.key)
        judgements = [verdicts.read(file, key) for file in options.judgements]
        report.publish(verdicts.section(key, judgements), options.output)
    else:
        make(options)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = script.parser(__doc__.format(sources=result_sets.SOURCES))
    actions = parser.add_subparsers(dest="action", required=True)
    pages = actions.add_parser("pages", help="Make the pages and their key.")
    pages.add_argument("first", metavar="FIRST", help="A set of results.")
    pages.add_argument("second", metavar="SECOND", help="Another.")
    inputs.add_arguments(pages, MIN_SIZE)
    pages.add_argument(
        "--output_dir", type=path, required=True, help="Empty folder for the pages."
    )
    pages.add_argument(
        "--seed", type=number(int, 0), default=0, help="Shuffles pages and sides."
    )
    tally = actions.add_parser("tally", help="Count judgements.")
    tally.add_argument("judgements", nargs="+", metavar="JUDGEMENTS", type=path)
    script.add_output(tally)
    for action in (pages, tally):
        action.add_argument(
            "--key", type=path, required=True, help="JSON file that says who is where."
        )
    return parser.parse_args(arguments)


def make(options: argparse.Namespace) -> None:
    """Write the pages and their key.

    Raises:
        OSError, ValueError: A set or folder is not as it must be.
    """
    folder, key_path = Path(options.output_dir), Path(options.key)
    if key_path.exists() or (folder.exists() and any(folder.iterdir())):
        raise ValueError(
            f"'{key_path}' or '{folder}' holds an earlier panel. Give other names."
        )
    if folder.resolve() in key_path.resolve().parents:
        raise ValueError(
            f"'{key_path}' lies among the pages, where judges would see it."
        )
    photos = inputs.read_photos(options.content_dir, options.image_size, options.photos)
    names = options.styles and {n for pair in options.styles for n in pair.split(":")}
    paths = inputs.painting_paths(options.style_dir, names)
    sets = result_sets.open_all(
        [options.first, options.second], photos, paths, options.work_dir
    )
    matches = matched(photos, sets, options.styles)
    sides = shuffled_sides(len(matches), options.seed)
    order = np.random.default_rng(options.seed + 1).permutation(len(matches))
    pairs = []
    for i, (index, left) in enumerate(zip(order, sides, strict=True), start=1):
        match, page = matches[index], f"{i:03}"
        pairs.append(Pair(page, match.photo.name, match.first, match.second, left))
    for pair, index in zip(tqdm(pairs, unit="page"), order, strict=True):
        painting = paths.get(pair.first) if pair.first == pair.second else None
        pixels = draw(matches[index], sets, pair.left, painting)
        images.write(images.Picture(pixels), folder / f"{pair.page}.png")
    key = Key((sets[0].name, sets[1].name), options.seed, pairs)
    with files.replacing(key_path, "w", encoding="utf-8") as file:
        json.dump(verdicts.as_json(key), file, indent=1)
    print(f"{len(pairs)} pages in '{folder}', their key in '{key_path}'.")


def matched(
    photos: Sequence[Photo], sets: Sequence[Results], names: Sequence[str] | None
) -> list[Match]:
    """Return what to compare: every photograph in every style.

    Args:
        photos: The photographs.
        sets: Two sets of results.
        names: Names of styles, NAME or FIRST:SECOND; None for all that both sets have.

    Raises:
        ValueError: A set has no such style, or the sets have none in common.
    """
    first, second = sets
    if names is None:
        names = [style for style in first.styles if style in second.styles]
    pairs = []
    for name in names:
        own, _, other = name.partition(":")
        pairs.append((own, other or own))
        for results, style in zip(sets, pairs[-1], strict=True):
            if style not in results.styles:
                known = ", ".join(results.styles)
                raise ValueError(f"{results.name} has no style {style!r}, but {known}.")
    if not pairs:
        raise ValueError(
            f"{first.name} and {second.name} have no style in common. Give --styles."
        )
    return [Match(photo, *pair) for photo in photos for pair in pairs]


def shuffled_sides(count: int, seed: int) -> list[int]:
    """Return which set is on the left of each page, 0 or 1, each as often, give one."""
    sides = np.arange(count) % 2
    return np.random.default_rng(seed).permutation(sides).tolist()


def draw(
    match: Match, sets: Sequence[Results], left: int, painting: Path | None
) -> np.ndarray:
    """Return a page.

    Args:
        match: What it compares.
        sets: The first set and the second.
        left: Index of the set that is on the left.
        painting: Path of the painting that both imitate; None shows none.
    """
    photo = match.photo
    styles = (match.first, match.second)
    pictures = [sets[i].picture(photo, styles[i]) for i in (left, 1 - left)]
    size = len(photo.pixels)
    above = np.full_like(photo.pixels, sheets.PAPER)
    if painting:
        above = square(images.read(painting).pixels, size)
    captions = [("photograph",), ("painting" if painting else "",)]
    captions += [("left",), ("right",)]
    return sheets.draw([photo.pixels, above, *pictures], captions, columns=2)


if __name__ == "__main__":
    script.run(main)
