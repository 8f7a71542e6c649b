import json

import numpy as np
import pytest
from PIL import Image

from benchmarks import panel, verdicts

COLORS = {"dark": (10, 20, 30), "light": (240, 230, 220)}


@pytest.fixture
def sets(tmp_path, photographs):
    """Two folders of finished pictures, each of one colour, in one style in common."""
    for name, color in COLORS.items():
        for style in ("wave", f"{name}_own"):
            folder = tmp_path / name / style
            folder.mkdir(parents=True)
            for path in photographs.rglob("*.png"):
                Image.new("RGB", (32, 32), color).save(folder / path.name)
    return [str(tmp_path / name) for name in COLORS]


@pytest.fixture
def make(photographs, tmp_path, sets):
    """A function that makes a panel: (its folder, its key)."""

    def run(name, *words):
        folder, key = tmp_path / name, tmp_path / f"{name}.json"
        flags = [f"--content_dir={photographs}", "--image_size=32"]
        flags += [f"--output_dir={folder}", f"--key={key}"]
        panel.main(["pages", *sets, *flags, *words])
        return folder, key

    return run


def colors_of(page):
    """The colours of the left and the right picture of a page."""
    with Image.open(page) as image:
        assert not image.info
        pixels = np.asarray(image.convert("RGB"))
    places = {
        name: np.nonzero((pixels == color).all(axis=-1))[1].mean()
        for name, color in COLORS.items()
    }
    return sorted(places, key=places.get)


def test_pages_show_what_the_key_says(make):
    folder, path = make("pages")
    key = verdicts.read_key(path)
    assert key.sets == ("dark", "light")
    assert [pair.page for pair in key.pairs] == [f"{i:03}" for i in range(1, 13)]
    assert sorted(p.name for p in folder.iterdir()) == [
        f"{i:03}.png" for i in range(1, 13)
    ]
    assert {pair.photo for pair in key.pairs} == {f"{i:02}" for i in range(12)}
    for pair in key.pairs:
        left, right = colors_of(folder / f"{pair.page}.png")
        assert (left, right) == (key.sets[pair.left], key.sets[1 - pair.left])


def test_sides_and_pages_are_shuffled_by_the_seed(make):
    keys = {
        name: verdicts.read_key(make(name, f"--seed={seed}")[1]).pairs
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    }
    assert keys["first"] == keys["again"] != keys["other"]
    for pairs in keys.values():
        assert sum(pair.left for pair in pairs) == 6  # each set as often on the left
        assert [pair.photo for pair in pairs] != sorted(pair.photo for pair in pairs)


def test_sets_of_other_styles_are_paired_by_name(make):
    _, path = make("pages", "--styles=wave,dark_own:light_own", "--photos=2")
    pairs = verdicts.read_key(path).pairs
    styles = sorted((pair.first, pair.second) for pair in pairs)
    assert styles == [("dark_own", "light_own")] * 2 + [("wave", "wave")] * 2


def test_the_painting_is_shown_where_both_imitate_it(make, tmp_path):
    (tmp_path / "paintings").mkdir()
    Image.new("RGB", (40, 50), (0, 200, 0)).save(tmp_path / "paintings" / "wave.png")
    words = ["--styles=wave,dark_own:light_own", "--photos=1"]
    folder, path = make("pages", *words, f"--style_dir={tmp_path / 'paintings'}")
    for pair in verdicts.read_key(path).pairs:
        pixels = np.asarray(Image.open(folder / f"{pair.page}.png"))
        shown = (pixels == (0, 200, 0)).all(axis=-1).any()
        assert shown == (pair.first == "wave")


def test_an_earlier_panel_is_kept(make, sets, photographs, tmp_path):
    make("pages", "--photos=1")
    with pytest.raises(ValueError, match="holds an earlier panel"):
        make("pages", "--photos=1")
    words = [f"--content_dir={photographs}", f"--output_dir={tmp_path / 'new'}"]
    with pytest.raises(ValueError, match="where judges would see it"):
        panel.main(["pages", *sets, *words, f"--key={tmp_path / 'new' / 'key.json'}"])


@pytest.mark.parametrize("styles", ["scream", "wave:scream"])
def test_a_missing_style_is_named(make, styles):
    with pytest.raises(ValueError, match="has no style 'scream', but"):
        make("pages", f"--styles={styles}")


@pytest.fixture
def key():
    """Four pages; the first set is on the left of two."""
    pairs = [
        verdicts.Pair(f"{i:03}", f"photo{i}", "wave", "wave", left)
        for i, left in enumerate((0, 0, 1, 1), start=1)
    ]
    return verdicts.Key(("new", "old"), 0, pairs)


@pytest.fixture
def judge(tmp_path, key):
    """A function from the lines of a file to the verdicts in it."""

    def read(*lines):
        path = tmp_path / "judge.csv"
        path.write_text("\n".join(lines) + "\n")
        return verdicts.read(path, key)

    return read


ALL_LEFT = ("001,left", "002,left", "003,left", "004,left")


def test_a_judgement_is_read_by_the_key(judge):
    lines = [
        "page,choice,remark",
        "1,LEFT",
        "002.png, right,no eyes, a halo",
        "003,tie",
    ]
    found = judge(*lines, "", "004,left,")
    assert [v.winner for v in found.values()] == [0, 1, None, 1]
    assert found["002"].remark == "no eyes,a halo"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([*ALL_LEFT, "005,left"], "line 5: there is no page '005'"),
        ([*ALL_LEFT, "4,right"], "line 5: page 004 is there twice"),
        (["001,middle"], "line 1: 'middle' is none of left, right, tie"),
        (["001"], "line 1: '' is none of"),
        (ALL_LEFT[:2], "says nothing of page 003, 004"),
    ],
)
def test_a_wrong_line_is_named(judge, lines, problem):
    with pytest.raises(ValueError, match=problem):
        judge(*lines)


def test_interval_is_the_exact_one():
    # Clopper and Pearson's: 1 - 0.025 ** (1 / 10), and a value of their table.
    assert verdicts.interval(0, 10) == (0, pytest.approx(0.30850, abs=1e-5))
    assert verdicts.interval(26, 56) == pytest.approx((0.3298, 0.6026), abs=2e-3)
    assert verdicts.interval(0, 0) == (0, 1)


def test_majority_needs_a_lead():
    first, second, tie = (verdicts.Verdict(winner, "") for winner in (0, 1, None))
    assert verdicts.majority([first, first, second]) == 0
    assert verdicts.majority([tie, second, tie]) == 1
    assert verdicts.majority([first, second, tie]) is None


def test_tally_counts_verdicts_and_pages(judge, key, cells):
    judges = [
        judge("001,left", "002,left", "003,right", "004,left,a green mask"),
        judge("001,left", "002,tie", "003,right", "004,left,no eyes"),
        judge(*ALL_LEFT),
    ]
    text = verdicts.section(key, judges)
    assert cells(text, "judge 1")[:4] == ["3", "1", "0", "75 %"]
    assert cells(text, "all verdicts")[:4] == ["7", "4", "1", "64 %"]
    assert cells(text, "pages, by majority") == ["3", "1", "0", "75 %", "19 to 99 %"]
    assert "chosen in 9 of 11" in text
    assert cells(text, "004") == ["photo4", "wave", "wave", "a green mask; no eyes"]
    assert "At least 3 are wanted" not in text
    assert "At least 3 are wanted" in verdicts.section(key, judges[:2])


def test_tally_reads_what_pages_wrote(make, tmp_path, capsys, cells):
    _, path = make("pages", "--photos=3")
    lines = [
        f"{pair.page},{('right', 'left')[pair.left]}"  # always the second set
        for pair in verdicts.read_key(path).pairs
    ]
    (tmp_path / "judge.csv").write_text("\n".join(lines))
    capsys.readouterr()
    panel.main(["tally", f"--key={path}", str(tmp_path / "judge.csv")])
    assert cells(capsys.readouterr().out, "judge 1")[:4] == ["0", "3", "0", "0 %"]


def test_what_is_no_key_is_named(tmp_path):
    (tmp_path / "key.json").write_text(json.dumps({"sets": ["a", "b"]}))
    with pytest.raises(ValueError, match="key.json' is no key of a panel"):
        verdicts.read_key(tmp_path / "key.json")
