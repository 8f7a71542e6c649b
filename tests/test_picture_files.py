"""Hundreds of generated files give the right picture, or are refused in one line."""

import os
import re

import numpy as np
import other_files
import png_files
import pytest
import tiff_files

from fast_style import images

OTHERS = ("jpeg", "webp", "avif", "jpeg2000", "bmp", "gif", "ppm", "tga")


def check_all(cases, folder):
    """Check each case, and return how many there were."""
    cases, faults = list(cases), []
    for case in cases:
        path = folder / re.sub(r"[^\w.]+", "_", case.name)
        path.write_bytes(case.data)
        if fault := fault_of(case, path):
            faults.append(f"{case.name}: {fault}")
        os.remove(path)
    assert not faults, "\n".join(faults)
    return len(cases)


def fault_of(case, path):
    if case.decode and not np.array_equal(
        np.squeeze(case.decode(case.data)), np.squeeze(case.samples)
    ):
        return "the test's own file is wrong"
    try:
        picture = images.read(path)
    except images.Unreadable as error:
        one_line = "\n" not in str(error)
        return None if one_line and (case.rgb is None or case.rare) else str(error)
    except Exception as error:
        return repr(error)
    if case.rgb is None:
        return "it is read, and nobody knows its meaning"
    if picture.pixels.shape != case.rgb.shape:
        return f"its shape is {picture.pixels.shape}"
    if (picture.alpha is None) != (case.alpha is None):
        return f"its alpha is {'missing' if picture.alpha is None else 'invented'}"
    weight, difference = np.ones((1, 1)), 0.0
    if case.alpha is not None:
        weight = case.alpha / 255  # colours under nothing do not count
        difference = np.abs(picture.alpha - case.alpha.astype(float)).max()
    colors = np.abs(picture.pixels - case.rgb.astype(float)) * weight[..., None]
    difference = max(difference, colors.max())
    return f"off by {difference:.1f}" if difference > case.tolerance else None


@pytest.mark.parametrize("storage", tiff_files.STORAGE)
def test_tiff_files(tmp_path, storage):
    assert check_all(tiff_files.stored(storage), tmp_path) > 45


def test_tiff_files_byte_by_byte(tmp_path):
    assert check_all(tiff_files.byte_by_byte(), tmp_path) > 25


def test_png_files(tmp_path):
    assert check_all(png_files.files(), tmp_path) > 75


@pytest.mark.parametrize("format", OTHERS)
def test_files_of_other_formats(tmp_path, format):
    assert check_all(getattr(other_files, format)(), tmp_path) > 3
