"""Read a sweep's data set as one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from suasion.database import open_database
from suasion.errors import DataError, InputError, SweepError
from suasion.sweep.parts import part_path, scan
from suasion.sweep.run import COLUMNS, read_manifest

if TYPE_CHECKING:
    import pyarrow as pa


def parts_of(folder: str | Path, partial: bool = False) -> list[Path]:
    """Return the part files of a sweep in the order of their tasks, checked against its manifest.

    partial: allow chunks that are not there yet.
    Raises SweepError: The folder holds no sweep, a part is damaged, or, unless ``partial``, one is not there.
    """
    place = Path(folder)
    plan = read_manifest(place)
    found = scan(place, plan)
    if found.damaged:
        raise SweepError(f"{found.damaged[0]} is damaged or foreign. Run the sweep again with --resume.")
    absent = plan.chunks - len(found.finished)
    if absent and not partial:
        raise SweepError(
            f"{absent} of {plan.chunks} chunks are not there yet. Run the sweep again with --resume, or read what "
            "there is with partial=True."
        )
    return [part_path(place, chunk) for chunk in sorted(found.finished)]


def collect(folder: str | Path, partial: bool = False, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a sweep as one table, ordered by task.

    Parameters
    ----------
    folder : str or Path
    partial : read what there is of an unfinished sweep
    columns : only these; all without it

    Returns
    -------
    DataFrame
        One row for each task and reported country, with the columns of :data:`suasion.sweep.COLUMNS`; missing
        losses are NaN, with the reason beside.

    Raises
    ------
    SweepError
        As for :func:`parts_of`.
    InputError
        A column does not exist.
    DataError
        The bytes of a part are not those that were written.
    """
    import pyarrow as pa

    unknown = [name for name in columns or [] if name not in COLUMNS]
    if unknown:
        raise InputError(f"There is no column {unknown[0]!r}. Columns are {', '.join(COLUMNS)}.")
    tables = [_read(path, columns) for path in parts_of(folder, partial)]
    if not tables:
        return pd.DataFrame(columns=columns or list(COLUMNS))
    try:
        frame: pd.DataFrame = pa.concat_tables(tables).replace_schema_metadata(None).to_pandas()
    except (pa.ArrowException, ValueError) as error:
        raise DataError(f"A part of {folder} is damaged ({error}). Run the sweep anew.") from error
    return frame


def _read(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Table of a part, held to the checksums of its pages.

    Raises DataError: Its bytes are not those that were written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        made = pq.read_table(path, columns=columns, page_checksum_verification=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            f"{path} is damaged ({error}). Delete it, and run the sweep with --resume."
        ) from error
    if set(made.column_names) != set(columns or COLUMNS):
        raise DataError(
            f"{path} is damaged (its columns are others). Delete it, and run the sweep with --resume."
        )
    return made


def query(folder: str | Path, sql: str, partial: bool = False) -> pd.DataFrame:
    """Ask a sweep in SQL, without reading all of it into memory.

    Parameters
    ----------
    folder : str or Path
    sql : over the view ``sweep``, for instance ``select a, b, max(loss_percent) from sweep group by all``
    partial : read what there is of an unfinished sweep

    Returns
    -------
    DataFrame

    Raises
    ------
    SweepError
        As for :func:`parts_of`; also where no chunk is there at all.
    InputError
        The query is not valid.
    DataError
        The bytes of a part are not those that were written.
    """
    import duckdb  # slow to import

    paths = parts_of(folder, partial)
    if not paths:
        raise SweepError(f"{folder} has no finished chunk yet.")
    with open_database() as base:
        try:
            base.read_parquet([str(path) for path in paths]).create_view("sweep")
            base.table("sweep").count("*").fetchall()
        except duckdb.Error as error:
            raise DataError(
                f"A part of {folder} is damaged ({error}). Delete it, and run the sweep with --resume."
            ) from error
        try:
            found: pd.DataFrame = base.sql(sql).df()
            return found
        except duckdb.Error as error:
            for path in paths:
                _read(path)
            raise InputError(f"The query is not valid: {error}") from error
