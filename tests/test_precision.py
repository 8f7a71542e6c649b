import time

import keras
import pytest

from fast_style import precision


def slow_down(monkeypatch, dtype):
    original = keras.Sequential.predict_on_batch

    def predict(self, x):
        if self.layers[0].compute_dtype == dtype:
            time.sleep(1)
        return original(self, x)

    monkeypatch.setattr(keras.Sequential, "predict_on_batch", predict)


@pytest.mark.parametrize(
    ("slow", "chosen"), [("float32", "bfloat16"), ("bfloat16", "float32")]
)
def test_the_faster_precision_is_chosen(monkeypatch, slow, chosen):
    slow_down(monkeypatch, slow)
    precision.faster_precision.cache_clear()
    assert precision.faster_precision() == chosen
    precision.faster_precision.cache_clear()
