"""The flags that tell of several hosts."""

import socket

import pytest

from fast_style.fields import SettingError
from fast_style.training.hosts import Hosts

THREE = dict(coordinator="10.0.0.1:2357", hosts=3, host_index=2)


def test_hosts_are_one_unless_they_are_named():
    alone, three = Hosts(), Hosts(**THREE)
    assert not alone.several and alone.first
    assert three.several and not three.first
    assert Hosts(**{**THREE, "host_index": 0}).first


@pytest.mark.parametrize(
    "changed, line",
    [
        ({"hosts": None}, "hosts is missing; give coordinator, hosts, host_index tog"),
        ({"coordinator": None}, "coordinator is missing; give coordinator, hosts, h"),
        ({"host_index": None}, "host_index is missing; give coordinator, hosts, hos"),
        ({"host_index": 3}, "host_index is 3 of 3 hosts; give a number from 0 to 2."),
        ({"host_index": -1}, "host_index is -1; give 0 or more."),
        ({"hosts": 0}, "hosts is 0; give 1 or more."),
        ({"host_timeout": 0}, "host_timeout is 0; give 1 or more."),
        ({"coordinator": "first"}, "coordinator is 'first'; give the address of"),
        ({"coordinator": ":80"}, "coordinator is ':80'; give the address of"),
        ({"coordinator": "first:0"}, "coordinator is 'first:0'; give the address"),
    ],
)
def test_flags_that_contradict_one_another_are_refused(changed, line):
    with pytest.raises(SettingError) as told:
        Hosts(**{**THREE, **changed})
    assert str(told.value).startswith(line)


def test_a_batch_that_hosts_cannot_share_evenly_is_refused():
    Hosts(**THREE).check_batch(6)
    Hosts().check_batch(5)
    with pytest.raises(SettingError, match="batch_size is 4, which 3 hosts cannot"):
        Hosts(**THREE).check_batch(4)


def test_tensorflow_joins_no_hosts():
    """The tests run on TensorFlow."""
    with pytest.raises(SettingError, match="needs Keras on JAX, and KERAS_BACKEND is"):
        Hosts(**THREE).join()


def test_address_that_is_unknown_or_taken_is_told():
    with pytest.raises(SettingError, match="'no.invalid:2357', which cannot be used"):
        Hosts(coordinator="no.invalid:2357", hosts=2, host_index=1).join()
    with socket.create_server(("", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingError, match="cannot be used .*in use.*a free port"):
            Hosts(coordinator=address, hosts=2, host_index=0).join()
