"""A table as Parquet: codes and plain numbers, units in the file's own metadata, as Arrow, R and pandas read them."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from suasion.answers.table import Table

if TYPE_CHECKING:
    import pyarrow as pa


def as_arrow(table: Table) -> pa.Table:
    """Return it in the memory of Arrow, each field with its unit."""
    import pyarrow as pa

    frame = table.frame
    fields = pa.Schema.from_pandas(frame, preserve_index=False)
    units = {column.name: column.unit for column in table.columns}
    named = [field.with_metadata({"unit": units[field.name]}) for field in fields]
    # Again, for readers that do not show what a field carries.
    schema = pa.schema(named, {**fields.metadata, "units": json.dumps(units)})
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


def as_parquet(table: Table) -> bytes:
    """Return the content of the file."""
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(as_arrow(table), out)
    return out.getvalue()
