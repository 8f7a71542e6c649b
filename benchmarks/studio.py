"""The server and a browser on this machine, for benchmarks of the studio."""

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def server():
    """Runs `python -m serve`; gives its address."""
    command = [sys.executable, "-m", "serve", "--port=0", "--verbosity=-1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


@contextmanager
def chromium():
    """Runs Chromium without a head; gives Playwright's Browser.

    Raises:
        OSError: There is none.
    """
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        raise OSError("Chromium is not here. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        # The pages are our own.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"]
        )
        yield browser
        browser.close()
