"""The page in a real browser, under fingers."""

import numpy as np
import pytest
from pages import IDLE, PHONE, TWO, pixels, touch


@pytest.fixture
def phone(visit):
    """A phone with the list of styles scrolled into sight."""
    page = visit(TWO, **PHONE)
    page.evaluate("scrollTo(0, 300)")
    page.wait_for_timeout(200)
    return page


def place(page, name, share):
    """Return a place on a style's slider, and the slider."""
    slider = page.get_by_label(f"Share of {name}")
    box = slider.bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2, slider


def test_a_finger_that_scrolls_leaves_a_slider_alone(phone):
    x, y, slider = place(phone, "The Starry Night", 0.8)
    before = phone.url
    touch(phone, *([(x + k / 5, y - 8 * k)] for k in range(12)))
    assert phone.evaluate("scrollY") > 350
    assert slider.input_value() == "0"
    assert phone.locator(".active").count() == 2
    assert phone.url == before
    assert phone.locator("#undo").is_disabled()


def test_a_finger_that_scrolls_leaves_the_divider_alone(visit):
    page = visit(TWO, **PHONE)
    box = page.locator("#frame").bounding_box()
    x, y = box["x"] + box["width"] / 5, box["y"] + box["height"] * 0.9
    touch(page, *([(x, y - 8 * k)] for k in range(12)))
    assert page.evaluate("scrollY") > 0
    assert page.get_attribute("#divider", "aria-valuenow") == "50"
    touch(page, [(x, page.locator("#frame").bounding_box()["y"] + 50)])
    assert page.get_attribute("#divider", "aria-valuenow") == "20"


def test_a_finger_slides_and_taps(phone):
    x, y, slider = place(phone, "The Starry Night", 0.2)
    touch(phone, *([(x + 6 * k, y)] for k in range(12)))
    assert 30 < int(slider.input_value()) < 70
    x, y, slider = place(phone, "The Scream", 0.2)
    touch(phone, [(x, y)])
    assert 15 < int(slider.input_value()) < 25
    phone.wait_for_selector(IDLE)
    assert f"scream:0.{slider.input_value()}".rstrip("0") in phone.url


def test_one_finger_paints_the_mask_and_two_do_not(visit):
    page = visit("#size=128", **PHONE)
    page.click("#mask")
    box = page.locator("#frame").bounding_box()
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 3
    empty = pixels(page)
    apart = [[(x - k, y - k), (x + 30 + 3 * k, y + 30 + 3 * k)] for k in range(8)]
    beside = [[(x + 4 * k, y), (x + 4 * k, y + 40)] for k in range(8)]
    for fingers in (beside, apart):
        touch(page, [(x, y)], [(x + 3, y)], *fingers, [(x, y)], [(x + 40, y)])
    assert np.array_equal(pixels(page), empty)
    assert page.locator("#mask-clear").is_disabled()
    page.evaluate("scrollTo(0, 0)")
    touch(page, [(x, y)], [(x + 10, y)], [(x + 40, y)])
    assert not np.array_equal(pixels(page), empty)
    assert page.locator("#mask-clear").is_enabled()
