"""Jobs of `fast-style` on many machines, by Ray; docs/cluster.md says how to use it.

`running` paints a plan: `pool` hands chunks of it to workers and hears what became of
each picture, `worker` is what runs on the machines, and `report` keeps a row for each.
"""

from fast_style import extras

try:
    import pyarrow as _pyarrow  # noqa: F401
    import ray as _ray  # noqa: F401
except ImportError as error:
    raise ImportError(extras.advice(error, "cluster")) from error

from fast_style.cluster.running import paint as paint
from fast_style.cluster.running import paint_manifest as paint_manifest
