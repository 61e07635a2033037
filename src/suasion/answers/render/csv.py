"""A table as CSV: codes and plain numbers under the names of the columns, missing cells empty."""

from __future__ import annotations

import csv
import io

from suasion.answers.table import Table


def as_csv(table: Table) -> str:
    """Return a table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([["" if cell is None else cell for cell in row] for row in table.rows])
    return out.getvalue()
