"""One Ray on this machine for each module of tests."""

import pytest
import ray
import workers
from ray import cloudpickle

from fast_style.cluster import session

# Ray's processes do not find the module.
cloudpickle.register_pickle_by_value(workers)


@pytest.fixture(scope="module")
def two_processors():
    """Ray with two processors, which commands of this process find and use."""
    with session.started(2):
        yield
    assert not ray.is_initialized()
