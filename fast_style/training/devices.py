"""The devices that share the steps of a training, on this host and on others.

TensorFlow mirrors the trainer on the GPUs of one host. JAX shares each batch among the
devices of all hosts that `hosts.Hosts.join` has connected. Every host runs the same
program; the first one alone writes files.
"""

import contextlib
import functools
import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import keras
import numpy as np
from absl import logging

from fast_style.content.crops import Share


def share() -> Share:
    """Return the part of each batch that is this host's."""
    if keras.backend.backend() != "jax":
        return Share()
    import jax

    return Share(jax.process_index(), jax.process_count())


def is_first_host() -> bool:
    """Return whether this host is the one that writes files."""
    return share().host == 0


def scope(batch_size: int, strategy: Any = None) -> AbstractContextManager:
    """Return the scope in which the trainer's variables are made for all devices.

    Args:
        batch_size: Photographs of a step.
        strategy: A tf.distribute.Strategy to take instead.
    """
    if strategy is None and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if len(tf.config.list_physical_devices("GPU")) > 1:
            strategy = tf.distribute.MirroredStrategy()
    return shared(batch_size) if strategy is None else strategy.scope()


def shared(batch_size: int) -> AbstractContextManager:
    """Return the scope in which JAX shares batches among all devices.

    TensorFlow's trainer knows its strategy by itself.
    """
    distribution = None
    if keras.backend.backend() == "jax":
        distribution = _data_parallel(batch_size)
    return contextlib.nullcontext() if distribution is None else distribution.scope()


def replicas() -> int:
    """Return how many replicas the tf.distribute.Strategy of this scope has."""
    if keras.backend.backend() != "tensorflow":
        return 1
    import tensorflow as tf

    return tf.distribute.get_strategy().num_replicas_in_sync


@functools.cache
def _data_parallel(batch_size: int) -> keras.distribution.DataParallel | None:
    """Return the distribution over as many devices as share a batch evenly, if any."""
    import jax

    devices, hosts = jax.devices(), jax.process_count()
    of_hosts = [[d for d in devices if d.process_index == i] for i in range(hosts)]
    part = batch_size // hosts
    most = min(map(len, of_hosts))
    each = max(number for number in range(1, most + 1) if part % number == 0)
    if each < most:
        logging.warning(
            "Only %d of the %d devices of a host can share %d photographs of a batch "
            "evenly. Give another batch_size to use them all.",
            *(each, most, part),
        )
    chosen = [device for of_host in of_hosts for device in of_host[:each]]
    if len(chosen) == 1:
        return None
    return keras.distribution.DataParallel(devices=chosen, auto_shard_dataset=False)


def from_first(value: Any) -> Any:
    """Return what the first host gives.

    Args:
        value: Anything that JSON can hold. That of other hosts does not count.
    """
    return _from_host(0, value) if share().hosts > 1 else value


def from_all(value: Any) -> list[Any]:
    """Return what each of the hosts gives, which JSON must be able to hold."""
    hosts = share().hosts
    return [_from_host(i, value) for i in range(hosts)] if hosts > 1 else [value]


def _from_host(index: int, value: Any) -> Any:
    text = np.frombuffer(json.dumps(value).encode(), np.uint8)
    length = int(_broadcast([np.int32(len(text))], index)[0])
    padded = np.zeros(length, np.uint8)
    padded[: len(text)] = text[:length]
    return json.loads(_broadcast([padded], index)[0].tobytes())


def arrays_from_first(values: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return arrays of the first host.

    Args:
        values: On other hosts, arrays of the same shapes and types.
    """
    return _broadcast(list(values), 0) if share().hosts > 1 else list(values)


def _broadcast(values: list[Any], index: int) -> list[np.ndarray]:
    from jax.experimental import multihost_utils

    return multihost_utils.broadcast_one_to_all(values, share().host == index)


def check_same(config: Mapping[str, Any]) -> None:
    """Check that all hosts train the same.

    Args:
        config: What must be the same, as JSON has it.

    Raises:
        ValueError: It is not that of the first host.
    """
    own = json.loads(json.dumps(config, default=str))
    for name, value in from_first(own).items():
        if own.get(name) != value:
            raise ValueError(
                f"{name} is {own.get(name)!r} here and {value!r} on the first host. "
                "Give every host the same settings, paintings and photographs."
            )
