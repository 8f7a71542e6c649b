import re
from pathlib import Path

import numpy as np
import pytest
from commandline import run_script

from fast_style import catalogue, images
from fast_style.catalogue import Style
from fast_style.stylizer import Stylizer

ROOT = Path(__file__).parents[1]
# Painted in workshops, by people whose names nobody knows.
ANONYMOUS = {"laila_majnun": "16th", "moralized_bible": "13th"}


def test_catalogue_in_the_package_is_complete():
    styles = catalogue.read()
    assert len(styles) == 42
    for name, style in styles.items():
        assert re.fullmatch("[a-z_]+", name) and name == style.name != "photo"
        assert style.title and style.artist
        assert re.fullmatch(r"(c\. )?\d{4}(-\d{4})?", style.year)
        assert style.group in catalogue.GROUPS
        assert style.thumbnail == f"{name}.jpg"
        assert style.painting == f"{name}-painting.jpg"
    assert {style.group for style in styles.values()} == set(catalogue.GROUPS)
    files = {path.name for path in catalogue.thumbnails().iterdir()}
    assert files == {
        file for style in styles.values() for file in (style.thumbnail, style.painting)
    }
    assert styles["melencolia"].artist == "Albrecht Dürer"


def test_credits_name_the_public_domain_or_the_projects_own_script():
    drawn = {path.stem for path in (ROOT / "examples" / "styles").glob("*.png")}
    for name, style in catalogue.read().items():
        if name in drawn:
            script = re.match(r"drawn by (examples/\w+\.py) of", style.credit)[1]
            assert f"def {name}(" in (ROOT / script).read_text()
            drawn.remove(name)
        elif name in ANONYMOUS:
            painted = f"painted in the {ANONYMOUS[name]} century"
            assert style.credit == f"public domain, {painted}"
            century = int(ANONYMOUS[name][:2])
            years = [int(year) for year in re.findall(r"\d{4}", style.year)]
            assert all((year - 1) // 100 + 1 == century for year in years)
        else:
            died = re.fullmatch(
                r"public domain, the artist died in (\d{4})", style.credit
            )
            assert int(died[1]) < 2026 - 70
    assert not drawn


def test_written_catalogue_is_read_again(tmp_path):
    path = tmp_path / "catalogue.json"
    styles = {
        "b": Style("b", "Melencolia I", "Albrecht Dürer", "1514", group="ink"),
        "a": Style("a"),
    }
    catalogue.write(styles, path)
    assert catalogue.read(path) == styles
    assert list(catalogue.read(path)) == ["b", "a"]
    assert "Dürer" in path.read_text("utf-8")
    assert [file.name for file in tmp_path.iterdir()] == ["catalogue.json"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "is no catalogue of styles"),
        ("3", "is no catalogue of styles"),
        ('["wave"]', "is no catalogue of styles"),
        ('[{"title": "a"}]', "'name'"),
        ('[{"name": "a", "painter": "b"}]', "'painter'"),
        ('[{"name": "a", "year": 1831}]', "'a' has 1831 as its year"),
        ('[{"name": "a", "group": "seascapes"}]', "'a' has 'seascapes' as its group"),
        ('[{"name": "a", "painting": 3}]', "'a' has 3 as its painting"),
        ('[{"name": "a", "losses": {"total": 1}}]', "'losses'"),
        ('[{"name": "a"}, {"name": "a"}]', "'a' is there twice"),
    ],
)
def test_broken_catalogue_is_refused(tmp_path, text, message):
    path = tmp_path / "catalogue.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        catalogue.read(path)


def test_missing_catalogue_is_one_line(tmp_path):
    with pytest.raises(OSError, match="Cannot open .*none.json.*No such file"):
        catalogue.read(tmp_path / "none.json")


def test_models_carry_the_entries_of_their_styles():
    entries = catalogue.to_metadata(["mine", "wave", "photo"])
    assert entries.keys() == {"wave"}
    assert entries["wave"].keys() == {"title", "artist", "year", "credit", "group"}
    styles = catalogue.of_model(
        {"styles": ["photo", "mine", "wave"], "catalogue": entries}
    )
    assert list(styles) == ["mine", "wave"]
    assert styles["mine"] == Style("mine")
    assert styles["wave"].title == "The Great Wave off Kanagawa"
    assert styles["wave"].group == "prints"


def test_models_of_earlier_versions_have_no_groups():
    entries = {"wave": {"title": "The Great Wave", "year": "c. 1831"}}
    styles = catalogue.of_model({"styles": ["wave"], "catalogue": entries})
    assert styles["wave"] == Style("wave", "The Great Wave", year="c. 1831")


def test_own_styles_come_before_those_of_the_gallery():
    entries = catalogue.to_metadata(["wave", "scream"])
    rows = ["wave", "scream", "photo", "mine"]
    styles = catalogue.of_model({"styles": rows, "catalogue": entries})
    assert list(styles) == ["mine", "wave", "scream"]


def test_model_without_a_catalogue_has_names_alone():
    assert catalogue.of_model({"styles": ["wave"]}) == {"wave": Style("wave")}


@pytest.mark.parametrize(
    "entries", [[], {"wave": 3}, {"wave": {"title": 3}}, {"wave": {"group": "a"}}]
)
def test_models_with_a_broken_catalogue_are_refused(entries):
    with pytest.raises(ValueError, match="The model's catalogue is broken"):
        catalogue.of_model({"styles": ["wave"], "catalogue": entries})


@pytest.mark.slow
def test_make_catalogue_paints_thumbnails_and_keeps_the_rest(gallery, tmp_path):
    path = tmp_path / "catalogue.json"
    before = {
        "kiss": Style("kiss", "The Kiss", command="train kiss", painting="k.jpg"),
        "scream": Style("scream", "The Scream", command="old"),
        "wave": Style("wave"),
    }
    catalogue.write(before, path)
    paintings = tmp_path / "paintings"
    paintings.mkdir()
    # Upright, with its three colours in thirds, and one that no style is called by.
    thirds = np.repeat([[200, 30, 30], [30, 200, 30], [30, 30, 200]], 200, axis=0)
    upright = np.repeat(thirds[:, None], 400, axis=1).astype(np.uint8)
    for name in ("scream", "kiss"):
        images.write(images.Picture(upright), paintings / f"{name}.png")
    process = run_script(
        "make_catalogue",
        *("--model", gallery, "--catalogue", path),
        *("--command", "python train.py", "--style_dir", paintings),
    )
    assert process.returncode == 0, process.stderr
    after = catalogue.read(path)
    assert list(after) == list(before)
    assert after["kiss"] == before["kiss"]
    assert after["wave"] == Style(
        "wave", thumbnail="wave.jpg", command="python train.py"
    )
    assert after["scream"].title == "The Scream"
    assert after["scream"].painting == "scream-painting.jpg"
    folder = tmp_path / "thumbnails"
    names = {file.name for file in folder.iterdir()}
    assert names == {"wave.jpg", "scream.jpg", "scream-painting.jpg"}
    # The small picture of a painting is its middle.
    middle = images.resize_short_side(upright, 192)[48:240].astype(float)
    pixels = images.read(folder / "scream-painting.jpg").pixels
    assert pixels.shape == (192, 192, 3)
    assert np.abs(pixels - middle).mean() < 5
    # A thumbnail is the middle of the photograph's top, painted.
    photo = images.read(ROOT / "examples" / "astronaut.jpg").pixels
    for name in ("wave", "scream"):
        crop = Stylizer(gallery).stylize(photo, styles=name)[:307, 102:409]
        pixels = images.read(folder / f"{name}.jpg").pixels
        assert pixels.shape == (192, 192, 3)
        expected = images.resize_short_side(crop, 192).astype(float)
        assert np.abs(pixels - expected).mean() < 5
    # Without --command and --style_dir the old ones stay.
    process = run_script("make_catalogue", "--model", gallery, "--catalogue", path)
    assert process.returncode == 0 and catalogue.read(path) == after


@pytest.mark.slow
def test_make_catalogue_refuses_styles_without_an_entry(gallery, tmp_path):
    path = tmp_path / "catalogue.json"
    catalogue.write({"wave": Style("wave")}, path)
    process = run_script("make_catalogue", "--model", gallery, "--catalogue", path)
    assert process.returncode == 1
    assert "lacks scream. Write title" in process.stderr.splitlines()[-1]
    assert [file.name for file in tmp_path.iterdir()] == ["catalogue.json"]
