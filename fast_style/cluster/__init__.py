"""Jobs of `fast-style` on many machines, by Ray; docs/cluster.md says how to use it.

`running` paints a plan: `pool` hands chunks of it to workers and hears what became of
each picture, `worker` is what runs on the machines, and `report` keeps a row for each.
`sources` and `lists` make plans of addresses, manifests and tables of pictures.
`places` reads and writes at addresses, and `staging` does so for a worker.
"""

from fast_style import extras

try:
    import pyarrow as _pyarrow  # noqa: F401
    import ray as _ray  # noqa: F401
except ImportError as error:
    raise ImportError(extras.advice(error, "cluster")) from error

from fast_style.cluster.running import paint as paint
from fast_style.cluster.running import paint_addresses as paint_addresses
