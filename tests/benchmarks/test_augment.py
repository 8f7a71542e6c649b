"""The benchmark of augmentation, with this project's own systems on two pictures."""

import pytest

from benchmarks import augment, environments
from benchmarks.peer_benchmark import Bench


@pytest.mark.slow
def test_own_systems_are_timed_and_reported(tmp_path, cells):
    here = environments.current()
    homes = {"tensorflow": here, "fast-style": here}
    with open(tmp_path / "log.txt", "w") as log:
        text = augment.section(2, 1, Bench(tmp_path, homes, log, load=0.0))
    assert text.startswith("## Augmentation\n")
    for system in (augment.OWN, "LiteRT, one by one on all", "LiteRT, batches of 8"):
        speed, processor, _ = cells(text, system)
        assert float(speed.split()[0]) > 0 and float(processor.split()[0]) > 0
    assert text.count("not measured") == 1  # the peer is missing
