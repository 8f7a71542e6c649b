"""The server and a browser on this machine, for benchmarks of the studio."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from benchmarks.script import ROOT


class Server:
    """`python -m serve` in a process of its own, which ends with the `with` block.

    Args:
        flags: Its flags, as they are typed.

    Attributes:
        url: Its address.
    """

    def __init__(self, *flags: str) -> None:
        self._flags = flags

    def __enter__(self) -> Self:
        program = [sys.executable, "-m", "serve"]
        self._process = subprocess.Popen(
            [*program, "--port=0", "--verbosity=-1", *self._flags],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()

    def megabytes(self) -> float:
        """Return the memory that it has now; on Linux alone."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s*(\d+)", status).group(1)) / 1024


@contextmanager
def chromium() -> Iterator[Any]:
    """Run Chromium without a window; yield Playwright's Browser.

    Raises:
        OSError: Chromium is missing.
    """
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        raise OSError("Chromium is missing. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        # Without its sandbox, for it opens our own pages alone.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"]
        )
        yield browser
        browser.close()
