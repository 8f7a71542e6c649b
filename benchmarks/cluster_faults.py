"""Kill parts of a cluster that paints: python -m benchmarks.cluster_faults

A command paints photographs on a Ray cluster of two nodes on this machine. After a
quarter of them a worker is killed, after half of them a node. Then the plain command
paints the same photographs, and all results must be the same to the bit. Needs the
extra cluster, and takes two minutes on two idle cores.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image

from benchmarks import script
from fast_style import images
from fast_style.argument_types import number

PROGRAM = "from fast_style.command import cli; cli.run()"
_SECONDS = 3600  # that the command may take


def main(arguments: Sequence[str] | None = None) -> None:
    """Run by the flags of a command line."""
    parser = script.parser(__doc__)
    script.add_photo(parser)
    parser.add_argument(
        "--count",
        type=number(int, 8),
        default=2000,
        help="Photographs, cut out of one. Default: %(default)s.",
    )
    parser.add_argument(
        "--side",
        type=number(int, 32),
        default=192,
        help="Their longest side in px. Default: %(default)s.",
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cut(options.photo, folder / "photographs", options.count, options.side)
        seconds = paint_with_faults(folder, options.count)
        run(folder, "plain")
        check(folder, options.count)
    print(
        f"{options.count} photographs were painted in {seconds:.0f} s. A worker and a "
        "node were killed; each photograph has one result, the plain command's."
    )


def cut(photo: str | Path, folder: Path, count: int, side: int) -> None:
    """Write photographs that are parts of one, of several sizes, as JPEG.

    Args:
        photo: Path of the one.
        folder: Folder to make.
        count: How many.
        side: Longest side in px; the shorter is between a half and all of it.
    """
    folder.mkdir()
    pixels, rng = images.read(photo).pixels, np.random.default_rng(0)
    for number_ in range(count):
        shorter = int(rng.integers(side // 8 * 4, side + 1, endpoint=True)) // 8 * 8
        height, width = rng.permutation([min(shorter, side), side])
        top = rng.integers(0, pixels.shape[0] - height + 1)
        left = rng.integers(0, pixels.shape[1] - width + 1)
        part = pixels[top : top + height, left : left + width]
        Image.fromarray(part).save(folder / f"{number_:06}.jpg", quality=95)


def start(folder: Path, output: str, *words: str) -> subprocess.Popen:
    """Start the command on a folder's photographs."""
    job = ["photographs", "-o", output, *words]
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *job], cwd=folder)


def run(folder: Path, output: str, *words: str) -> None:
    """Run the command on a folder's photographs.

    Raises:
        OSError: It failed.
    """
    if status := start(folder, output, *words).wait(_SECONDS):
        raise OSError(f"The command ended with {status}.")


def paint_with_faults(folder: Path, count: int) -> float:
    """Paint on two nodes, kill a worker and a node, and return the seconds.

    Raises:
        OSError: The command failed.
    """
    from ray.cluster_utils import Cluster

    node: dict[str, Any] = {"num_cpus": 1, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    try:
        second = cluster.add_node(num_cpus=1)
        begin = time.perf_counter()
        process = start(folder, "painted", f"--cluster={cluster.address}")
        _wait(folder, count // 4, process)
        worker_processes()[0].kill()
        _wait(folder, count // 2, process)
        cluster.remove_node(second, allow_graceful=False)
        if status := process.wait(_SECONDS):
            raise OSError(f"The command ended with {status}.")
        return time.perf_counter() - begin
    finally:
        cluster.shutdown()


def worker_processes() -> list[psutil.Process]:
    """Return the workers that paint, which Ray names, on nodes of this process."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if process.cmdline()[:1] == ["ray::Worker.paint"]:
                found.append(process)
        except psutil.Error:  # it has ended
            continue
    return found


def check(folder: Path, count: int) -> None:
    """Check that each photograph has one result and one row, and the right bytes.

    Raises:
        ValueError: One has not.
    """
    import pyarrow.parquet as pq

    from fast_style.cluster.report import NAME

    names = {path.name for path in (folder / "photographs").iterdir()}
    painted = folder / "painted"
    outputs = pq.read_table(painted / NAME)["output"].to_pylist()
    if sorted(outputs) != sorted(f"painted/{name}" for name in names):
        raise ValueError(f"The report has {len(outputs)} rows for {count} results.")
    if {path.name for path in painted.glob("*.jpg")} != names:
        raise ValueError("Not every photograph has a result.")
    for name in names:
        plain = (folder / "plain" / name).read_bytes()
        if (painted / name).read_bytes() != plain:
            raise ValueError(f"'{name}' is not as the plain command paints it.")


def _wait(folder: Path, count: int, process: subprocess.Popen) -> None:
    """Wait until there are so many results."""
    while len(list((folder / "painted").glob("*.jpg"))) < count:
        if process.poll() is not None:
            raise OSError(f"The command ended with {process.returncode}, too soon.")
        time.sleep(0.1)


if __name__ == "__main__":
    script.run(main)
