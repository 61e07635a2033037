"""Open DuckDB: one way for all who ask it, in a terminal, a server or a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def open_database(**settings: str) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that draws no progress bar into what is printed.

    **settings: Of DuckDB, such as ``threads="1"``.
    Returns: Close it, or use it in a ``with``.
    """
    import duckdb  # slow to import

    connection = duckdb.connect(":memory:", config=dict(settings))
    # In a notebook without ipywidgets there is no bar, and DuckDB refuses to switch off what it cannot draw.
    ((drawn,),) = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    if drawn:
        connection.execute("SET enable_progress_bar = false")
    return connection
