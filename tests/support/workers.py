"""Workers that die of a picture."""

import os
from pathlib import Path

from fast_style.cluster.worker import Worker


class Mortal(Worker):
    """A worker whose process ends at once where a photograph's name has "deadly"."""

    def _paint(self, row):
        if "deadly" in Path(row.job.source).name:
            os._exit(1)
        return super()._paint(row)
