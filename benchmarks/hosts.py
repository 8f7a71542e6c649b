"""Time a training by one process and by two: python -m benchmarks.hosts

The two share its batches, on one machine. Needs an idle machine, the extra [train-jax]
and some minutes. They run by turns, so that other work slows both alike.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from benchmarks import report, script
from fast_style.runner import count_cores

BATCH_SIZE = 4
PHOTOGRAPHS = 16
UNTIMED = 2  # steps, in which things are compiled
BUSY = """\
The machine was busy with other work, of which two processes push aside twice as much as
one. So steps a second and seconds to start say little; processor seconds compare."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure by the flags of a command line."""
    parser = script.parser(__doc__)
    script.add_output(parser, script.DOCUMENT)
    parser.add_argument(
        "--image_size", type=int, default=128, help="Side of the crops, in px."
    )
    parser.add_argument("--steps", type=int, default=8, help="Timed steps of a run.")
    parser.add_argument("--rounds", type=int, default=2, help="Runs of each.")
    parser.add_argument("--worker", nargs=4, help="For the processes of this program.")
    options = parser.parse_args(arguments)
    if options.worker:
        _work(options.image_size, options.steps, *options.worker)
        return
    with tempfile.TemporaryDirectory() as folder:
        _write_pictures(Path(folder), options.image_size)
        report.publish(section(options, Path(folder)), options.output)


def section(options: Any, folder: Path) -> str:
    """Measure, and return the section."""
    load = os.getloadavg()[0]
    sizes = f"--image_size={options.image_size} --steps={options.steps}"
    command = f"python -m benchmarks.hosts {sizes} --rounds={options.rounds}"
    runs: dict[int, list[dict[str, float]]] = {1: [], 2: []}
    for _ in tqdm(range(options.rounds)):
        for hosts in runs:
            runs[hosts].append(_run(options, folder, hosts))
    rows = []
    for hosts, figures in runs.items():
        each = BATCH_SIZE // hosts
        medians = (
            statistics.median(figure[name] for figure in figures)
            for name in ("steps", "processor", "start")
        )
        name = f"{hosts} process{'es' * (hosts > 1)}, {each} photographs each"
        rows.append([name, *(f"{value:.2f}" for value in medians)])
    header = ["", "steps a second", "processor seconds a step", "seconds to start"]
    return "\n\n".join(
        [
            "## Training by two processes",
            f"Made by `{command}` on:",
            f"- {report.machine(count_cores())}, load {load:.1f} at the start",
            f"The light network, the compact loss network, {options.image_size} px, "
            f"batches of {BATCH_SIZE}, Keras\non JAX, float32. Runs by turns, of "
            f"{options.steps} steps each after {UNTIMED} more; medians. The processor\n"
            "seconds are those of all processes; the start is all before the first "
            "step.",
            *([BUSY] if load > count_cores() else []),
            report.table(header, rows),
        ]
    )


def _run(options: Any, folder: Path, hosts: int) -> dict[str, float]:
    """Train once by a number of processes, and return the figures of all of them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    command = [
        *(sys.executable, "-m", "benchmarks.hosts"),
        *(f"--image_size={options.image_size}", f"--steps={options.steps}"),
        *("--worker", str(folder), str(port), str(hosts)),
    ]
    processes = [
        subprocess.Popen(
            [*command, str(index)],
            env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for index in range(hosts)
    ]
    figures = []
    for process in processes:
        text, errors = process.communicate()
        if process.returncode:
            raise OSError(f"A process stopped: {errors}")
        figures.append(json.loads(text.splitlines()[-1]))
    return {
        "steps": options.steps / max(figure["seconds"] for figure in figures),
        "processor": sum(figure["processor"] for figure in figures) / options.steps,
        "start": max(figure["start"] for figure in figures),
    }


def _work(image_size: int, steps: int, *words: str) -> None:
    """Train as one of the processes, and print its figures."""
    began = time.perf_counter()
    folder, port, hosts, index = Path(words[0]), *map(int, words[1:])
    import jax
    import keras

    from fast_style.training.hosts import Hosts
    from fast_style.training.settings import Settings
    from fast_style.training.train import train

    class Clock(keras.callbacks.Callback):
        times: list[tuple[float, float]] = []

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            self.times.append((time.perf_counter(), time.process_time()))

    if hosts > 1:
        Hosts(coordinator=f"127.0.0.1:{port}", hosts=hosts, host_index=index).join()
    settings = Settings(
        style=folder / "painting.png",
        content_dir=folder / "photographs",
        loss_network="compact",
        precision="float32",
        style_weight=1e6,
        image_size=image_size,
        batch_size=BATCH_SIZE,
        steps=UNTIMED + steps + 1,
        log_every=UNTIMED + steps + 1,
    )
    with tempfile.TemporaryDirectory() as run:
        train(settings, run, callbacks=[Clock()])
    if hosts > 1:
        jax.distributed.shutdown()
    (first, _), *_ = Clock.times
    (start, used_before), (end, used) = Clock.times[UNTIMED], Clock.times[-1]
    figures = {"seconds": end - start, "processor": used - used_before}
    print(json.dumps({**figures, "start": first - began}))


def _write_pictures(folder: Path, image_size: int) -> None:
    """Write a painting and photographs of noise, whose content makes no difference."""
    rng = np.random.default_rng(0)
    (folder / "photographs").mkdir()
    size = image_size * 9 // 8
    paths = [folder / "photographs" / f"{i}.png" for i in range(PHOTOGRAPHS)]
    for path in (folder / "painting.png", *paths):
        noise = rng.integers(0, 256, (size // 8, size // 8, 3), np.uint8)
        Image.fromarray(noise).resize((size, size)).save(path)


if __name__ == "__main__":
    script.run(main)
