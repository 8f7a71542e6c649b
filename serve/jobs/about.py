"""What a page needs to know of the jobs that a server takes."""

from importlib.util import find_spec
from typing import Any

from flask import current_app

from .training import BRUSHES, STRENGTHS


def describe() -> dict[str, Any] | None:
    """Return the kinds of jobs and their limits; None where the server takes none."""
    queue = current_app.config.get("JOBS")
    if queue is None:
        return None
    return {
        "kinds": list(queue.kinds),
        "entered": current_app.config["ACCESS"].knows(),
        "films": all(find_spec(name) for name in ("av", "cv2")),
        "upload": queue.limits.upload // 1_000_000,
        "minutes": queue.limits.seconds / 60,
        "brushes": list(BRUSHES),
        "strengths": list(STRENGTHS),
    }
