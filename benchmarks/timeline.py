"""Show where one `fast-style` command's time goes: python -m benchmarks.timeline PHOTO

Does what the command does with the embedded model, once Python has started and imported
numpy. Prints after each stage the seconds by the clock, the system's share of processor
time, and the pages of memory handed out.
Runs the network once more at the end, to tell the first run from later ones. Takes a
second.
"""

import resource
import time
from collections.abc import Sequence

from benchmarks import script
from fast_style.argument_types import path

HEADER = "| stage | seconds | system, seconds | pages |\n|---|---:|---:|---:|"


class Stopwatch:
    """Prints a line of the table for each stage.

    The table is written by hand, for the imports of the report would be measured, too.
    """

    def __init__(self) -> None:
        print(HEADER)
        self._last = self._now()

    def stage(self, name: str) -> None:
        """Print what was used since the last stage."""
        now = self._now()
        seconds, system, pages = (b - a for a, b in zip(self._last, now, strict=True))
        print(f"| {name} | {seconds:.2f} | {system:.2f} | {pages} |")
        self._last = self._now()

    @staticmethod
    def _now() -> tuple[float, float, int]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return time.perf_counter(), usage.ru_stime, usage.ru_minflt


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the words of a command line."""
    parser = script.parser(__doc__)
    parser.add_argument("photo", type=path, help="Path of a photograph.")
    measure(parser.parse_args(arguments).photo)


def measure(photo: str) -> None:
    """Print the table for one photograph."""
    watch = Stopwatch()
    import fast_style.command.cli  # noqa: F401, the command imports it
    from fast_style import Stylizer, images

    watch.stage("import fast_style")
    stylizer = Stylizer()
    watch.stage("load the model")
    width, height = images.read_size(photo)
    stylizer.painter.prepare(height, width)
    watch.stage("begin to lay out memory")
    pixels = images.read(photo).pixels
    watch.stage("read the photo")
    stylized = stylizer.stylize(pixels)
    watch.stage("run the network")
    images.encode(images.Picture(stylized), format="JPEG")
    watch.stage("encode the result")
    stylizer.stylize(pixels)
    watch.stage("(run the network again)")


if __name__ == "__main__":
    script.run(main)
