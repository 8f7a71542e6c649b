"""Lists of photographs, as files."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_csv(rows, path="list.csv"):
    """Write rows, which are mappings, to a CSV file, and return its path."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    quoted = [",".join(f'"{cell}"' for cell in line) for line in lines]
    Path(path).write_text("\n".join(quoted))
    return path


def write_parquet(rows, path="list.parquet"):
    """Write rows, which are mappings, to a Parquet file, and return its path."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [row.get(name) for row in rows] for name in names}
    pq.write_table(pa.table(columns), path)
    return path
