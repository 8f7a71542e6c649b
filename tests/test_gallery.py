"""The gallery that comes with the package."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fast_style import PHOTO, Stylizer, catalogue, gallery, images
from fast_style.network import transplant
from fast_style.network.generator import Generator
from fast_style.training import base_models, paintings

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def stylizer():
    return Stylizer()


@pytest.fixture(scope="module")
def photo():
    pixels = images.read(ROOT / "examples" / "astronaut.jpg").pixels
    return images.resize_short_side(pixels, 160)[:, :143]


def psnr(pixels, expected):
    error = np.mean(np.square(pixels.astype(np.float64) - expected))
    return 10 * np.log10(255**2 / max(error, 1e-9))


def test_catalogue_describes_every_style(stylizer):
    styles = catalogue.read()
    assert stylizer.styles == tuple(styles) and len(styles) == 42
    assert stylizer.rows == (*styles, PHOTO)
    for style in styles.values():
        assert all((style.title, style.artist, style.year, style.credit, style.command))
        for file in (style.thumbnail, style.painting):
            with Image.open(catalogue.thumbnails() / file) as picture:
                assert picture.format == "JPEG" and picture.size == (192, 192)
        exported = stylizer.catalogue[style.name]
        assert exported == replace(style, thumbnail=None, painting=None, command=None)


def test_recipe_trains_the_styles_of_the_catalogue():
    lines = (ROOT / "flags" / "gallery.flags").read_text().splitlines()
    styles = [line for line in lines if line.startswith("--style=")]
    names = {paintings.parse(s.removeprefix("--style="), 512).name for s in styles}
    rows = (ROOT / "flags" / "gallery.rows").read_text().splitlines()
    kept = dict(row.partition("=")[::2] for row in rows)
    assert list(kept) == list(catalogue.read())
    for name, parts in kept.items():
        pairs = [part.partition(":") for part in parts.split(",")] if parts else []
        shares = {part: float(share) for part, _, share in pairs} or {name: 1.0}
        assert shares.keys() <= names & {name, f"{name}--bold"}
        assert sum(shares.values()) == pytest.approx(1)


@pytest.fixture(scope="module")
def embedded():
    return base_models.load(gallery.GENERATOR, tune="all", names=["new"])


@pytest.mark.slow
def test_styles_of_the_gallery_are_recognised_by_their_rows(embedded):
    names = ("wave", "mine")
    new = Generator(names, adapted=names)
    new.build((None, None, None, 3))
    assert gallery.own_styles(embedded, embedded) == list(embedded.styles)
    assert gallery.own_styles(new, embedded) == []
    mine = Generator(("mine",), adapted=("mine",))
    mine.build((None, None, None, 3))
    extended = transplant.extended(embedded, mine)
    assert gallery.own_styles(extended, embedded) == list(embedded.styles)
    table = extended.tables[0]
    rows = table.numpy()
    rows[0, 3] += 1e-6
    table.assign(rows)
    assert gallery.own_styles(extended, embedded) == list(embedded.styles[1:])
    small = Generator(("wave",), filters=(4, 6, 8))
    small.build((None, None, None, 3))
    assert gallery.own_styles(small, embedded) == []


@pytest.mark.slow
def test_file_to_apply_and_file_to_train_on_are_one_network(embedded, stylizer, photo):
    assert embedded.styles == stylizer.rows
    blend = dict.fromkeys(stylizer.rows, 1 / len(stylizer.rows))
    for styles in (*stylizer.styles[:2], {"scream": 0.7, "photo": 0.3}, blend):
        weights = stylizer.weights(styles)
        batch = np.float32([[weights.get(name, 0) for name in stylizer.rows]])
        expected = np.asarray(embedded(photo[None], batch))[0]
        assert psnr(stylizer.stylize(photo, styles=styles), expected) > 33


@pytest.mark.slow
def test_styles_are_different_and_leave_no_patches(stylizer, photo):
    results = [stylizer.stylize(photo, styles=name) for name in stylizer.styles]
    for i, result in enumerate(results):
        assert psnr(result, photo) < 25  # not the photograph
        assert np.mean((result == 0) | (result == 255)) < 0.05
        for earlier in results[:i]:
            assert np.abs(result.astype(float) - earlier).mean() > 8


@pytest.mark.slow
def test_strength_goes_from_the_photograph_to_the_style(stylizer, photo):
    for name in ("wave", "mosaic"):
        whole = stylizer.stylize(photo, styles=name).astype(float)
        results = [
            stylizer.stylize(photo, styles=name, strength=strength)
            for strength in (0.02, 0.25, 0.5, 0.75, 1)
        ]
        assert psnr(results[0], photo) > 30
        distances = [np.abs(result - whole).mean() for result in results]
        assert distances == sorted(distances, reverse=True)


@pytest.mark.slow
def test_keras_loads_the_generator_once_the_network_is_imported():
    code = (
        "import fast_style.network, keras, sys\n"
        "print(keras.saving.load_model(sys.argv[1]).geometry.border)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code, gallery.GENERATOR],
        env={**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "numpy"},
        capture_output=True,
        text=True,
    )
    assert process.stdout == "(80, 88)\n", process.stderr


def test_embedded_models_are_found_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    models = tmp_path / "models"
    models.mkdir()
    (models / "wave.keras").touch()
    (tmp_path / "wave").mkdir()
    assert gallery.generator_path("wave", models) == models / "wave.keras"
    run = gallery.generator_path("./wave", models)
    assert run == tmp_path / "wave" / "generator.keras"
    assert gallery.generator_path("kiss.keras", models) == tmp_path / "kiss.keras"
