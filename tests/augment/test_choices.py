"""What is drawn follows from seed and index, and is spread as it should be."""

from collections import Counter

import numpy as np
import pytest

from fast_style.augment import Choices, Draw

NAMES = ["mosaic", "scream", "wave"]


def test_a_draw_is_the_same_in_every_version():
    choices = Choices(blend=3, strength=(0.5, 1.0), seed=7)
    assert [choices.draw(index, NAMES) for index in (0, 1, 2**40)] == [
        ({"mosaic": 0.4068, "wave": 0.1789, "scream": 0.4143}, 0.5996),
        ({"mosaic": 0.0905, "scream": 0.2403, "wave": 0.6691}, 0.5212),
        ({"wave": 1.0}, 0.6616),
    ]


def test_every_style_and_every_number_of_styles_is_as_likely():
    choices = Choices(blend=2)
    draws = [choices.draw(index, NAMES) for index in range(3000)]
    numbers = Counter(len(draw.styles) for draw in draws)
    assert set(numbers) == {1, 2} and abs(numbers[1] - 1500) < 120
    counts = Counter(name for draw in draws for name in draw.styles)
    assert all(abs(counts[name] - 1500) < 120 for name in NAMES)
    shares = [max(d.styles.values()) for d in draws if len(d.styles) == 2]
    assert abs(np.mean(shares) - 0.75) < 0.02  # of an even spread from 0.5 to 1
    assert all(abs(sum(draw.styles.values()) - 1) < 1e-3 for draw in draws)


def test_strengths_lie_evenly_in_their_range():
    choices = Choices(strength=(0.2, 0.6))
    strengths = [choices.draw(index, NAMES).strength for index in range(1000)]
    assert min(strengths) >= 0.2 and max(strengths) <= 0.6
    assert abs(np.mean(strengths) - 0.4) < 0.01


def test_a_share_of_the_pictures_stays_as_it_is():
    choices = Choices(probability=0.3)
    draws = [choices.draw(index, NAMES) for index in range(2000)]
    assert abs(sum(draw != Draw({}, 0.0) for draw in draws) - 600) < 60


def test_another_seed_draws_anew():
    one, other = (
        [Choices(seed=seed).draw(index, NAMES) for index in range(20)]
        for seed in (0, 1)
    )
    assert one != other


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"styles": "wave"}, "styles is 'wave'. Give names in a list."),
        ({"styles": []}, "styles is []. Give names"),
        ({"blend": 0}, "blend is 0. Give a whole number of at least 1."),
        ({"seed": -1}, "seed is -1. Give a whole"),
        ({"seed": 0.5}, "seed is 0.5. Give a whole"),
        ({"strength": 0.5}, "strength is 0.5. Give the lowest and the highest"),
        ({"strength": (1, 0.5)}, "strength is (1, 0.5). Give the lowest"),
        ({"strength": (0, float("nan"))}, "strength is (0, nan)."),
        ({"probability": 1.5}, "probability is 1.5. Give a number from 0 to 1."),
    ],
)
def test_values_out_of_their_range_are_refused(values, message):
    with pytest.raises(ValueError) as error:
        Choices(**values)
    assert message in str(error.value)


def test_choices_that_a_model_cannot_meet_are_refused():
    with pytest.raises(ValueError, match="No style 'wawe' in this model. Did you mean"):
        Choices(styles=["wawe"]).of(NAMES)
    with pytest.raises(ValueError, match="blend is 4, and there are 3 styles"):
        Choices(blend=4).of(NAMES)
    with pytest.raises(ValueError, match="index is -1. Give 0 or more"):
        Choices().draw(-1, NAMES)
