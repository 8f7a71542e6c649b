"""Stand-ins for fast-style in tests of the server's jobs, which take milliseconds."""

import sys
import time

PYTHON = (sys.executable, "-I", "-S", "-c")

# Copies input/ to output/ as `fast-style input/ --output=output/` does.
COPYING = """
import os, shutil, sys
os.makedirs("output", exist_ok=True)
for name in os.listdir("input"):
    shutil.copy(f"input/{name}", "output")
print("done:", *sys.argv[1:])
"""

# Writes how far it is, and goes on until the file `go` lies in its folder.
WAITING = """
import os, time
with open("progress.json", "w") as file:
    file.write('{"picture": 1, "pictures": 1, "part": 3, "parts": 9, "unit": "frame"}')
open("begun", "a").write("x")
while not os.path.exists("go"):
    time.sleep(0.005)
os.makedirs("output", exist_ok=True)
open("output/a.mp4", "w").write("film")
"""

FAILING = """
import sys
print("Step 1 of 9.")
sys.exit("fast-style: error: Cannot read 'input/a.png' as an image.")
"""


def program(code):
    """Return what create_app takes as its program."""
    return (*PYTHON, code)


def until(look, *, seconds=60.0, pause=0.005):
    """Return what a function returns, as soon as that is true."""
    end = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(pause)
    return seen


def ask(web, kind, *files, settings=None, **options):
    """Ask for a job and send its files, each a pair of a name and bytes.

    Returns the answer to the last request.
    """
    announced = [{"name": name, "size": len(content)} for name, content in files]
    body = {"kind": kind, "files": announced, "settings": settings or {}}
    answer = web.post("/api/jobs", json=body, **options)
    if answer.status_code != 201:
        return answer
    for number, (_, content) in enumerate(files):
        path = f"/api/jobs/{answer.json['id']}/files/{number}"
        kind = "application/octet-stream"
        answer = web.put(path, data=content, content_type=kind, **options)
    return answer


def ended(web, id):
    """Return a job as soon as it has ended."""

    def look():
        job = web.get(f"/api/jobs/{id}").json
        return job if job["state"] in ("done", "failed", "cancelled") else None

    return until(look)
