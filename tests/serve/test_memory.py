"""The memory of a server process after a burst of large uploads."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import psutil
import pytest
from serving import encoded

UPLOADS = 8
CLIENTS = 6
GROWTH = 300  # MB


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs glibc's allocator")
def test_memory_comes_back_after_large_uploads():
    y, x = np.mgrid[0:2480, 0:2560] // 11
    large = encoded(np.stack([x, y, x ^ y], -1).astype(np.uint8), "BMP")  # 19 MB
    flags = ["--port=0", "--threads=3", "--max_size=1024", "--wait=300"]
    command = [sys.executable, "-m", "serve", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().strip()

            def paint(size):
                answer = httpx.post(
                    f"{address}/api/stylize",
                    files={"image": large},
                    data={"size": size, "format": "jpeg"},
                    timeout=300,
                )
                return answer.status_code

            def megabytes():
                return psutil.Process(process.pid).memory_info().rss / 1e6

            assert paint(64) == 200
            start = megabytes()
            with ThreadPoolExecutor(CLIENTS) as clients:
                assert set(clients.map(paint, [1024] * UPLOADS)) == {200}
            assert paint(64) == 200
            end = megabytes()
        finally:
            process.terminate()
    assert end - start < GROWTH, (start, end)
