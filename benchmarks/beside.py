"""How long paintings take while the server trains a visitor's painting beside them."""

import statistics
import tempfile
import time

import httpx

from benchmarks import browsing, script

SIZE = 512  # px
LOOK = {"styles": "wave", "size": str(SIZE), "format": "jpeg"}
START_SECONDS = 900  # for a training to begin, for jobs have the lowest priority
BYTES = "application/octet-stream"


def painting_seconds(paintings: int) -> tuple[float, float]:
    """Return the median seconds of a painting alone, and beside a training.

    Args:
        paintings: Number of paintings of each.

    Raises:
        OSError: The training failed, or did not begin.
    """
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        browsing.Server(f"--jobs={folder}", "--train") as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):
        _median(client, 3)  # warms up
        alone = _median(client, paintings)
        job = _begin_training(client)
        beside = _median(client, paintings)
        client.post(f"/api/jobs/{job}/cancel").raise_for_status()
    return alone, beside


def _median(client: httpx.Client, paintings: int) -> float:
    photo = script.PHOTO.read_bytes()
    times = []
    for _ in range(paintings):
        start = time.perf_counter()
        answer = client.post("/api/stylize", data=LOOK, files={"image": photo})
        answer.raise_for_status()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _begin_training(client: httpx.Client) -> str:
    """Ask for a training, and return its id when its first step is done."""
    painting = script.PHOTO.read_bytes()
    asked = {
        "kind": "training",
        "settings": {},
        "files": [{"name": "painting.jpg", "size": len(painting)}],
    }
    answer = client.post("/api/jobs", json=asked).raise_for_status()
    job = answer.json()["id"]
    headers = {"Content-Type": BYTES}
    path = f"/api/jobs/{job}/files/0"
    client.put(path, content=painting, headers=headers).raise_for_status()
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        answer = client.get(f"/api/jobs/{job}").raise_for_status().json()
        if answer["reason"]:
            raise OSError(f"The training failed: {answer['reason']}")
        if (answer["progress"] or {}).get("done"):
            return job
        time.sleep(0.5)
    raise OSError(f"The training did not begin within {START_SECONDS} s.")
