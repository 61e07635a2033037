"""A table as Parquet: codes and plain numbers, units in the file's own metadata, as Arrow, R and pandas read them."""

from __future__ import annotations

import io
import json

from suasion.answers.table import Table


def as_parquet(table: Table) -> bytes:
    """Return the content of the file."""
    import pyarrow as pa
    from pyarrow import parquet

    frame = table.frame
    fields = pa.Schema.from_pandas(frame, preserve_index=False)
    units = {column.name: column.unit for column in table.columns}
    named = [field.with_metadata({"unit": units[field.name]}) for field in fields]
    # Again, for readers that do not show what a field carries.
    kept = pa.Table.from_pandas(
        frame, schema=pa.schema(named, {**fields.metadata, "units": json.dumps(units)}), preserve_index=False
    )
    out = io.BytesIO()
    parquet.write_table(kept, out)
    return out.getvalue()
