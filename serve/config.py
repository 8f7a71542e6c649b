"""The server's settings: each name, default, range and meaning stands here once."""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fast_style import MIN_SIZE, images
from fast_style.argument_types import number, path

LARGEST_SIZE = 8192  # px; browsers have no canvas for much larger results


def _setting(default: Any, help: str, read: Callable = str) -> Any:
    return field(default=default, metadata={"help": help, "type": read})


def _host_names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(","))
    for name in names:
        if not re.fullmatch(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*", name):
            raise argparse.ArgumentTypeError(
                f"'{name}' is no host's name. Give names such as example.org, with "
                "commas between them and without ports"
            )
    return names


@dataclass(frozen=True)
class Config:
    """Settings of the server, which are flags of fast-style serve and python -m serve.

    Each field's metadata has the flag's "help" and "type".
    """

    model: str | None = _setting(
        None,
        "A .tflite file of fast-style export. Default: the one in the package.",
        path,
    )
    backend: str | None = _setting(
        None,
        "Address of a TF Serving that runs the network, such as http://host:8501; "
        "--model is then the .tflite file of the same export. Default: LiteRT runs "
        "the network in this process.",
    )
    timeout: float = _setting(
        60.0, "Seconds to wait for the backend's answer.", number(float, 0.1)
    )
    threads: int | None = _setting(
        None,
        "Pictures to paint at the same time; they share the cores. Default: the "
        "number of cores, or twice as many with --backend.",
        number(int, 1),
    )
    queue: int = _setting(
        64,
        "Requests that may wait for their turn; the server answers any further one "
        "with 503.",
        number(int, 0),
    )
    wait: float = _setting(
        10.0,
        "Seconds that a request waits for its turn; the server then answers it with "
        "503.",
        number(float, 0),
    )
    max_upload: int = _setting(20, "Largest request, in MB.", number(int, 1))
    max_pixels: int = _setting(
        50,
        "Largest picture that is read, in megapixels.",
        number(int, 1, images.MAX_PIXELS // 1_000_000),
    )
    max_size: int = _setting(
        2048,
        "Longer side of the largest picture that is painted, in px. TF Serving's "
        "requests may hold the square of it in pixels. At 2048 px each of --threads "
        "takes 1.1 GB of memory; over 8.4 megapixels LiteRT paints by tiles, in less.",
        number(int, MIN_SIZE, LARGEST_SIZE),
    )
    proxies: int = _setting(
        0,
        "Number of proxies in front of the server. Their headers X-Forwarded-For, "
        "-Proto, -Host and -Prefix are believed.",
        number(int, 0),
    )
    allowed_hosts: tuple[str, ...] | None = _setting(
        None,
        "Names under which the server answers, such as example.org,.example.com; a "
        "dot includes all names that end so. Health and metrics have any name. "
        "Default: any name.",
        _host_names,
    )
    jobs: str | None = _setting(
        None,
        "Folder for the files of jobs: films, many pictures, sheets. With it the "
        "server takes jobs. Default: none, and with --train fast-style-jobs here.",
        path,
    )
    train: bool = _setting(
        False, "Whether visitors may have their own paintings trained.", bool
    )
    recipe: str = _setting(
        "quick", "Recipe of fast-style train for these, by its name or path."
    )
    photos: str | None = _setting(
        None,
        "Folder of photographs to train on. Default: as the recipe says.",
        path,
    )
    base_model: str | None = _setting(
        None,
        "What --model was exported from, for trainings to start from: a run directory "
        "or a .keras file. Default: gallery, for the embedded model.",
        path,
    )
    jobs_queue: int = _setting(
        4, "Jobs that may be open, the one that runs included.", number(int, 1)
    )
    jobs_minutes: float = _setting(
        60.0, "Minutes that a job may run.", number(float, 0.1)
    )
    jobs_upload: int = _setting(
        200, "Largest size of a job's files together, in MB.", number(int, 1)
    )
    jobs_disk: int = _setting(
        5000, "Disk that the files of all jobs may take, in MB.", number(int, 1)
    )
    jobs_days: float = _setting(
        7.0, "Days that a job is kept after its end.", number(float, 0)
    )
    jobs_nice: int = _setting(
        19,
        "Priority of jobs, from 0, the server's own, to 19, the lowest.",
        number(int, 0, 19),
    )

    @property
    def jobs_folder(self) -> str | None:
        """The folder for the files of jobs; None where the server takes none."""
        return self.jobs or ("fast-style-jobs" if self.train else None)
