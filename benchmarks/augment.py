"""Time painting pictures for a training: python -m benchmarks.augment

Beside a network that paints like any picture (AdaIN, VGG19 and its mirror image), as
stylize-datasets uses it: a picture after the other, and for each a painting of 512 px.
Needs an idle machine, the network to install PyTorch, and three minutes.
"""

import json
from collections.abc import Sequence

import numpy as np
from PIL import Image
from tqdm import tqdm

from benchmarks import measuring, peer_benchmark, report, script
from benchmarks.measuring import System
from benchmarks.peer_benchmark import Bench
from benchmarks.report import Target
from fast_style.argument_types import number
from fast_style.runner import count_cores

PEER = "pytorch"
SIZE = 224  # px, of the pictures
STYLE_SIZE = 512  # px, shorter side of the peer's paintings
OWN = "fast_style.augment, a thread for each core"
AS_USED = "AdaIN, PyTorch, as in stylize-datasets"
WANTED = 10.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "--pictures", type=number(int, 2), default=8, help="Pictures of a run."
    )
    parser.add_argument(
        "--rounds", type=number(int, 1), default=3, help="Runs of each system."
    )
    script.add_peers(parser)
    options = parser.parse_args(arguments)
    count, rounds = (4, 1) if options.quick else (options.pictures, options.rounds)

    def measure(bench: Bench) -> str:
        return section(count, rounds, bench)

    peer_benchmark.make(measure, [PEER], options)


def section(count: int, rounds: int, bench: Bench) -> str:
    """Measure, and return the section.

    Args:
        count: Pictures of a run.
        rounds: Runs of each system.
        bench: Where to measure. The peer is left out where its environment is.
    """
    batch = bench.work_dir / f"batch_{SIZE}_{count}.npy"
    np.save(batch, pictures(count))
    chosen = systems(bench)
    with tqdm(total=len(chosen) * (rounds + 1), unit="run") as bar:
        usages, versions = measuring.in_process(
            chosen,
            batch,
            rounds=rounds,
            threads=count_cores(),
            log=bench.log,
            advance=bar.update,
        )
    own, peer = usages[OWN], usages.get(AS_USED)
    quotient = peer.seconds / own.seconds if peer else None
    text = "pictures a second, beside AdaIN as in stylize-datasets"
    lines = [
        [
            label,
            f"{count / usage.seconds:.2f} ({own.seconds / usage.seconds:.3f})",
            f"{usage.processor / count:.3f} ({usage.processor / own.processor:.1f})",
            f"{usage.megabytes:.0f}",
        ]
        for label, usage in usages.items()
    ]
    header = ["system", "pictures/s", "processor s a picture", "peak memory, MB"]
    return SECTION.format(
        machine=report.machine(count_cores()),
        load=bench.load,
        versions=", ".join(f"{name} {versions[name]}" for name in sorted(versions)),
        targets=report.target_table(
            "target", [Target(text, quotient, WANTED, at_most=False)]
        ),
        size=SIZE,
        style_size=STYLE_SIZE,
        count=count,
        rounds=rounds,
        table=report.table(header, lines),
    )


def systems(bench: Bench) -> list[System]:
    """Return the systems whose environment exists."""
    own, python = "light", bench.homes["fast-style"].python
    chosen = [
        System(OWN, python, "augment", "-", own),
        System("LiteRT, one by one on all cores", python, "batches", "1", own),
        System("LiteRT, batches of 8 on all cores", python, "batches", "8", own),
    ]
    if PEER in bench.homes:
        kinds = {
            AS_USED: (1, False),
            "AdaIN, PyTorch, features of the style kept": (1, True),
            "AdaIN, PyTorch, kept, batches of 8": (8, True),
        }
        for label, (batch, keeps_style) in kinds.items():
            model = {"batch": batch, "keeps_style": keeps_style, "size": STYLE_SIZE}
            peer = bench.homes[PEER].python
            chosen.append(System(label, peer, "adain", json.dumps(model), own))
    return chosen


def pictures(count: int) -> np.ndarray:
    """Return crops of a photograph, uint8 (count, SIZE, SIZE, 3)."""
    rng = np.random.default_rng(0)
    with Image.open(script.PHOTO) as photo:
        pixels = np.asarray(photo.convert("RGB"))
    tops = rng.integers(0, pixels.shape[0] - SIZE + 1, count)
    lefts = rng.integers(0, pixels.shape[1] - SIZE + 1, count)
    return np.stack(
        [
            pixels[top : top + SIZE, left : left + SIZE]
            for top, left in zip(tops, lefts, strict=True)
        ]
    )


SECTION = """## Augmentation

Made by `python -m benchmarks.augment` on:

- {machine}, load {load:.1f} at the start
- {versions}

{targets}

From {count} pictures of {size} px in memory to the painted ones; median of {rounds}
runs, the systems in turn, after one run to warm up. In brackets is the multiple of the
first row's. Processor seconds are of all cores together, and tell more where the
machine is busy. AdaIN is a network of the size that stylize-datasets uses, VGG19 up to
relu4_1 and its mirror image, with random weights, in float32. As there, pictures are
painted one by one, and a painting of {style_size} px is encoded for each; the rows
below it spare that, and paint batches. The two rows of LiteRT are the network of the
package without the threads of `fast_style.augment`.

{table}
"""


if __name__ == "__main__":
    script.run(main)
