"""A table as data: CSV, Parquet and Arrow, Stata, and NetCDF over its axes; codes and plain numbers, with units."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import head_of
from suasion.answers.table import WORDS, Column, Table

if TYPE_CHECKING:
    import pyarrow as pa


def as_arrow(table: Table) -> pa.Table:
    """Return it in the memory of Arrow, each field with its unit."""
    import pyarrow as pa

    frame = table.frame
    fields = pa.Schema.from_pandas(frame, preserve_index=False)
    units = {column.name: column.unit for column in table.columns}
    typed = [
        one.with_type(pa.string()) if pa.types.is_null(one.type) else one for one in fields
    ]  # words none has
    named = [field.with_metadata({"unit": units[field.name]}) for field in typed]
    # Again, for readers that do not show what a field carries.
    schema = pa.schema(named, {**fields.metadata, "units": json.dumps(units)})
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


def as_parquet(table: Table) -> bytes:
    """Return the content of the file."""
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(as_arrow(table), out)
    return out.getvalue()


def as_arrow_stream(table: Table) -> bytes:
    """Return the memory of Arrow as the content of a file, without compression: readers of every language take it."""
    from pyarrow import ipc

    out, made = io.BytesIO(), as_arrow(table)
    with ipc.new_stream(out, made.schema) as stream:
        stream.write_table(made)
    return out.getvalue()


def as_csv(table: Table) -> str:
    """Return a table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(table.rows)  # what is None is empty
    return out.getvalue()


NAME, LABEL = 32, 80
"""Longest name and label of a variable that Stata takes."""


def as_stata(table: Table, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return the content of the file."""
    frame = table.frame
    for column in table.columns:
        cells = frame[column.name]
        if column.unit in WORDS:
            frame[column.name] = [plain_text(cell) for cell in cells]
        elif cells.dtype == object:
            frame[column.name] = cells.astype(float)
    frame.columns = [column.name[:NAME] for column in table.columns]
    labels = {column.name[:NAME]: _label(column, language) for column in table.columns}
    out = io.BytesIO()
    frame.to_stata(out, write_index=False, variable_labels=labels, version=118)
    return out.getvalue()


def _label(column: Column, language: Language) -> str:
    return f"{head_of(column, language)}, {column.unit}"[:LABEL]


def plain_text(cell: object) -> str:
    """A cell of words as text; a missing one is empty."""
    return "" if cell is None or cell != cell else str(cell)


def as_netcdf(table: Table, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Return the content of the file.

    Raises DataError if the table is a list, without axes.
    """
    dataset = table.xarray
    for column in table.columns:
        variable = dataset[column.name]
        if variable.dtype == object:
            words = [plain_text(cell) for cell in variable.values.ravel()]
            numeric = all(not word or _is_number(word) for word in words)
            cells = [float(word) if word else float("nan") for word in words] if numeric else words
            shaped = variable.copy(data=_shaped(cells, variable.shape))
            dataset = dataset.assign_coords({column.name: shaped}) if column.name in table.axes else dataset
            dataset[column.name] = shaped if column.name not in table.axes else dataset[column.name]
        dataset[column.name].attrs |= {"units": column.unit, "long_name": head_of(column, language)}
    dataset.attrs["title"] = table.title(language)
    return bytes(dataset.to_netcdf(engine="scipy"))


def _shaped(cells: list[float] | list[str], shape: tuple[int, ...]) -> object:
    import numpy as np

    return np.asarray(cells).reshape(shape)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
