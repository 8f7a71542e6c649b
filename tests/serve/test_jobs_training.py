"""A painting becomes a style: asked for, trained, proven, and painted with."""

import io
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from jobs import until
from PIL import Image
from serving import decoded, encoded

from fast_style import Stylizer

ROOT = Path(__file__).parents[2]
TINY = """
--loss_network=compact
--dataset=synthetic
--image_size=64
--batch_size=1
--steps=12
--warmup_steps=2
--backup_every=2
"""
SLOW = {"seconds": 300.0, "pause": 0.2}
OPEN = ("waiting", "running")


@contextmanager
def serving(*flags):
    """Run `python -m serve` with some flags, and yield its client and its process."""
    command = [sys.executable, "-m", "serve", "--port=0", *flags]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        url = server.stdout.readline().strip()
        try:
            with httpx.Client(base_url=url, timeout=30) as web:
                yield web, server
        finally:
            server.terminate()


def described(web, id):
    return web.get(f"/api/jobs/{id}").json()


@pytest.mark.slow
@pytest.mark.long
def test_a_painting_is_trained_past_a_killed_server_and_blended(
    export, painting, photo, tmp_path
):
    recipe = tmp_path / "tiny.flags"
    recipe.write_text(TINY)
    flags = [
        "--train",
        f"--jobs={tmp_path / 'jobs'}",
        f"--recipe={recipe}",
        f"--model={export / 'fast_style_int8.tflite'}",
        f"--base_model={export.parent / 'generator.keras'}",
        "--threads=1",
        "--jobs_nice=0",
    ]
    files = [painting.read_bytes(), encoded(photo)]
    announced = [
        {"name": name, "size": len(file)}
        for name, file in zip(("My cat.png", "photo.png"), files, strict=True)
    ]
    with serving(*flags) as (web, server):
        body = {"kind": "training", "files": announced, "settings": {"brush": "fine"}}
        id = web.post("/api/jobs", json=body).json()["id"]
        for number, file in enumerate(files):
            path = f"/api/jobs/{id}/files/{number}"
            headers = {"Content-Type": "application/octet-stream"}
            web.put(path, content=file, headers=headers).raise_for_status()

        def far():
            progress = described(web, id)["progress"]
            return progress if progress and progress["done"] > 3 else None

        progress = until(far, **SLOW)
        assert progress["phase"] == "training" and progress["of"] == 12
        sample = decoded(web.get(f"/api/jobs/{id}/sample").content)
        assert sample.shape == photo.shape
        server.kill()
    with serving(*flags) as (web, _):
        until(lambda: described(web, id)["state"] not in OPEN, **SLOW)
        job = described(web, id)
        assert (job["state"], job["reason"]) == ("done", None)
        log = (tmp_path / "jobs" / id / "log.txt").read_text()
        assert re.search(r"Going on from step \d+ of 12", log)
        styles = web.get("/api/styles").json()["styles"]
        assert {s["name"] for s in styles} == {"My_cat", "wave", "scream"}
        thumbnail = next(s["thumbnail"] for s in styles if s["name"] == "My_cat")
        assert Image.open(io.BytesIO(web.get(thumbnail).content)).height == 160
        form = {"styles": "My_cat:0.5,wave:0.5", "format": "png"}
        image = {"image": ("a.png", files[1])}
        blended = web.post("/api/stylize", data=form, files=image).content
        model = tmp_path / "My_cat.tflite"
        model.write_bytes(web.get(f"/api/jobs/{id}/result").content)
    with serving(*flags) as (web, _):  # paints with it after a restart, too
        again = web.post("/api/stylize", data=form, files=image).content
    expected = Stylizer(model).stylize(photo, styles={"My_cat": 1, "wave": 1})
    np.testing.assert_array_equal(decoded(blended), expected)
    np.testing.assert_array_equal(decoded(again), expected)
