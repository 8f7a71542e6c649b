"""Memory of processes. Needs no package, for the environments of peers have few."""

import os
import resource


def peak_megabytes(usage: resource.struct_rusage) -> float:
    """Return the most memory that a process had, in MB.

    Args:
        usage: What resource.getrusage() or os.wait4() returned.
    """
    bytes_per_unit = 1 if os.uname().sysname == "Darwin" else 1024
    return usage.ru_maxrss * bytes_per_unit / 1e6
