import pytest
from PIL import Image

from benchmarks import presets
from fast_style.network.generator import Generator
from fast_style.training import runs


@pytest.mark.slow
def test_sheet_shows_finished_trainings(painting, tmp_path):
    generator = Generator(("scream",), filters=(4, 4, 4), residual_blocks=0)
    generator.build((None, None, None, 3))
    for preset in presets.PRESETS:
        config = {"style_weights": {"scream": 2.5}}
        (tmp_path / f"scream-{preset}").mkdir()
        runs.finish(tmp_path / f"scream-{preset}", generator, config, {})
    output = tmp_path / "sheet.png"
    presets.main([str(painting), f"--work_dir={tmp_path}", f"--output={output}"])
    with Image.open(output) as sheet:
        assert sheet.width > 4 * presets.SIDE > sheet.height > presets.SIDE
