"""The stored models of the tests are what their script makes."""

import make_models
import numpy as np
import pytest

from fast_style import Stylizer, metadata


@pytest.mark.slow
@pytest.mark.parametrize("name", make_models.ROWS)
def test_stored_model_is_what_its_script_makes(tmp_path, photo, name):
    path, stored = tmp_path / "new.tflite", make_models.FOLDER / f"{name}.tflite"
    make_models.make(path, make_models.ROWS[name])
    assert metadata.read(path) == metadata.read(stored)
    for row in make_models.ROWS[name]:
        new, expected = (Stylizer(p).stylize(photo, styles=row) for p in (path, stored))
        np.testing.assert_array_equal(new, expected)
