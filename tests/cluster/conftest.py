"""One Ray on this machine for each module of tests."""

import pytest
import ray

from fast_style.cluster import session


@pytest.fixture(scope="module")
def two_processors():
    """Ray with two processors, which commands of this process find and use."""
    with session.started(2):
        yield
    assert not ray.is_initialized()
