"""Memory of processes. Needs no package, for the environments of peers have few."""

import os
import re
import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_megabytes(usage: resource.struct_rusage) -> float:
    """Return the most memory that a process had, in MB.

    On Linux this is no less than what its parent had when it started the process.

    Args:
        usage: What os.wait4() returned.
    """
    bytes_per_unit = 1 if os.uname().sysname == "Darwin" else 1024
    return usage.ru_maxrss * bytes_per_unit / 1e6


def own_peak_megabytes() -> float:
    """Return the most memory that this process had since its program started, in MB."""
    text = STATUS.read_text() if STATUS.exists() else ""
    if found := re.search(r"^VmHWM:\s*(\d+) kB$", text, re.MULTILINE):
        return int(found[1]) * 1024 / 1e6
    return peak_megabytes(resource.getrusage(resource.RUSAGE_SELF))
