"""A mark for each year and row: full for yes, hollow for no, a question mark for what is not known."""

from __future__ import annotations

import pandas as pd

from suasion.answers.language import Language
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import PAGE, Form, Look, Spec, finish, ordered, records
from suasion.answers.table import Picture, Table

WIDTH, ROW = 700, 22
STATUSES = ("yes", "no", "unknown")
"""Members of the word list of the marks, in the order of the legend."""
QUESTION = "M-0.45,-0.5A0.45,0.45,0,1,1,0.15,0.0L0,0.15L0,0.4M0,0.75L0,0.85"
"""A question mark as a symbol."""
_KEYS = list(theme.KEYS)


def grid_rows(table: Table, picture: Picture, language: Language) -> pd.DataFrame:
    """Return the rows of a table as they are drawn.

    Returns: ``at`` (the year), ``row`` (its name), ``side`` (key of the mark), ``series`` and ``label`` (the
      mark in words), ``value`` (the year again: each row has a mark), ``panel`` (none).
    """
    said = table.words(picture.series, language)
    return pd.DataFrame(
        {
            "at": table.cells(picture.x),
            "row": table.words(picture.y, language),
            "side": [_KEYS[STATUSES.index(str(cell))] for cell in table.cells(picture.series)],
            "series": said,
            "label": said,
            "value": table.cells(picture.x),
            "panel": "",
        }
    )


def grid(part: pd.DataFrame, whole: pd.DataFrame, head: str, look: Look = PAGE) -> Spec:
    """Draw one panel.

    part, whole: rows of :func:`grid_rows`, the first name uppermost; all of them.
    head: not used: names stand at the rows.
    """
    years = sorted({int(year) for year in whole["at"]})
    ticks = [year for year in years if year % 5 == 0 or year == years[-1]]
    axis = {"format": "d", "grid": False, "values": ticks}
    marks = {
        name: g.field("side:N", scale={"domain": _KEYS, "range": look_of}, legend=look.legend)
        for name, look_of in (
            ("fill", [theme.BLUE, theme.PAPER, "transparent"]),
            ("stroke", [theme.BLUE, theme.RULE, theme.MUTED]),
            ("shape", ["square", "square", QUESTION]),
        )
    }
    place = {
        "x": g.field("at:Q", title=None, scale=g.scale(years[0] - 1, years[-1] + 1), axis=axis),
        "y": g.names(ordered([str(name) for name in part["row"]]), limit=150),
    }
    tip = g.tips(look.say, at="year", row="what", label="status")
    layer = g.layer(records(part), "point", {**place, **marks, "tooltip": tip}, size=80, opacity=1)
    return finish([layer], WIDTH, ROW * part["row"].nunique())


def _alt(rows: pd.DataFrame, up: str, across: str, language: Language) -> str:
    """Return the drawn rows in words: of each row the years that have it."""
    each = [
        language.say(
            "figure.chapter.alt_grid_row",
            {
                "name": str(name),
                "years": ", ".join(str(year) for year in part.loc[part["side"] == _KEYS[0], "at"])
                or language.say("figure.chapter.alt_no_year"),
            },
        )
        for name, part in rows.groupby("row", sort=False)
    ]
    return language.say("figure.chapter.alt_grid", {"rows": "; ".join(each)})


FORM = Form(grid, _alt, grid_rows)
