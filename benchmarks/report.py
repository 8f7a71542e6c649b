"""Tables in Markdown, and their place in a document."""

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

TITLE = "# Benchmarks\n"
# Instructions that decide which precision is quick, as /proc/cpuinfo names them.
INSTRUCTIONS = (
    "avx2",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "amx_int8",
    "amx_bf16",
)


class Target(NamedTuple):
    """A figure that was promised.

    Args:
        text: What the figure is.
        value: The figure measured; None where the run left it out.
        limit: The figure promised.
        at_most: Whether the limit is the highest allowed figure, or the lowest.
    """

    text: str
    value: float | None
    limit: float
    at_most: bool = True

    @property
    def missed(self) -> bool:
        """Whether the promise is broken."""
        if self.value is None:
            return False
        return self.value > self.limit if self.at_most else self.value < self.limit

    def cells(self) -> list[str]:
        """Return the line of the table of targets."""
        bound = f"{'at most' if self.at_most else 'at least'} {self.limit}"
        if self.value is None:
            return [self.text, bound, "-", "not measured"]
        result = "missed" if self.missed else "pass"
        return [self.text, bound, f"{self.value:.2f}", result]


def target_table(text: str, targets: Sequence[Target]) -> str:
    """Return the table of targets, its first column headed by a text."""
    header = [text, "limit", "measured", "result"]
    return table(header, [target.cells() for target in targets])


def table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table with columns of even width, the first to the left."""
    widths = [
        max(len(line[i]) for line in (header, *lines)) for i in range(len(header))
    ]
    rules = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    texts = []
    for line in (header, rules, *lines):
        first, *others = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        texts.append("| " + " | ".join([first, *others]) + " |")
    return "\n".join(texts)


def thousands(loss: float) -> str:
    """Return a loss in thousands, for a cell."""
    return f"{loss / 1000:.1f}"


def decibels(square: float) -> str:
    """Return a mean squared difference of grey levels as PSNR, for a cell."""
    return f"{10 * np.log10(255**2 / square):.1f}" if square else "same"


def machine(threads: int) -> str:
    """Return one line on this machine: processor, cores, memory, system."""
    processor = platform.processor() or platform.machine()
    try:
        described = Path("/proc/cpuinfo").read_text()
    except OSError:  # not Linux
        described = ""
    if name := re.search(r"model name\s*: (.+)", described):
        processor = name.group(1)
    present = [name for name in INSTRUCTIONS if re.search(rf"\b{name}\b", described)]
    if present:
        processor += f" ({', '.join(present)})"
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{processor}, {threads} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def replace_section(path: str | os.PathLike, section: str) -> None:
    """Put a section into a Markdown file, in place of the one of the same heading.

    Args:
        path: The file, which is made with a title if it is missing.
        section: Text that begins with its heading, "## ...".
    """
    path = Path(path)
    heading = section.split("\n", 1)[0]
    text = path.read_text() if path.is_file() else TITLE
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    section = section.rstrip("\n") + "\n"
    places = [i for i, part in enumerate(parts) if part.split("\n", 1)[0] == heading]
    if places:
        parts[places[0]] = section
    else:
        parts.append(section)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(part.rstrip("\n") + "\n" for part in parts))


def publish(section: str, path: str | os.PathLike | None) -> None:
    """Print a section, and put it into a file if one is given."""
    print(section)
    if path:
        replace_section(path, section)
