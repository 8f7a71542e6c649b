import math

import numpy as np
import pytest
import tensorflow as tf

from benchmarks import optimisation_tables, pixel_optimiser


def steep(batch):
    """A loss that L-BFGS brings down for hundreds of iterations."""
    weights = tf.reshape(10.0 ** tf.linspace(-6.0, 0.0, 48), (1, 4, 4, 3))
    distance = batch - 100.0
    total = tf.reduce_sum(weights * distance**4)
    return total, 4 * weights * distance**3


@pytest.mark.slow
def test_optimisation_lowers_the_loss(scorer, squares):
    target = scorer.targets["scream"][:2]
    content = scorer.content(squares[:1])
    evaluate = pixel_optimiser.differentiated(scorer)
    record = pixel_optimiser.minimise(
        lambda batch: evaluate(batch, content, target),
        pixel_optimiser.starting_picture("photo", squares[0], "a.jpg"),
        iterations=5,
    )
    totals = record["totals"]
    start = scorer.score(squares[:1], content, ["scream"]).sum()
    assert totals[0] == pytest.approx(start, rel=1e-4)
    assert len(totals) == 6 and record["evaluations"] >= 5
    assert all(np.diff(totals) <= 0) and totals[-1] < 0.9 * totals[0]


def test_pixels_stay_in_their_range():
    def evaluate(batch):
        return tf.reduce_sum((batch - 300) ** 2), 2 * (batch - 300)

    record = pixel_optimiser.minimise(evaluate, np.full((4, 4, 3), 90.0), iterations=20)
    assert record["totals"][-1] == pytest.approx(48 * 45**2)
    assert record["ended"] and pixel_optimiser.finished(record, 500)


def test_optimisation_stops_early_at_a_milestone():
    picture = np.full((4, 4, 3), 130.0)
    record = pixel_optimiser.minimise(steep, picture, iterations=99, enough=math.inf)
    assert len(record["totals"]) == 51 and not record["ended"]
    assert not pixel_optimiser.finished(record, 99)
    assert pixel_optimiser.finished(record, 50)
    assert pixel_optimiser.finished(record, 99, enough=math.inf)
    assert not pixel_optimiser.finished(record, 99, enough=0.0)


def test_first_iteration_at_a_loss_is_told():
    totals = [9.0, 5.0, 3.0, 2.0]
    assert pixel_optimiser.iterations_to_reach(totals, 9.5) == 0
    assert pixel_optimiser.iterations_to_reach(totals, 3.0) == 2
    assert pixel_optimiser.iterations_to_reach(totals, 1.0) == math.inf


def test_mean_curve_goes_as_far_as_all_records_and_keeps_ended_ones():
    long = {"totals": [8.0, 6.0, 4.0, 2.0], "ended": False}
    short = {"totals": [4.0, 2.0, 0.0], "ended": False}
    ended = {"totals": [6.0, 1.0], "ended": True}
    np.testing.assert_allclose(pixel_optimiser.mean_curve([long, short]), [6, 4, 2])
    np.testing.assert_allclose(
        pixel_optimiser.mean_curve([long, ended]), [7, 3.5, 2.5, 1.5]
    )
    np.testing.assert_allclose(pixel_optimiser.mean_curve([ended]), [6, 1])


def test_noise_depends_on_the_photographs_name():
    photo = np.zeros((64, 64, 3), np.uint8)
    first, repeated, renamed = (
        pixel_optimiser.starting_picture("noise", photo, name) for name in "aab"
    )
    np.testing.assert_array_equal(first, repeated)
    assert not np.array_equal(first, renamed)
    np.testing.assert_allclose(
        first.mean((0, 1)), pixel_optimiser.MEAN_COLOUR, atol=0.1
    )
    np.testing.assert_allclose(
        first.std(), np.std(pixel_optimiser.MEAN_COLOUR), rtol=0.1
    )


def test_results_go_on_after_a_line_that_was_cut_short(tmp_path):
    path = tmp_path / "results.jsonl"
    results = pixel_optimiser.Results(path)
    task = {"style": "wave", "photo": "a.jpg"}
    results.add(task, {"totals": [2.0]})
    results.add(task, {"totals": [1.0]})
    with open(path, "a") as file:
        file.write('{"of": {"sty')
    results = pixel_optimiser.Results(path)
    assert results.get(task) == {"totals": [1.0]}
    assert results.get({**task, "photo": "b.jpg"}) is None
    results.add({**task, "photo": "b.jpg"}, {"totals": [3.0]})
    assert len(pixel_optimiser.Results(path).records) == 2


def test_table_stops_each_curve_where_it_stops():
    def record(totals):
        seconds = {"seconds": len(totals) - 1, "network_seconds": 0.5}
        return {"totals": totals, "ended": False, "evaluations": 9, **seconds}

    records = {
        "wave": [record([9000.0, 4000.0, 2000.0])],
        "kiss": [record([8000.0, 6000.0, 5000.0, 4500.0, 4000.0, 3000.0])],
    }
    totals = {"wave": [2500.0], "kiss": [2900.0]}
    table, reached = optimisation_tables.table_of(totals, records)
    cells = [[c.strip() for c in line.split("|")[1:-1]] for line in table.splitlines()]
    assert cells[0] == ["style", "network", "1", "2", "5", "reached at", "longer"]
    assert cells[2] == ["wave", "2.5", "4.0", "2.0", "-", "2", "4"]
    assert cells[3] == ["kiss", "2.9", "6.0", "5.0", "3.0", "> 5", "-"]
    assert cells[5][:5] == ["multiple of the network's", "1.00", "1.85", "1.30", "-"]
    assert reached == math.inf
