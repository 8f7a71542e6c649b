"""What jobs are refused: strangers, nonsense, paths, and what is too much."""

import subprocess
import sys

import pytest
from jobs import COPYING, WAITING, ask, ended, program, until
from serving import client, encoded

from serve import Config, create_app
from serve.jobs import painting
from serve.jobs.access import COOKIE, is_own

TYPE = "application/octet-stream"


@pytest.fixture
def serve(gallery, tmp_path):
    """A function that returns a client of a server that takes jobs."""
    apps = []

    def start(code=COPYING, *, trusted=True, **settings):
        config = Config(
            model=str(gallery), threads=1, jobs=str(tmp_path / "jobs"), **settings
        )
        apps.append(create_app(config, trusted=trusted, program=program(code)))
        return client(apps[-1])

    yield start
    for app in apps:
        app.config["JOBS"].stop()


def bearer(token):
    return {"headers": {"Authorization": f"Bearer {token}"}}


def test_jobs_need_the_token_unless_only_this_computer_can_ask(serve, tmp_path):
    web = serve(trusted=False)
    token = (tmp_path / "jobs" / "token").read_text().strip()
    film = ("a.mp4", b"film")
    for wrong in ({}, bearer(""), bearer("x" * len(token)), bearer(token[:-1])):
        answer = ask(web, "painting", film, **wrong)
        assert answer.status_code == 401
        assert token not in answer.get_data(as_text=True)
    assert web.get("/api/jobs", **bearer("ä")).status_code == 401
    assert not web.get("/api/styles").json["jobs"]["entered"]
    assert ask(web, "painting", film, **bearer(token)).status_code == 200


def test_a_browser_is_given_the_token_as_a_cookie_that_scripts_cannot_read(
    serve, tmp_path
):
    web = serve(trusted=False)
    token = (tmp_path / "jobs" / "token").read_text().strip()
    assert web.post("/api/jobs/session", json={"token": "no"}).status_code == 401
    assert web.get("/api/jobs").status_code == 401
    answer = web.post("/api/jobs/session", json={"token": token})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=") and "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie and "Path=/api" in cookie
    assert web.get("/api/jobs").json == {"jobs": []}
    assert web.get("/api/styles").json["jobs"]["entered"]


def test_the_token_stays_the_same_and_is_the_owners_alone(serve, tmp_path):
    serve(trusted=False).application.config["JOBS"].stop()
    token = tmp_path / "jobs" / "token"
    before = token.read_text()
    if sys.platform != "win32":
        assert token.parent.stat().st_mode & 0o077 == 0
    serve(trusted=False)
    assert token.read_text() == before


def test_another_sites_page_cannot_ask_by_a_name_of_its_own(serve):
    web = serve()
    assert web.get("/api/jobs", base_url="http://localhost:8080").status_code == 200
    assert web.get("/api/jobs", base_url="http://[::1]").status_code == 200
    answer = web.get("/api/jobs", base_url="http://evil.example:8080")
    assert answer.status_code == 403
    form = web.post("/api/jobs", data={"kind": "painting"})
    assert form.status_code == 415  # of which browsers ask the server first


@pytest.mark.parametrize(
    ("host", "own"),
    [
        *((name, True) for name in ("127.0.0.1", "localhost", "::1", "127.9.9.9")),
        *((name, False) for name in ("0.0.0.0", "::", "192.168.1.2", "example.org")),
    ],
)
def test_addresses_of_this_computer_alone_are_known(host, own):
    assert is_own(host) == own


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"kind": "magic", "files": []}, "This server takes painting, sheet."),
        ({"kind": "training", "files": []}, "This server takes painting, sheet."),
        ({"kind": "sheet"}, "files is no list of 1 to 1000 files."),
        ({"kind": "sheet", "files": [1]}, "1 is no file. Give a name and a size"),
        (
            {"kind": "sheet", "files": [{"name": "a.png", "size": 0}]},
            "'a.png' is empty.",
        ),
        ({"kind": "sheet", "colour": 1}, "'colour' is no field."),
        ({"kind": "sheet", "settings": []}, "settings is no object."),
        ([], "The request is no JSON object."),
    ],
)
def test_wrong_requests_are_explained(serve, body, text):
    answer = serve().post("/api/jobs", json=body)
    assert answer.status_code == 400
    assert text in answer.json["error"]


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"styles": "screem"}, "No style 'screem'"),
        ({"strength": "1"}, "strength is '1'. Give a number from 0 to 1."),
        ({"strength": 2}, "strength is 2. Give a number from 0 to 1."),
        ({"size": 9999}, "size is 9999. Give a whole number of px from 16 to 2048."),
        ({"size": 99.5}, "size is 99.5."),
        ({"stroke": "--x"}, "stroke is '--x'."),
        ({"fade": ["a"]}, "fade is ['a']. Give one of"),
        ({"format": "exe"}, "format is 'exe'. Give one of jpeg, png"),
        ({"output": "/etc"}, "'output' is no setting. Use styles,"),
    ],
)
def test_wrong_settings_are_explained(serve, photo, settings, text):
    web = serve()
    answer = ask(web, "painting", ("a.png", encoded(photo)), settings=settings)
    assert answer.status_code == 400
    assert text in answer.json["error"]
    assert web.get("/api/jobs").json == {"jobs": []}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("..\\..\\boot.PNG", "boot.png"),
        ("/a/b/..png", "file-1.png"),
        ("写真.jpg", "file-1.jpg"),
        (".hidden.gif", "hidden.gif"),
        ("--flag.png", "flag.png"),
        ("a" * 300 + ".png", "a" * 80 + ".png"),
    ],
)
def test_names_are_never_paths(serve, name, kept):
    web = serve()
    files = [{"name": name, "size": 9}]
    job = web.post("/api/jobs", json={"kind": "painting", "files": files}).json
    assert job["files"][0]["name"] == kept


def test_two_files_never_have_one_name(serve):
    names = ["a.png", "x/A.png", "a.PNG"]
    files = [{"name": name, "size": 9} for name in names]
    job = serve().post("/api/jobs", json={"kind": "painting", "files": files}).json
    assert [file["name"] for file in job["files"]] == ["a.png", "A-2.png", "a-3.png"]


@pytest.mark.parametrize("name", ["a.exe", "a", "..", ".png", "a.png\0.sh"])
def test_files_of_unknown_kinds_are_refused(serve, name):
    files = [{"name": name, "size": 9}]
    answer = serve().post("/api/jobs", json={"kind": "painting", "files": files})
    assert answer.status_code == 400
    assert "has no suffix of a picture or a film" in answer.json["error"]


@pytest.mark.parametrize("id", ["..", "%2e%2e", "models", "0" * 33, "a/../b"])
def test_ids_are_never_paths(serve, id):
    assert serve().get(f"/api/jobs/{id}").status_code == 404


def test_a_file_that_is_no_picture_is_refused_without_the_servers_paths(
    serve, tmp_path
):
    web = serve()
    answer = ask(web, "sheet", ("a.png", b"no picture"))
    assert answer.status_code == 415
    assert answer.json["error"].startswith("Cannot read 'a.png' as an image.")
    assert str(tmp_path) not in answer.json["error"]
    assert web.get("/api/jobs").json == {"jobs": []}


def test_the_queue_has_an_end(serve, tmp_path):
    web = serve(WAITING, jobs_queue=2)
    ids = [ask(web, "painting", ("a.mp4", b"film")).json["id"] for _ in range(2)]
    answer = ask(web, "painting", ("a.mp4", b"film"))
    assert answer.status_code == 503 and "Retry-After" in answer.headers
    assert answer.json["error"].startswith("2 jobs wait already.")
    web.post(f"/api/jobs/{ids[1]}/cancel")
    assert ask(web, "painting", ("a.mp4", b"film")).status_code == 200
    (tmp_path / "jobs" / ids[0] / "go").touch()


def test_files_and_disk_have_limits(serve, tmp_path):
    web = serve(jobs_upload=1, jobs_disk=2)
    files = [{"name": "a.mp4", "size": 600_000}]
    answer = web.post("/api/jobs", json={"kind": "painting", "files": files * 2})
    assert answer.status_code == 413
    assert "may have 1 MB together, and these have 1.2" in answer.json["error"]
    (tmp_path / "jobs" / "full").write_bytes(bytes(1_500_000))
    answer = web.post("/api/jobs", json={"kind": "painting", "files": files})
    assert answer.status_code == 503
    assert answer.json["error"].startswith("The disk for jobs is full.")


def test_a_program_that_fills_the_disk_is_ended(serve):
    code = "open('a', 'wb').write(bytes(1_500_000)); import time; time.sleep(60)"
    web = serve(code, jobs_disk=1)
    job = ended(web, ask(web, "painting", ("a.mp4", b"film")).json["id"])
    assert "(--jobs_disk)" in job["reason"]


def test_old_jobs_go_when_a_new_one_comes(serve):
    web = serve(jobs_days=0.0)
    first = ask(web, "painting", ("a.mp4", b"film")).json["id"]
    ended(web, first)
    until(lambda: ask(web, "painting", ("a.mp4", b"film")).status_code == 200)
    assert web.get(f"/api/jobs/{first}").status_code == 404


def test_a_server_without_jobs_has_no_routes_for_them(web):
    assert web.get("/api/jobs").status_code == 404
    assert web.get("/api/styles").json["jobs"] is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"photos": "here"}, "--photos needs --train. Give both."),
        ({"train": True, "backend": "http://a:1"}, "--train needs LiteRT"),
        ({"train": True, "model": "a.tflite"}, "--train with --model needs --base_m"),
        ({"train": True, "base_model": "none.keras"}, "Cannot find '.*none.keras'"),
        ({"train": True, "photos": "."}, "Cannot train: there are no pictures in '.'"),
    ],
)
def test_flags_that_contradict_are_refused_at_the_start(
    tmp_path, monkeypatch, settings, message
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises((OSError, ValueError), match=message):
        create_app(Config(**settings))
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_server_that_cannot_train_says_so_in_one_line():
    code = (
        "import importlib.util as util, runpy, sys\n"
        "find = util.find_spec\n"
        "util.find_spec = lambda name: None if name == 'keras' else find(name)\n"
        "sys.argv = ['serve', '--train', '--port=0']\n"
        "runpy.run_module('serve', run_name='__main__')"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert process.returncode == 1
    assert process.stderr == (
        "serve: error: Cannot train: No module named 'keras'. Install the extra train: "
        "pip install '.[train]'\n"
    )


def test_errors_name_a_clients_files_and_no_places(serve, photo, monkeypatch):
    known = "'a.png', '/data/input/b', 'my-input/c', '../output/d'."
    code = "error: 'input/a.png', '/data/input/b', 'my-input/c', '../output/d'."
    web = serve(f"import sys; sys.exit({code!r})")
    file = ("a.png", encoded(photo))
    assert ended(web, ask(web, "sheet", file).json["id"])["reason"] == known

    def finish(self, job, folder, reason):
        raise OSError(f"Cannot write '{folder / 'output' / 'a.png'}'.")

    monkeypatch.setattr(painting.Sheet, "finish", finish)
    web.application.config["JOBS"].stop()
    web = serve()
    job = ended(web, ask(web, "sheet", file).json["id"])
    assert job["reason"] == "Cannot write 'a.png'."
