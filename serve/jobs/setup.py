"""The start of the jobs: what the flags ask for, and whether it can be had."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask

from fast_style import trained as trainings
from fast_style.gallery import GENERATOR, trainable_models

from .. import backends
from ..backends import Backend
from ..config import Config
from . import access, routes, store, training
from .kinds import Kind
from .painting import Painting, Sheet
from .queue import Limits, Queue
from .store import Store
from .trained import Trained
from .training import Recipe, Training

EMBEDDED = GENERATOR.stem  # what the embedded model was exported from, by its name
MODELS = "models"


def check(config: Config) -> None:
    """Check the flags about jobs.

    Raises:
        OSError, ValueError: They contradict, or name what is not there.
    """
    if not config.train:
        for name in ("photos", "base_model"):
            if getattr(config, name):
                raise ValueError(f"--{name} needs --train. Give both.")
        return
    if config.backend:
        raise ValueError(
            "--train needs LiteRT, which takes a new model. Leave out --backend."
        )
    if config.model and not config.base_model:
        raise ValueError(
            "--train with --model needs --base_model: the run directory or .keras file "
            "that the model was exported from. Give it, or leave out --model."
        )
    if config.base_model and config.base_model not in trainable_models():
        trainings.find(config.base_model)
    training.check(config.photos)


def open_models(config: Config, jobs: Store) -> Trained:
    """Return the models that earlier trainings made."""
    base = config.base_model or EMBEDDED
    if base not in trainable_models():
        base = str(Path(base).absolute())
    return Trained(jobs.folder / MODELS, base=base, model=config.model)


def init_app(
    app: Flask,
    jobs: Store,
    models: Trained,
    *,
    trusted: bool,
    program: Sequence[str],
) -> None:
    """Let an application take jobs, and go on with those that it has.

    Args:
        app: The application, with its backend.
        jobs: The jobs.
        models: The models that earlier trainings made.
        trusted: Whether only this computer can ask, which then needs no token.
        program: fast-style, or what stands in for it.
    """
    config: Config = app.config["SETTINGS"]
    kinds = _kinds(app, jobs, models)
    limits = Limits(
        jobs=config.jobs_queue,
        seconds=60 * config.jobs_minutes,
        upload=1_000_000 * config.jobs_upload,
        disk=1_000_000 * config.jobs_disk,
        days=config.jobs_days,
        niceness=config.jobs_nice,
    )
    token = None if trusted else access.token_in(jobs.folder / "token")
    queue = Queue(jobs, kinds, limits, program=program)
    app.config.update(JOBS=queue, ACCESS=access.Access(token), ASKING=Lock())
    app.register_blueprint(routes.blueprint)
    queue.start()


def _kinds(app: Flask, jobs: Store, models: Trained) -> dict[str, Kind]:
    config: Config = app.config["SETTINGS"]

    def backend() -> Backend:
        return app.config["BACKEND"]

    def waiting() -> list[str]:
        return [
            job.settings["name"]
            for job in jobs.jobs(*store.OPEN)
            if job.kind == routes.TRAINING
        ]

    def use(model: str) -> None:
        new = backends.create(replace(config, model=model))
        app.config["BACKEND"] = with_trained(new, models)

    with_trained(backend(), models)
    models.use, models.names = use, lambda: backend().rows
    kinds: dict[str, Kind] = {
        "painting": Painting(backend, config.max_size),
        "sheet": Sheet(backend, config.max_size),
    }
    if config.train:
        recipe = Recipe(_absolute(config.recipe), _absolute(config.photos))
        kinds[routes.TRAINING] = Training(recipe, models, waiting)
    return kinds


def _absolute(path: str | None) -> Any:
    """Return a path that holds in every folder; a name that is no path stays."""
    return os.path.abspath(path) if path and os.path.exists(path) else path


def with_trained(backend: Backend, models: Trained) -> Backend:
    """Return a backend whose trained styles come last, with their paintings' pictures.

    So a request or a page that names no style is painted as before the trainings.
    """
    paintings = models.thumbnails()
    backend.styles = tuple(sorted(backend.styles, key=paintings.__contains__))
    backend.catalogue = {name: backend.catalogue[name] for name in backend.styles}
    own = {name: path for name, path in paintings.items() if name in backend.styles}
    for pictures in backend.pictures.values():
        pictures |= own
    return backend
