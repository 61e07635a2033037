"""A number that changes at dated events, from a chapter's table."""

from __future__ import annotations

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.numbers import short_money
from suasion.answers.picture.spec import Key
from suasion.answers.picture.steps import steps
from suasion.dossier.chapter import ChapterTable, Picture, by_name, print_cell
from suasion.dossier.charts.figure import Figure, Panel


def step_figure(table: ChapterTable, picture: Picture) -> Figure:
    """Draw the rows of a table as a line of steps.

    Parameters
    ----------
    table : ChapterTable
        Rows in the order of time; the first, whose date is empty, is where the line starts.
    picture : Picture
        ``x`` dates (ISO), ``y`` the number, ``low`` and ``high`` the outer band, ``inner`` the one within,
        ``label`` the names of the steps.

    Returns
    -------
    Figure
    """
    frame = _prepare(table, picture)
    column = by_name(table.columns)[picture.y]
    rows = "; ".join(f"{row.name} {row.label}".strip() for row in frame.itertuples(index=False))
    spec = steps(frame, frame, f"{column.title}, %")
    return Figure(
        key=table.key,
        title=table.title,
        subtitle=table.subtitle,
        alt=say("figure.steps.alt", rows=rows),
        source=table.source,
        panels=(Panel(f"{table.key}-0", "", spec, 2 * len(frame) - 1, wide=True, broad=True),),
        frame=pd.DataFrame(list(table.rows), columns=[each.title for each in table.columns]),
        legend=(Key("band-inner", say("figure.steps.inner")), Key("band-outer", say("figure.steps.outer"))),
        notes=table.notes,
    )


def _prepare(table: ChapterTable, picture: Picture) -> pd.DataFrame:
    """One row a step: date, numbers in per cent, name and printed number."""
    column = by_name(table.columns)[picture.y]
    inner = dict(zip(("low", "high"), picture.inner, strict=True))
    ends = {"value": picture.y, **inner, "least": picture.low, "most": picture.high}
    numbers = {name: 100.0 * pd.Series(table.values(source), dtype=float) for name, source in ends.items()}
    labels = [short_money(print_cell(cell, column.unit)) for cell in table.values(picture.y)]
    names = [str(cell) for cell in table.values(picture.label)]
    return pd.DataFrame({"at": table.values(picture.x), "name": names, **numbers, "label": labels})
