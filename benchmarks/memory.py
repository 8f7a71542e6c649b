"""Memory of processes; needs no package, for peers' environments have few."""

import os


def peak_megabytes(usage) -> float:
    """Return the most memory that a process had, in MB.

    Args:
        usage: What resource.getrusage() or os.wait4() returned.
    """
    bytes_per_unit = 1 if os.uname().sysname == "Darwin" else 1024
    return usage.ru_maxrss * bytes_per_unit / 1e6
