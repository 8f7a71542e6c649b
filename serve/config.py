"""What a server may be told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    """Settings of the server; the flags of `python -m serve` have the same names.

    Args:
        model: a .tflite file; None is the one in the package.
        backend: address of a TF Serving that runs the network; None is LiteRT here.
        timeout: seconds that the backend may keep silent.
        threads: pictures painted at once; None is one a core.
        queue: requests that may wait for their turn; those beyond get 503.
        wait: seconds they wait at most, before they get 503.
        max_upload: megabytes of a request.
        max_pixels: megapixels of a picture that is read.
        max_size: px; the longer side of a picture that is painted. Requests as TF
            Serving takes them may hold the square of it in pixels.
    """

    model: str | None = None
    backend: str | None = None
    timeout: float = 60.0
    threads: int | None = None
    queue: int = 64
    wait: float = 10.0
    max_upload: int = 20
    max_pixels: int = 50
    max_size: int = 2048
