"""Run a command, and print what it used: python -m benchmarks.command_usage COMMAND...

On Linux a process's peak memory is no less than its parent's when it started, so the
parent has to be small: this one imports next to nothing. The command's output goes to
stderr; stdout gets a line of JSON with its seconds and megabytes.
"""

import json
import os
import subprocess
import sys
import time

from benchmarks import memory


def main(command: list[str]) -> None:
    """Run a command to its end, and end with its status."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    print(json.dumps({"seconds": seconds, "megabytes": memory.peak_megabytes(usage)}))
    sys.exit(process.returncode)


if __name__ == "__main__":
    main(sys.argv[1:])
