"""The log of a training, its plot and its samples."""

import numpy as np
import pytest
from PIL import Image

from fast_style.network.generator import Generator
from fast_style.training.monitor import Monitor, entry_interval
from fast_style.training.plots import plot
from fast_style.training.settings import Settings

WEIGHTS = {"content_a": 1.0, "style_a": 5.0, "style_b": 0.0, "total_variation": 1e-6}
ROW = {
    "loss": 6.0,
    **{f"{term}_loss": 1.0 for term in WEIGHTS},
    "saturated": 0.0,
    "photos_saturated": 0.01,
    "learning_rate": 0.001,
}
GENERATOR = Generator(filters=(4, 6, 8), residual_blocks=0)


def monitor(folder, **options):
    photos = np.zeros((1, 16, 16, 3), np.uint8)
    return Monitor(folder, GENERATOR, photos, WEIGHTS, entry_every=1, **options)


def interval(every, steps, at_once=1):
    numbers = dict(log_every=every, steps=steps, steps_per_execution=at_once)
    return entry_interval(Settings(style="a.jpg", backup_every=at_once, **numbers))


@pytest.mark.parametrize(
    "every, steps, expected",
    [(100, 200, 4), (100, 900, 10), (100, 40000, 100), (7, 3, 1), (50, 900, 10)],
)
def test_a_log_has_fifty_entries_or_more(every, steps, expected):
    assert interval(every, steps) == expected
    assert steps // expected >= min(50, steps) and every % expected == 0


@pytest.mark.parametrize(
    "every, steps, at_once, expected",
    [(100, 200, 2, 4), (100, 200, 5, 5), (2000, 12000, 20, 200), (40, 100, 20, 20)],
)
def test_entries_come_where_steps_that_run_at_once_end(every, steps, at_once, expected):
    assert interval(every, steps, at_once) == expected
    assert expected % at_once == every % expected == 0


def write_log(folder, steps):
    lines = [",".join(["step", *ROW])]
    lines += [",".join(map(str, [step, *ROW.values()])) for step in steps]
    (folder / "log.csv").write_text("\n".join(lines))


def test_a_training_that_goes_on_keeps_the_entries_before(tmp_path):
    write_log(tmp_path, [2, 4, 6])
    entries = monitor(tmp_path, every=2, steps=100, start=5).entries
    assert entries == [{"step": step, **ROW} for step in (2, 4)]
    assert monitor(tmp_path, every=2, steps=100).entries == []


@pytest.mark.parametrize(
    "text",
    [
        "step,loss\n2,much\n",
        "step,loss\n2,3\n",  # without the terms
        "loss\n3\n",
        "step,loss\n2\n",
        "step,loss\n2,3,4\n",
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_log_is_told_in_one_line(tmp_path, text):
    content = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "log.csv").write_bytes(content)
    with pytest.raises(ValueError, match="log.csv' is damaged. Remove it: .*goes on"):
        monitor(tmp_path, every=2, steps=100, start=5)
    assert (tmp_path / "log.csv").read_bytes() == content
    assert monitor(tmp_path, every=2, steps=100).entries == []  # begins anew


def test_the_final_losses_are_means_over_the_last_samples_steps(tmp_path):
    write_log(tmp_path, range(1, 101))
    log = monitor(tmp_path, every=10, steps=100, start=100)
    for entry in log.entries:
        entry["loss"] = float(entry["step"])
    assert log.final["loss"] == 95.5 and log.final["step"] == 100
    (tmp_path / "log.csv").unlink()
    assert monitor(tmp_path, every=10, steps=100, start=100).final == {}


def test_the_plot_shows_the_terms_as_they_count(tmp_path, monkeypatch):
    drawn = {}

    class Figure(plot.__globals__["Figure"]):
        def savefig(self, path):
            losses, saturation = self.axes
            drawn.update({line.get_label(): line.get_ydata() for line in losses.lines})
            super().savefig(path)

    monkeypatch.setitem(plot.__globals__, "Figure", Figure)
    plot([{"step": s, **ROW} for s in (2, 4)], WEIGHTS, tmp_path / "losses.png")
    assert list(drawn["loss, the sum"]) == [6, 6]
    assert list(drawn["style a"]) == [5, 5]
    assert set(drawn) == {"loss, the sum", "content a", "style a"}  # what counts
    with Image.open(tmp_path / "losses.png") as picture:
        assert min(picture.size) > 500
