"""The benchmark of applying, with this project's own systems on a tiny picture."""

import sys
from functools import partial

import pytest

from benchmarks import applying, environments, peer_benchmark, prepare_applying
from benchmarks.applying import Plan
from benchmarks.peer_benchmark import Bench
from fast_style.network.generator import Generator

SIZE = 64
PLAN = Plan({SIZE: 1}, SIZE, 1, check_size=SIZE, presets=["light"])


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """What prepare_applying makes, with a tiny generator as the light one."""
    folder = tmp_path_factory.mktemp("models")
    presets = {"light": (0, 4, 4, 4)}
    with pytest.MonkeyPatch.context() as patch:
        tiny = partial(Generator, residual_blocks=0)  # others take long to export
        patch.setattr(prepare_applying, "Generator", tiny)
        prepare_applying.main(folder, [SIZE], check_size=SIZE, presets=presets)
    return folder


@pytest.mark.long
@pytest.mark.slow
def test_own_systems_are_compared_timed_and_reported(models, tmp_path):
    here = environments.current()
    homes = {"tensorflow": here, "fast-style": here}
    with open(tmp_path / "log.txt", "w") as log:
        text = applying.section(PLAN, models, Bench(tmp_path, homes, log, load=0.0))
    assert text.startswith("## Applying a style\n")
    for system in ("LiteRT float32", "LiteRT float16", "LiteRT int8", "SavedModel"):
        assert f"| light {system}" in text
    assert "| fast-style, light int8 |" in text
    assert text.count("not measured") == 3  # the peers are missing


def test_system_that_stops_is_named_with_its_log(tmp_path):
    from benchmarks.measuring import System, in_process

    system = System("light PyTorch", sys.executable, "no such kind", "-", "light")
    with (
        open(tmp_path / "log.txt", "w") as log,
        pytest.raises(OSError, match="light PyTorch stopped with status 1.*log.txt"),
    ):
        in_process(
            [system],
            tmp_path,
            rounds=1,
            threads=1,
            log=log,
            advance=lambda: None,
        )


def test_section_is_written_where_the_run_is_no_quick_one(tmp_path, capsys):
    parser = applying.script.parser("")
    applying.script.add_peers(parser)
    output = tmp_path / "out.md"
    words = ["--alone", f"--work_dir={tmp_path}", f"--output={output}"]
    for quick in (["--quick"], []):
        options = parser.parse_args([*words, *quick])
        peer_benchmark.make(lambda bench: "## Figures", ["pytorch"], options)
        assert output.exists() == (not quick)
    assert "## Figures" in output.read_text()
    assert not (tmp_path / "environments").exists()
