"""Jobs: one process after the other, whose state is files."""

import io
import os
import subprocess
import zipfile

import pytest
from jobs import COPYING, FAILING, PYTHON, WAITING, ask, ended, program, until
from serving import client, encoded

from serve import Config, create_app
from serve.jobs import process, store
from serve.jobs.queue import Limits, Queue
from serve.jobs.store import File, Store


@pytest.fixture
def serve(gallery, tmp_path):
    """A function that starts a server whose jobs run a program of Python.

    It returns a client. A server that was started before is stopped.
    """
    apps = []

    def start(code=COPYING, *, trusted=True, **settings):
        while apps:
            apps.pop().config["JOBS"].stop()
        jobs = str(tmp_path / "jobs")
        config = Config(model=str(gallery), threads=1, jobs=jobs, **settings)
        apps.append(create_app(config, trusted=trusted, program=program(code)))
        return client(apps[-1])

    yield start
    for app in apps:
        app.config["JOBS"].stop()


def test_a_picture_is_painted_and_fetched(serve, photo):
    web = serve()
    file = encoded(photo)
    asked = ask(web, "painting", ("My photo.PNG", file))
    assert asked.json["state"] == "waiting"
    job = ended(web, asked.json["id"])
    assert (job["state"], job["reason"], job["result"]) == ("done", None, len(file))
    result = web.get(f"/api/jobs/{job['id']}/result")
    assert result.data == file
    disposition = result.headers["Content-Disposition"]
    assert disposition == "attachment; filename=My_photo.png"


def test_many_results_are_one_zip_file(serve, photo):
    web = serve()
    pictures = {f"{name}.png": encoded(photo + i) for i, name in enumerate("abc")}
    id = ask(web, "painting", *pictures.items()).json["id"]
    assert ended(web, id)["state"] == "done"
    archive = zipfile.ZipFile(io.BytesIO(web.get(f"/api/jobs/{id}/result").data))
    assert {name: archive.read(name) for name in archive.namelist()} == pictures


def test_jobs_are_given_what_was_asked_for(serve, photo, tmp_path):
    code = "import sys; print(*sys.argv[1:], sep='\\n', file=open('../words', 'w'))"
    web = serve(code)
    settings = {"styles": "wave:3,scream:1", "strength": 0.5, "stroke": "auto"}
    settings |= {"keep_color": "luminance", "size": 300, "format": "webp"}
    id = ask(web, "painting", ("a.png", encoded(photo)), settings=settings).json["id"]
    ended(web, id)
    words = (tmp_path / "jobs" / "words").read_text().split("\n")
    assert words[:2] == ["input/", "--output=output/"]
    assert {"--style=wave:0.75,scream:0.25", "--strength=0.5", "--stroke=auto"} < {
        *words
    }
    assert {"--max_size=300", "--format=webp", "--resume"} < {*words}


def test_a_failed_job_says_why_in_one_line(serve, photo):
    web = serve(FAILING)
    job = ended(web, ask(web, "sheet", ("a.png", encoded(photo))).json["id"])
    assert job["state"] == "failed"
    assert job["reason"] == "Cannot read 'a.png' as an image."
    assert web.get(f"/api/jobs/{job['id']}/result").status_code == 404


@pytest.mark.parametrize("finished", [(), ("a.png",), ("a.png", "b.png")])
def test_what_a_program_left_unfinished_is_no_result(serve, photo, tmp_path, finished):
    film = "os.makedirs('output/.c.mp4.fast-style'); "
    film += "open('output/.c.mp4.fast-style/0.mp4', 'w'); "
    film += "open('output/.fast-style-0a.tmp', 'w'); "
    painted = "".join(f"open('output/{name}', 'w'); " for name in finished)
    web = serve(f"import os, sys; {film}{painted}sys.exit('error: No more.')")
    names = ("a.png", "b.png", "c.mp4")
    id = ask(web, "painting", *((name, encoded(photo)) for name in names)).json["id"]
    job = ended(web, id)
    assert (job["state"], job["reason"]) == ("failed", "No more.")
    assert (job["result"] is None) == (not finished)
    whole = ["a-painted.zip"] if len(finished) > 1 else list(finished)
    output = tmp_path / "jobs" / id / "output"
    assert [path.name for path in output.iterdir()] == whole
    assert web.get(f"/api/jobs/{id}/result").status_code == (200 if finished else 404)


def test_an_archive_that_a_killed_server_left_is_not_packed(serve, photo):
    web = serve(COPYING + "open('output/a-painted.zip', 'w').write('left')")
    pictures = [(name, encoded(photo)) for name in ("a.png", "b.png")]
    id = ask(web, "painting", *pictures).json["id"]
    assert ended(web, id)["state"] == "done"
    archive = zipfile.ZipFile(io.BytesIO(web.get(f"/api/jobs/{id}/result").data))
    assert archive.namelist() == ["a.png", "b.png"]


def test_a_job_that_was_killed_says_so(serve, photo):
    web = serve("import os; os.kill(os.getpid(), 9)")
    job = ended(web, ask(web, "sheet", ("a.png", encoded(photo))).json["id"])
    assert "SIGKILL" in job["reason"] and "memory" in job["reason"]


def test_a_job_tells_how_far_it_is(serve, tmp_path):
    web = serve(WAITING)
    id = ask(web, "painting", ("a.mp4", b"film")).json["id"]
    assert web.get(f"/api/jobs/{id}/files/0").data == b"film"
    assert web.get(f"/api/jobs/{id}/files/1").status_code == 404
    progress = until(
        lambda: (p := web.get(f"/api/jobs/{id}").json["progress"]) and p["of"] and p
    )
    expected = {"phase": "painting", "done": 3, "of": 9, "unit": "frame"}
    assert progress == expected | {"seconds_left": None}
    (tmp_path / "jobs" / id / "go").touch()
    assert ended(web, id)["state"] == "done"
    until(lambda: web.get(f"/api/jobs/{id}/files/0").status_code == 404)


def test_a_server_that_was_stopped_goes_on_with_its_jobs(serve, tmp_path):
    web = serve(WAITING)
    ids = [ask(web, "painting", ("a.mp4", b"film")).json["id"] for _ in range(2)]
    begun = tmp_path / "jobs" / ids[0] / "begun"
    until(lambda: begun.exists() and begun.read_text() == "x")
    web = serve(WAITING)  # stops the first one
    assert [web.get(f"/api/jobs/{id}").json["state"] for id in ids] != ["done"] * 2
    until(lambda: begun.read_text() == "xx")
    for id in ids:
        (tmp_path / "jobs" / id / "go").touch()
        assert ended(web, id)["state"] == "done"


def test_a_program_of_a_killed_server_is_ended_before_it_starts_again(tmp_path):
    folder = tmp_path / "job"
    folder.mkdir()
    code = "import time; time.sleep(60)"
    left = process.Program([*PYTHON, code], folder, folder / "log.txt")
    process.end_orphan(folder)
    assert left.wait(10) is not None
    assert not (folder / "process.json").exists()


def test_another_process_of_the_same_number_is_left_alone(tmp_path):
    with subprocess.Popen([*PYTHON, "input()"], stdin=subprocess.PIPE) as other:
        record = tmp_path / "process.json"
        record.write_text(f'{{"pid": {other.pid}, "created": 1.0}}')
        process.end_orphan(tmp_path)
        assert other.poll() is None
        other.communicate(b"\n")
    assert not record.exists()


@pytest.mark.skipif(os.name == "nt", reason="priorities are others there")
def test_programs_have_the_lowest_priority(serve, tmp_path):
    web = serve("import os; open('../nice', 'w').write(str(os.nice(0)))")
    ended(web, ask(web, "painting", ("a.mp4", b"film")).json["id"])
    assert (tmp_path / "jobs" / "nice").read_text() == "19"


def test_jobs_are_cancelled_while_they_wait_and_while_they_run(serve, tmp_path):
    web = serve(WAITING)
    ids = [ask(web, "painting", ("a.mp4", b"film")).json["id"] for _ in range(2)]
    until((tmp_path / "jobs" / ids[0] / "begun").exists)
    for id in reversed(ids):
        assert web.post(f"/api/jobs/{id}/cancel").json["state"] == "cancelled"
        assert web.post(f"/api/jobs/{id}/cancel").status_code == 409
    for id in ids:
        until(lambda id=id: not (tmp_path / "jobs" / id / "input").exists())
        assert web.get(f"/api/jobs/{id}").json["state"] == "cancelled"
    assert web.delete(f"/api/jobs/{ids[0]}").json == {"removed": True}
    assert web.get(f"/api/jobs/{ids[0]}").status_code == 404


def test_a_job_ends_at_its_limit_of_time(gallery, tmp_path):
    jobs = Store(tmp_path)

    class Endless:
        def steps(self, job, folder):
            yield []

        def finish(self, job, folder, reason):
            (folder / "output").mkdir()
            (folder / "output" / "reason").write_text(reason)

        def progress(self, folder):
            return {"phase": "painting", "done": 0, "of": 0}

    limits = Limits(jobs=1, seconds=0.02, upload=1, disk=10**9, days=1)
    sleeping = program("import time; time.sleep(60)")
    queue = Queue(
        jobs, {"endless": Endless()}, limits, program=sleeping, look_seconds=0.01
    )
    job = jobs.new(kind="endless", settings={}, files=(), model="")
    jobs.change(job.id, store.SENDING, state=store.WAITING)
    queue.start()
    until(lambda: jobs.get(job.id).state == store.FAILED)
    assert "(--jobs_minutes)" in jobs.get(job.id).reason
    assert "(--jobs_minutes)" in jobs.path(job, "output", "reason").read_text()
    queue.stop()


def test_files_come_in_parts_and_go_on_where_they_stopped(serve):
    web = serve()
    files = [{"name": "a.mp4", "size": 6}]
    id = web.post("/api/jobs", json={"kind": "painting", "files": files}).json["id"]

    def send(offset, content):
        return web.put(
            f"/api/jobs/{id}/files/0?offset={offset}",
            data=content,
            content_type="application/octet-stream",
        )

    assert send(0, b"abc").json["files"][0]["received"] == 3
    assert send(0, b"abc").json["files"][0]["received"] == 3  # the answer was lost
    wrong = send(2, b"cd")
    assert wrong.status_code == 409
    assert wrong.json["error"] == "3 bytes have come. Go on from there."
    too_much = send(3, b"defg")
    assert (too_much.status_code, "by its announcement" in too_much.json["error"]) == (
        400,
        True,
    )
    web = serve()  # the server is started anew
    assert web.get(f"/api/jobs/{id}").json["files"][0]["received"] == 3
    assert send(3, b"def").json["state"] == "waiting"
    ended(web, id)
    assert web.get(f"/api/jobs/{id}/result").data == b"abcdef"


def test_a_picture_that_is_kept_is_not_sent_again(serve, photo):
    web = serve()
    file = encoded(photo)
    kept = web.post(
        "/api/pictures", data=file, content_type="application/octet-stream"
    ).json["picture"]
    files = [{"name": "a.png", "size": len(file), "picture": kept}]
    job = web.post("/api/jobs", json={"kind": "painting", "files": files}).json
    assert job["state"] == "waiting"
    ended(web, job["id"])
    assert web.get(f"/api/jobs/{job['id']}/result").data == file


def test_two_servers_do_not_share_a_folder(tmp_path):
    first = Store(tmp_path)
    with pytest.raises(OSError, match="Another server runs the jobs"):
        Store(tmp_path)
    first.close()
    Store(tmp_path).close()


def test_a_damaged_record_stops_no_other_job(serve, tmp_path):
    web = serve()
    id = ask(web, "painting", ("a.mp4", b"film")).json["id"]
    ended(web, id)
    (tmp_path / "jobs" / id / "job.json").write_text("{")
    assert web.get("/api/jobs").json == {"jobs": []}
    assert ended(web, ask(web, "painting", ("a.mp4", b"film")).json["id"])


def test_a_job_of_a_kind_that_is_not_taken_waits_for_another_start(serve, tmp_path):
    serve().application.config["JOBS"].stop()
    jobs = Store(tmp_path / "jobs")
    left = jobs.new(kind="training", settings={}, files=(), model="")
    jobs.change(left.id, store.SENDING, state=store.WAITING)
    jobs.close()
    web = serve()
    ended(web, ask(web, "painting", ("a.mp4", b"film")).json["id"])
    assert [job["kind"] for job in web.get("/api/jobs").json["jobs"]] == ["painting"]
    assert web.get(f"/api/jobs/{left.id}").status_code == 404
    assert web.application.config["JOBS"].store.get(left.id).state == store.WAITING


def test_files_of_a_store_have_their_own_names(tmp_path):
    jobs = Store(tmp_path)
    job = jobs.new(kind="a", settings={}, files=(File("a.png", 2),), model="m")
    assert jobs.get(job.id) == job
    assert [jobs.append(job, job.files[0], i, b"x") for i in range(2)] == [1, 2]
    assert jobs.has_all(job)
    assert jobs.path(job, "input", "a.png").read_bytes() == b"xx"
    assert abs(job.created - job.changed) < 5
    jobs.close()
