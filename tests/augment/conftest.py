"""Batches to paint."""

import numpy as np
import pytest


@pytest.fixture
def batch():
    """Five pictures of noise of an odd size, uint8 (5, 17, 23, 3)."""
    return np.random.default_rng(0).integers(0, 256, (5, 17, 23, 3), np.uint8)
