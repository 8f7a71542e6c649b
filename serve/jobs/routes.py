"""What clients see of jobs: asked for, sent, watched, fetched, ended."""

import os
import time
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request, send_file
from werkzeug.exceptions import Conflict, NotFound, Unauthorized, UnsupportedMediaType

from fast_style import images

from ..backends import Busy
from . import sending, store
from .access import Access
from .queue import Queue
from .store import File, Job
from .training import Training

BYTES_TYPE = "application/octet-stream"
TRAINING = "training"
SENDING_SECONDS = 3600.0  # that the files of a job may take to come

blueprint = Blueprint("jobs", __name__, url_prefix="/api/jobs")


@blueprint.before_request
def _check_access() -> None:
    if request.endpoint != "jobs.enter":
        _access().check()


@blueprint.post("/session")
def enter() -> Response:
    """Remember in the client's browser that it has the token."""
    word = _read_json().get("token")
    if not _access().is_right(word if isinstance(word, str) else None):
        raise Unauthorized("This is not the token that the server printed.")
    return _access().remember(jsonify({"entered": True}))


@blueprint.get("")
def jobs() -> dict[str, Any]:
    """List all jobs, the newest first."""
    return {"jobs": [_describe(job) for job in reversed(_queue().jobs())]}


@blueprint.post("")
def ask() -> tuple[dict[str, Any], int]:
    """Ask for a job; its files are sent afterwards."""
    asked, queue = _read_json(), _queue()
    for name in asked:
        if name not in ("kind", "settings", "files"):
            raise ValueError(f"{name!r} is no field. Use kind, settings, files.")
    kind, settings = str(asked.get("kind")), asked.get("settings", {})
    if kind not in queue.kinds:
        names = ", ".join(queue.kinds)
        raise ValueError(f"kind is '{kind:.100}'. This server takes {names}.")
    if not isinstance(settings, dict):
        raise ValueError("settings is no object.")
    files = sending.announced(asked.get("files"))
    checked = queue.kinds[kind].check(settings, [file.name for file in files])
    with current_app.config["ASKING"]:
        _tidy(queue)
        _check_limits(queue, files)
        model = os.path.abspath(current_app.config["BACKEND"].model)
        job = queue.store.new(
            kind=kind, settings=checked, files=tuple(files), model=model
        )
    for number, entry in enumerate(asked["files"]):
        kept = current_app.config["PICTURES"].get(str(entry.get("picture")))
        if kept is not None and len(kept) == files[number].size:
            queue.store.append(job, files[number], 0, kept)
    return _describe(_begin(job)), 201


@blueprint.put("/<id>/files/<int:number>")
def send(id: str, number: int) -> dict[str, Any]:
    """Take a part of a file, which begins where the last one ended."""
    if request.mimetype != BYTES_TYPE:
        raise UnsupportedMediaType(f"Send a part of the file itself as {BYTES_TYPE}.")
    job, jobs = _find(id), _queue().store
    if job.state != store.SENDING or not number < len(job.files):
        raise NotFound("This job waits for no such file.")
    offset = request.args.get("offset", 0, int)
    content = request.get_data(cache=False)
    received = jobs.append(job, job.files[number], offset, content)
    if received != offset + len(content):
        raise Conflict(f"{received} bytes have come. Go on from there.")
    return _describe(_begin(job))


@blueprint.get("/<id>/files/<int:number>")
def file(id: str, number: int) -> Response:
    """Return a file that was sent, until its job has ended."""
    job, jobs = _find(id), _queue().store
    if number < len(job.files):
        path = jobs.path(job, store.INPUT, job.files[number].name)
        if path.is_file():
            return send_file(path)
    raise NotFound("This job has no such file now.")


@blueprint.get("/<id>")
def job(id: str) -> dict[str, Any]:
    """Return how far a job is."""
    return _describe(_find(id))


@blueprint.post("/<id>/cancel")
def cancel(id: str) -> dict[str, Any]:
    """End a job; its files go."""
    _find(id)
    job = _queue().cancel(id)
    if job is None:
        raise Conflict("This job has ended already.")
    return _describe(job)


@blueprint.delete("/<id>")
def remove(id: str) -> dict[str, bool]:
    """Remove a job that has ended; a style that it trained stays."""
    job = _find(id)
    if job.state not in store.ENDED:
        raise Conflict("This job has not ended. Cancel it first.")
    _queue().store.remove(job)
    return {"removed": True}


@blueprint.get("/<id>/sample")
def sample(id: str) -> Response:
    """Return the photograph of a training as its weights paint it now."""
    job, queue = _find(id), _queue()
    if job.kind == TRAINING:
        kind = cast(Training, queue.kinds[TRAINING])
        if picture := kind.sample(queue.store.path(job)):
            file = images.encode(picture, format="JPEG", quality=90)
            return Response(file, mimetype="image/jpeg")
    raise NotFound("This job has no sample now.")


@blueprint.get("/<id>/result")
def result(id: str) -> Response:
    """Return what a job has made: a picture, a film, a ZIP file or a model."""
    job, queue = _find(id), _queue()
    path = None
    if job.state in (store.DONE, store.FAILED):
        path = queue.kinds[job.kind].result(job, queue.store.path(job))
    if path is None:
        raise NotFound("This job has no result.")
    name = path.name
    if job.kind == TRAINING:
        name = f"{job.settings['name']}{path.suffix}"
    return send_file(path, as_attachment=True, download_name=name)


def _describe(job: Job) -> dict[str, Any]:
    queue = _queue()
    path = queue.kinds[job.kind].result(job, queue.store.path(job))
    ready = path is not None and job.state in (store.DONE, store.FAILED)
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "reason": job.reason,
        "settings": job.settings,
        "files": [
            {
                "name": file.name,
                "size": file.size,
                "received": queue.store.received(job, file)
                if job.state == store.SENDING
                else file.size,
            }
            for file in job.files
        ],
        "created": job.created,
        "changed": job.changed,
        "progress": queue.progress(job),
        "result": path.stat().st_size if path and ready else None,
    }


def _begin(job: Job) -> Job:
    """Let a job wait for its turn if all its files have come and can serve."""
    queue = _queue()
    if not queue.store.has_all(job):
        return job
    paths = [queue.store.path(job, store.INPUT, file.name) for file in job.files]
    try:
        queue.kinds[job.kind].check_files(paths)
    except (OSError, ValueError):
        queue.store.remove(job)
        raise
    job = queue.store.change(job.id, store.SENDING, state=store.WAITING) or job
    queue.wake()
    return job


def _check_limits(queue: Queue, files: list[File]) -> None:
    """Raise an error if there is no room for one more job."""
    limits, size = queue.limits, sum(file.size for file in files)
    if size > limits.upload:
        raise images.TooLarge(
            f"A job's files may have {limits.upload // 1_000_000} MB together, and "
            f"these have {size / 1e6:.1f}. Give fewer, or smaller ones."
        )
    waiting = queue.store.jobs(*store.OPEN)
    if len(waiting) >= limits.jobs:
        raise Busy(f"{len(waiting)} jobs wait already. Try again when one has ended.")
    announced = sum(file.size for job in waiting for file in job.files)
    if queue.store.size() + announced + size > limits.disk:
        raise Busy("The disk for jobs is full. Remove jobs that have ended.")


def _tidy(queue: Queue) -> None:
    """Remove jobs that ended days ago, and those whose files never came."""
    now = time.time()
    for job in queue.store.jobs():
        days = (now - job.changed) / 86400
        if job.state in store.ENDED and days > queue.limits.days:
            queue.store.remove(job)
        if job.state == store.SENDING and now - job.changed > SENDING_SECONDS:
            queue.store.remove(job)


def _find(id: str) -> Job:
    job = _queue().get(id)
    if job is None:
        raise NotFound("There is no such job.")
    return job


def _read_json() -> dict[str, Any]:
    """Return the request's JSON, which no other site's form can send."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json.")
    asked = request.get_json()
    if not isinstance(asked, dict):
        raise ValueError("The request is no JSON object.")
    return asked


def _queue() -> Queue:
    return current_app.config["JOBS"]


def _access() -> Access:
    return current_app.config["ACCESS"]
