"""Puts the server under load: python -m benchmarks.serving

Wants an idle Linux machine, wrk (apt-get install wrk), the extra [serve], and five
minutes.
"""

import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from absl import app, flags

from benchmarks import report
from fast_style import images
from fast_style.stylizer import Stylizer, count_cores

ROOT = Path(__file__).resolve().parent.parent
BOUNDARY = "fast-style-benchmark"

flags.DEFINE_integer("size", 512, "Side of the picture, in px.")
flags.DEFINE_list("clients", ["1", "4", "16", "64"], "Numbers of clients, in turn.")
flags.DEFINE_integer("seconds", 30, "Of load by each number of clients but the last.")
flags.DEFINE_integer("last_seconds", 120, "Of load by the last number of clients.")
flags.DEFINE_string(
    "output", str(ROOT / "docs" / "benchmarks.md"), "Markdown file; '' writes none."
)


class Server:
    """`python -m serve`, and how long it took to start.

    Attributes:
        url: its address.
        seconds: from the command to an answer, and to the first painted picture.
    """

    def __init__(self, form):
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "serve", "--port=0", "--verbosity=-1"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.url = self._process.stdout.readline().strip()
        with urllib.request.urlopen(f"{self.url}/readyz") as answer:
            answer.read()
        ready = time.perf_counter() - began
        paint(self.url, form)
        self.seconds = ready, time.perf_counter() - began

    def megabytes(self):
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s*(\d+)", status).group(1)) / 1024

    def stop(self):
        self._process.terminate()
        self._process.wait()


def make_form(size):
    """The body of a request: the sample picture as a JPEG, in one style."""
    pixels = images.read(ROOT / "examples" / "astronaut.jpg").pixels
    photo = images.Picture(images.resize_short_side(pixels, size))
    file = io.BytesIO(images.encode(photo, format="JPEG"))
    begin = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    head = f'{begin}"image"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts = head.encode(), file.getvalue(), f"\r\n--{BOUNDARY}--\r\n".encode()
    return file.getvalue(), b"".join(parts)


def paint(url, form):
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    request = urllib.request.Request(f"{url}/api/stylize", form, kind)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def in_process(jpeg, seconds):
    """Pictures a second of one core that reads, paints and writes."""
    stylizer = Stylizer(num_threads=1)

    def once():
        picture = images.read(io.BytesIO(jpeg))
        picture = replace(picture, pixels=stylizer.stylize(picture.pixels))
        images.encode(picture, format="JPEG")

    once()
    count, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < seconds:
        once()
        count += 1
    return count / took


def load(server, form_path, clients, seconds):
    """Runs wrk; gives its figures, and the server's memory each second."""
    memory, ended = [], threading.Event()

    def watch():
        while not ended.wait(1):
            memory.append(server.megabytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        wrk = subprocess.run(
            [
                *("wrk", f"-c{clients}", f"-t{min(clients, 2)}", f"-d{seconds}s"),
                *("--timeout=60s", f"-s{Path(__file__).with_name('serving.lua')}"),
                *(f"{server.url}/api/stylize", "--", str(form_path), BOUNDARY),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        ended.set()
        watcher.join()
    return json.loads(wrk.stdout.splitlines()[-1]), memory


def main(argv):
    del argv
    if not shutil.which("wrk"):
        raise OSError("wrk is not here. Install it: apt-get install wrk")
    options = flags.FLAGS
    jpeg, form = make_form(options.size)
    cores = count_cores()
    with ProcessPoolExecutor(cores) as pool:
        limit = sum(pool.map(in_process, [jpeg] * cores, [options.seconds] * cores))
    starts = []
    for _ in range(3):
        server = Server(form)
        starts.append(server.seconds)
        server.stop()
    ready, painted = (sorted(each)[1] for each in zip(*starts, strict=True))
    server = Server(form)
    rows = []
    try:
        with tempfile.NamedTemporaryFile() as file:
            file.write(form)
            file.flush()
            for clients in map(int, options.clients):
                last = str(clients) == options.clients[-1]
                seconds = options.last_seconds if last else options.seconds
                found, memory = load(server, file.name, clients, seconds)
                rows.append(row(clients, found, memory, limit))
    finally:
        server.stop()
    header = ["clients", "pictures/s", "of in process", "p50, s", "p95, s", "p99, s"]
    header += ["503", "other errors", "memory, MB", "growth after a minute"]
    section = f"""## The server under load

Made by `python -m benchmarks.serving` on:

- {report.machine(cores)}

Pictures through /api/stylize, a JPEG of {options.size} px in one style, asked for by
wrk on the same machine for {options.seconds} s, at last {options.last_seconds} s. In
process as many cores, each reading, painting and writing for itself, give {limit:.1f}
pictures a second. Memory is the server's, after a second, after a minute, at the end.

{report.table(header, rows)}

From the command to the first answer {ready:.2f} s, to the first painted picture
{painted:.2f} s (medians of 3).
"""
    report.publish(section, options.output)


def row(clients, found, memory, limit):
    """A line of the table."""
    rate = found["good"] / found["seconds"]
    others = found["client"] + found["server"] + found["broken"]
    minute = memory[min(60, len(memory)) - 1]
    return [
        str(clients),
        f"{rate:.1f}",
        f"{rate / limit:.2f}",
        *(f"{found[name]:.3f}" for name in ("p50", "p95", "p99")),
        str(found["busy"]),
        str(others),
        f"{memory[0]:.0f}, {minute:.0f}, {memory[-1]:.0f}",
        f"{100 * (memory[-1] / minute - 1):+.1f} %" if len(memory) > 60 else "-",
    ]


if __name__ == "__main__":
    try:
        app.run(main)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"serving: error: {error}")
