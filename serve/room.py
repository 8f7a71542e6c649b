"""Room in memory for uploads: who may send on, who waits, and who has to go."""

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

FREE_BYTES = 65_536  # of a body that are received before room is kept for all of it
SLOW_SECONDS = 2.0  # over which the speed of an upload is measured
SLOW_BYTES = 32_768  # a second; slower uploads lose their room to others


@dataclass(eq=False)
class Upload:
    """The body of a request.

    Args:
        client: Whose it is, as an address.
        size: Its bytes, as announced; the most that are allowed where nothing is.
        refuse: Ends the upload with an error of this text.

    Attributes:
        received: Bytes that have come.
        complete: Whether all of it has come.
        admitted: Whether room is kept for it.
        asked: When it began to wait for room; infinite before that.
    """

    client: str
    size: int
    refuse: Callable[[str], None]
    received: int = 0
    complete: bool = False
    admitted: bool = False
    asked: float = math.inf

    @property
    def waits(self) -> bool:
        """Whether nothing more of it may be read until it has room."""
        return self.asked < math.inf and not self.admitted

    def admit(self, now: float) -> None:
        """Keep room for it from now on."""
        self.admitted = True
        self._since, self._before = now, self.received

    def is_slow(self, now: float) -> bool:
        """Return whether it has hardly gone on since it was last asked, or admitted."""
        seconds = now - self._since
        if seconds < SLOW_SECONDS:
            return False
        slow = self.received - self._before < SLOW_BYTES * seconds
        self._since, self._before = now, self.received
        return slow


class Room:
    """Memory that uploads share.

    An upload that has brought its first FREE_BYTES gets room for all of it, if there is
    some, and else waits. So whoever announces much and sends nothing takes no room.

    Args:
        size: Bytes of all uploads together.
        share: Bytes of the uploads of one client.
        wait: Seconds that an upload waits for room at most.
        clock: Tells the seconds.
    """

    def __init__(
        self,
        *,
        size: int,
        share: int,
        wait: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._size, self._share, self._wait = size, share, wait
        self._clock = clock

    def arrange(self, uploads: Sequence[Upload]) -> None:
        """Admit the uploads that fit, and refuse those that waited for too long.

        While some wait, those that are slow have to go.

        Args:
            uploads: All uploads whose requests are not answered yet.
        """
        now = self._clock()
        used: Counter[str] = Counter()
        for upload in uploads:
            used[upload.client] += upload.size if upload.admitted else 0
        full, crowded = False, set()
        waiting = [upload for upload in uploads if upload.waits]
        for upload in sorted(waiting, key=lambda upload: upload.asked):
            in_all = used.total() + upload.size <= self._size
            if in_all and used[upload.client] + upload.size <= self._share:
                upload.admit(now)
                used[upload.client] += upload.size
            elif now - upload.asked >= self._wait:
                upload.refuse("Too many uploads. Try again.")
            else:
                full = full or not in_all
                crowded.add(upload.client)
        for upload in uploads:
            sends = upload.admitted and not upload.complete
            if sends and (full or upload.client in crowded) and upload.is_slow(now):
                upload.refuse("Too slow while other uploads wait. Try again.")
