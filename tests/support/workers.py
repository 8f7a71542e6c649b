"""Workers to which something happens."""

import errno
import os
from pathlib import Path

from fast_style.cluster.worker import Worker


class Mortal(Worker):
    """A worker whose process ends at once where a photograph's name has "deadly"."""

    def _paint(self, row):
        if "deadly" in Path(row.job.source).name:
            os._exit(1)
        return super()._paint(row)


class Full(Worker):
    """A worker of a machine whose disk is full."""

    def open(self):
        super().open()

        def refuse(*_arguments):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        os.replace = refuse


class Foreign(Worker):
    """A worker of a machine with another fast_style."""

    def __init__(self, setup):
        import fast_style.cluster.worker as module

        module.__version__ = "0.0.1"
        super().__init__(setup)
