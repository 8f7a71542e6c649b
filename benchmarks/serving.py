"""Put the server under load: python -m benchmarks.serving

Needs an idle Linux machine, wrk (apt-get install wrk), the extra [serve], and five
minutes.
"""

import argparse
import io
import json
import multiprocessing
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from benchmarks import report, script
from benchmarks.browsing import Server
from fast_style import images
from fast_style.runner import count_cores
from fast_style.stylizer import Stylizer

BOUNDARY = "fast-style-benchmark"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    options = _options(arguments)
    if not shutil.which("wrk"):
        raise OSError("wrk is missing. Install it: apt-get install wrk")
    jpeg = make_photo(options.size)
    form = make_form(jpeg)
    cores = count_cores()
    # Spawned, for a fork of a process with threads may hang.
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores, spawning) as pool:
        limit = sum(pool.map(in_process, [jpeg] * cores, [options.seconds] * cores))
    starts = [start_times(form) for _ in range(options.starts)]
    ready, first = (statistics.median(times) for times in zip(*starts, strict=True))
    lines = []
    with Server() as server, tempfile.NamedTemporaryFile() as file:
        file.write(form)
        file.flush()
        for clients in options.clients:
            last = clients == options.clients[-1]
            seconds = options.last_seconds if last else options.seconds
            figures, memory = load(server, file.name, int(clients), seconds)
            lines.append(cells(clients, figures, memory, limit))
    section = SECTION.format(
        machine=report.machine(cores),
        size=options.size,
        seconds=options.seconds,
        last_seconds=options.last_seconds,
        limit=limit,
        table=report.table(HEADER, lines),
        ready=ready,
        first=first,
        starts=options.starts,
    )
    report.publish(section, options.output)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = script.parser(__doc__)
    parser.add_argument(
        "--size", type=int, default=512, help="Side of the picture, in px."
    )
    parser.add_argument(
        "--clients",
        type=script.names,
        default=["1", "4", "16", "64"],
        help="Numbers of clients, in turn.",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=30,
        help="Of load by each number of clients but the last, and of work in process.",
    )
    parser.add_argument(
        "--last_seconds",
        type=float,
        default=120,
        help="Of load by the last number of clients.",
    )
    parser.add_argument("--starts", type=int, default=3, help="Of the server, to time.")
    script.add_output(parser, script.DOCUMENT)
    return parser.parse_args(arguments)


def make_photo(size: int) -> bytes:
    """Return the sample photograph as a JPEG of that short side in px."""
    pixels = images.resize_short_side(images.read(script.PHOTO).pixels, size)
    return images.encode(images.Picture(pixels), format="JPEG")


def make_form(jpeg: bytes) -> bytes:
    """Return the body of a request that stylizes a photograph."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="image"; '
    head += 'filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return b"".join([head.encode(), jpeg, f"\r\n--{BOUNDARY}--\r\n".encode()])


def start_times(form: bytes) -> tuple[float, float]:
    """Return the seconds from the command to an answer, and to a stylized picture."""
    began = time.perf_counter()
    with Server() as server:
        with urllib.request.urlopen(f"{server.url}/readyz") as answer:
            answer.read()
        ready = time.perf_counter() - began
        stylize(server.url, form)
        return ready, time.perf_counter() - began


def stylize(url: str, form: bytes) -> bytes:
    """Send a form to the server, and return the stylized picture's file."""
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    request = urllib.request.Request(f"{url}/api/stylize", form, headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def in_process(jpeg: bytes, seconds: float) -> float:
    """Return the pictures a second of one core that reads, stylizes and writes."""
    stylizer = Stylizer(num_threads=1)

    def stylize_once() -> None:
        picture = images.read(io.BytesIO(jpeg))
        picture = replace(picture, pixels=stylizer.stylize(picture.pixels))
        images.encode(picture, format="JPEG")

    stylize_once()
    count, began = 0, time.perf_counter()
    while (taken := time.perf_counter() - began) < seconds:
        stylize_once()
        count += 1
    return count / taken


def load(
    server: Server, form_path: str, clients: int, seconds: float
) -> tuple[dict[str, float], list[float]]:
    """Run wrk; return its figures, and the server's memory in MB each second.

    Args:
        server: The server.
        form_path: Path of the request's body.
        clients: Number of clients that ask at once.
        seconds: Of load.

    Raises:
        subprocess.CalledProcessError: wrk failed.
    """
    memory, ended = [server.megabytes()], threading.Event()

    def watch() -> None:
        while not ended.wait(1):
            memory.append(server.megabytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        wrk = subprocess.run(
            [
                *("wrk", f"-c{clients}", f"-t{min(clients, 2)}", f"-d{seconds:g}s"),
                *("--timeout=60s", f"-s{Path(__file__).with_suffix('.lua')}"),
                *(f"{server.url}/api/stylize", "--", form_path, BOUNDARY),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        ended.set()
        watcher.join()
    return json.loads(wrk.stdout.splitlines()[-1]), memory


def cells(
    clients: str, figures: Mapping[str, float], memory: Sequence[float], limit: float
) -> list[str]:
    """Return a line of the table.

    Args:
        clients: Number of clients.
        figures: What serving.lua prints.
        memory: Of the server in MB, at the start and each second.
        limit: Pictures a second of the same cores in process.
    """
    rate = figures["good"] / figures["seconds"]
    other_errors = figures["client"] + figures["server"] + figures["broken"]
    first, minute, last = memory[0], memory[min(60, len(memory) - 1)], memory[-1]
    return [
        clients,
        f"{rate:.1f}",
        f"{rate / limit:.2f}",
        *(f"{figures[name]:.3f}" for name in ("p50", "p95", "p99")),
        str(figures["busy"]),
        str(other_errors),
        f"{first:.0f}, {minute:.0f}, {last:.0f}",
        f"{100 * (last / minute - 1):+.1f} %" if len(memory) > 61 else "-",
    ]


HEADER = ["clients", "pictures/s", "of in process", "p50, s", "p95, s", "p99, s"]
HEADER += ["503", "other errors", "memory, MB", "growth after a minute"]
SECTION = """## The server under load

Made by `python -m benchmarks.serving` on:

- {machine}

Pictures through /api/stylize: a JPEG of {size} px in one style. wrk asks for it on the
same machine for {seconds:g} s ({last_seconds:g} s for the last row). "Of in process":
without the server the same cores make {limit:.1f} pictures a second, where a process
for each core reads, stylizes and writes.
Memory is the server's at the start, after a minute, and at the end.

{table}

From the command to the first answer {ready:.2f} s, to the first stylized picture
{first:.2f} s (medians of {starts}).
"""


if __name__ == "__main__":
    script.run(main)
