"""Time shapes of the generator by turns: python -m benchmarks.shapes 16,32,64x5 ...

Weights are random, as they do not change the time. Each shape is exported to int8; the
first is what the others are compared with. Needs an idle machine and the extra
[export].
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks import memory, report, script
from fast_style import PHOTO, catalogue
from fast_style.architecture import PRESETS, blocks_of
from fast_style.memory import measure as memory_now
from fast_style.memory import trim
from fast_style.runner import Runner, count_cores

MEASURE_ONE = (
    "import sys; from benchmarks import shapes; shapes.print_memory(*sys.argv[1:])"
)


class Shape(NamedTuple):
    """A generator's shape: FILTERSxBLOCKS on the command line."""

    filters: tuple[int, ...]
    blocks: int

    def __str__(self) -> str:
        return f"{', '.join(map(str, self.filters))} x {self.blocks}"


LIGHT = Shape(PRESETS["light"], blocks_of("light"))


def shape(text: str) -> Shape:
    """Return the shape of a text such as 0,32,64,96x4."""
    filters, blocks = text.split("x")
    return Shape(tuple(map(int, filters.split(","))), int(blocks))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument(
        "shapes",
        nargs="*",
        type=shape,
        default=[LIGHT],
        help="FILTERSxBLOCKS each. Default: the light preset.",
    )
    parser.add_argument("--side", type=int, default=1024, help="Side of the picture.")
    parser.add_argument("--rounds", type=int, default=5, help="Rounds by turns.")
    options = parser.parse_args(arguments)
    shapes = options.shapes
    with tempfile.TemporaryDirectory() as directory:
        made = [make(one, Path(directory)) for one in shapes]
        seconds = measure([path for path, _ in made], options.side, options.rounds)
        megabytes = [peak(path, options.side) for path, _ in made]
    lines = []
    for one, (_, weights), times, size in zip(
        shapes, made, seconds, megabytes, strict=True
    ):
        ratio = statistics.median(np.divide(times, seconds[0]))
        lines.append(
            [
                str(one),
                f"{weights / 1e6:.2f} M",
                f"{min(times):.3f}",
                f"{ratio:.2f}",
                f"{size:.0f}",
                f"{size / megabytes[0]:.2f}",
            ]
        )
    header = ["shape", "weights", "processor s", "ratio", "memory, MB", "ratio"]
    print(f"int8, {options.side} px, {report.machine(count_cores())}\n")
    print(report.table(header, lines))


def make(one: Shape, directory: Path) -> tuple[Path, int]:
    """Export a generator of random weights; return its file and number of weights."""
    from fast_style.export import litert, savedmodel
    from fast_style.network.generator import Generator

    generator = Generator(rows(), filters=one.filters, residual_blocks=one.blocks)
    generator.build((None, None, None, 3))
    name = str(one).replace(", ", "_").replace(" ", "")
    savedmodel.write(generator, directory / name)
    path = directory / f"{name}.tflite"
    path.write_bytes(litert.convert(directory / name, "int8"))
    return path, generator.count_params()


def rows() -> list[str]:
    """Return names of as many rows as the gallery of the package has."""
    return [*catalogue.read(), PHOTO]


def runner(path: Path) -> Runner:
    """Open an exported generator, unlimited by memory."""
    return Runner(str(path), count_cores(), border=0, bytes_per_pixel=None)


def inputs(side: int) -> dict[str, Any]:
    """Return the network's inputs: a picture of noise and the weights of one style."""
    noise = np.random.default_rng(0).integers(0, 256, (1, side, side, 3), np.uint8)
    weights = np.eye(1, len(rows()), dtype=np.float32)
    return {"images": noise, "style_weights": weights}


def measure(paths: Sequence[Path], side: int, rounds: int) -> list[list[float]]:
    """Return the processor seconds of each file's rounds, after one to warm up."""
    runners, given = [runner(path) for path in paths], inputs(side)
    seconds: list[list[float]] = [[] for _ in paths]
    for number in range(rounds + 1):
        for run, times in zip(runners, seconds, strict=True):
            began = time.process_time()
            run.run(**given)
            if number:
                times.append(time.process_time() - began)
    return seconds


def peak(path: Path, side: int) -> float:
    """Return the MB that one picture adds to a process of its own at the most."""
    command = [sys.executable, "-c", MEASURE_ONE, str(path), str(side)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(result.stdout)


def print_memory(path: str, side: str) -> None:
    """Print the MB that one picture adds to this process at the most."""
    run, given = runner(Path(path)), inputs(int(side))
    trim()
    before, _ = memory_now()
    run.run(**given)
    print(memory.own_peak_megabytes() - before / 1e6)


if __name__ == "__main__":
    script.run(main)
