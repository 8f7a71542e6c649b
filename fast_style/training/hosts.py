"""Several hosts that train together: which they are, and how they find each other."""

import dataclasses
import socket

from fast_style.fields import SettingError, check, setting

LOST_SECONDS = 30  # without a sign of life, after which a host is taken for gone


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hosts:
    """The processes of a training, one on each host, and which of them this is.

    The help of a field is also the help of its flag. Without them, this process trains
    alone.

    Raises:
        SettingError: A value is outside its limits, or missing.
    """

    coordinator: str | None = setting(
        None,
        "Where several hosts train together, the address of the first one and a free "
        "port there, HOST:PORT; the same on every host. Default: this host alone.",
    )
    hosts: int | None = setting(
        None, "How many hosts train together. Default: this one alone.", least=1
    )
    host_index: int | None = setting(
        None,
        "Which of the hosts this one is: 0 is the first, which alone writes files. "
        "Default: this one alone.",
        least=0,
    )
    host_timeout: int = setting(
        300, "Seconds to wait until all hosts have started.", least=1
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            check(field, getattr(self, field.name))
        names = ("coordinator", "hosts", "host_index")
        missing = [name for name in names if getattr(self, name) is None]
        if 0 < len(missing) < len(names):
            raise SettingError(
                missing[0],
                f"is missing; give {', '.join(names)} together, or none of them.",
            )
        if self.hosts is None or self.host_index is None or self.coordinator is None:
            return
        if self.host_index >= self.hosts:
            raise SettingError(
                "host_index",
                f"is {self.host_index} of {self.hosts} hosts; give a number from 0 to "
                f"{self.hosts - 1}.",
            )
        name, _, port = self.coordinator.rpartition(":")
        if not (name and port.isdecimal() and 0 < int(port) < 2**16):
            raise SettingError(
                "coordinator",
                f"is '{self.coordinator}'; give the address of the first host and a "
                "free port there, such as 10.0.0.1:2357.",
            )

    @property
    def several(self) -> bool:
        """Whether there is more than one."""
        return (self.hosts or 1) > 1

    @property
    def first(self) -> bool:
        """Whether this is the one that writes files."""
        return not self.host_index

    def check_batch(self, batch_size: int) -> None:
        """Check that the hosts can share a batch evenly.

        Raises:
            SettingError: They cannot.
        """
        if batch_size % (self.hosts or 1):
            raise SettingError(
                "batch_size",
                f"is {batch_size}, which {self.hosts} hosts cannot share evenly; give "
                f"a multiple of {self.hosts}.",
            )

    def join(self) -> None:
        """Connect this process with those of the other hosts, before Keras is used.

        Raises:
            SettingError: Keras does not run on JAX, or the address is unknown.
            RuntimeError: The hosts did not come together in time. JAX may end the
                process instead.
        """
        self._check_address()
        import keras

        if keras.backend.backend() != "jax":
            raise SettingError(
                "coordinator",
                f"needs Keras on JAX, and KERAS_BACKEND is {keras.backend.backend()}; "
                "set KERAS_BACKEND=jax in the environment.",
            )
        import jax

        jax.distributed.initialize(
            self.coordinator,
            self.hosts,
            self.host_index,
            initialization_timeout=self.host_timeout,
            heartbeat_timeout_seconds=LOST_SECONDS,
        )

    def _check_address(self) -> None:
        """Check that the coordinator can be found, or be listened at by the first host.

        Raises:
            SettingError: It cannot.
        """
        name, _, port = str(self.coordinator).rpartition(":")
        try:
            socket.getaddrinfo(name.strip("[]"), port)
            if self.first:
                socket.create_server(("", int(port))).close()
        except OSError as error:
            raise SettingError(
                "coordinator",
                f"is '{self.coordinator}', which cannot be used ({error.strerror}); "
                "give the address of the first host and a free port there.",
            ) from error
