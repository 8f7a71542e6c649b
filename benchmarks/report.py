"""Tables in Markdown, and their place in a document."""

import os
import platform
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

TITLE = "# Benchmarks\n"
# Instructions that decide which precision is quick, by their names in /proc/cpuinfo.
FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16")


class Target(NamedTuple):
    """A figure that was promised.

    Args:
        text: What is divided by what.
        value: The quotient measured; None where the run left it out.
        limit: What was promised.
        at_most: Whether the limit is the most allowed, or the least.
    """

    text: str
    value: float | None
    limit: float
    at_most: bool = True

    @property
    def missed(self):
        if self.value is None:
            return False
        return self.value > self.limit if self.at_most else self.value < self.limit

    def row(self):
        bound = f"{'at most' if self.at_most else 'at least'} {self.limit}"
        if self.value is None:
            return [self.text, bound, "-", "not measured"]
        result = "missed" if self.missed else "pass"
        return [self.text, bound, f"{self.value:.2f}", result]


def table(header, rows):
    """A Markdown table, its columns lined up; the first one to the left."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    rules = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    lines = []
    for row in (header, rules, *rows):
        first, *others = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("| " + " | ".join([first, *others]) + " |")
    return "\n".join(lines)


def thousands(value):
    """A loss as a cell of a table."""
    return f"{value / 1000:.1f}"


def decibels(error):
    """A mean square of differences of grey levels as PSNR, a cell of a table."""
    return f"{10 * np.log10(255**2 / error):.1f}" if error else "same"


def machine(threads):
    """One line on what this ran on: processor, cores, memory, system."""
    model = platform.processor() or platform.machine()
    try:
        described = Path("/proc/cpuinfo").read_text()
    except OSError:  # not Linux
        described = ""
    if found := re.search(r"model name\s*: (.+)", described):
        model = found.group(1)
    flags = [flag for flag in FLAGS if re.search(rf"\b{flag}\b", described)]
    if flags:
        model += f" ({', '.join(flags)})"
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{model}, {threads} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def replace_section(path, section):
    """Puts a section into a Markdown file, in place of the one of its heading.

    Args:
        path: The file; made with its title if missing.
        section: Text that begins with its line "## ...".
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


def publish(section, path):
    """Prints a section, and puts it into a file if one is given (see above)."""
    print(section)
    if path:
        replace_section(path, section)
