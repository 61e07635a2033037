"""The picture of a table, one module a form: columns say what is drawn, units say the axis, bands draw themselves.

A picture is a form of a table, as CSV is: whatever it shows stands in the rows.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from suasion.answers.language import ENGLISH, Language
from suasion.answers.numbers import Unit
from suasion.answers.picture.areas import area_rows, areas, areas_alt
from suasion.answers.picture.curve import curve
from suasion.answers.picture.drawn import drawn, squeezed
from suasion.answers.picture.grid import grid, grid_alt, grid_rows
from suasion.answers.picture.lines import lines
from suasion.answers.picture.map import OUTLINE, map_alt, map_rows, points
from suasion.answers.picture.ranges import ranges
from suasion.answers.picture.spec import Look, Spec, ordered
from suasion.answers.picture.steps import steps
from suasion.answers.picture.svg import compact
from suasion.answers.table import Picture, Table
from suasion.errors import InputError

FORMS = {
    "lines": lines,
    "ranges": ranges,
    "curve": curve,
    "steps": steps,
    "grid": grid,
    "map": points,
    "areas": areas,
}
"""What draws a panel, by form."""
PREPARED = {"grid": grid_rows, "map": map_rows, "areas": area_rows}
"""What makes the rows as drawn, of forms that draw no number."""
TOLD_BY = {"grid": grid_alt, "map": map_alt, "areas": areas_alt}
"""What says in words what forms draw that draw no number."""
WIDE = 560
"""Pixels of a picture that stands alone."""
TOLD = 12
"""Rows named in the description of a picture."""


def picture_of(table: Table) -> Picture:
    """Return how a table is drawn.

    Raises
    ------
    InputError
        If it is not.
    """
    if table.picture is None:
        raise InputError(f"The table {table.key!r} has no picture.")
    return table.picture


def rows_of(table: Table, language: Language = ENGLISH) -> pd.DataFrame:
    """Return the rows of a table as its form draws them.

    Raises
    ------
    InputError
        If the table has no picture.
    """
    picture = picture_of(table)
    return PREPARED.get(picture.form, drawn)(table, picture, language)


def spec_of(table: Table, language: Language = ENGLISH) -> Spec:
    """Return the Vega-Lite specification of a table's picture, its data inline, its panels one below the other.

    Parameters
    ----------
    table : Table
    language : Language

    Raises
    ------
    InputError
        If the table has no picture.
    """
    picture = picture_of(table)
    rows = rows_of(table, language)
    names = dict(zip(rows["side"], rows["series"], strict=True))
    head, across = (_head(table, name, language) for name in (picture.value, picture.x))
    look = Look(lambda key: language.say(key), _legend(names), WIDE, across)
    draw = FORMS[picture.form]
    panels = []
    for name, part in rows.groupby("panel", sort=False):
        shared = rows if picture.form in PREPARED or not squeezed(part, rows) else part
        panel = draw(part.reset_index(drop=True), shared, head, look)
        panels.append(panel | ({"title": str(name)} if name else {}))
    described = {"description": alt_of(table, language)}
    if picture.form in ("map", "areas"):
        from suasion.sources.outline import outline

        panels[0]["datasets"][OUTLINE["name"]] = outline()
    if len(panels) == 1:
        return panels[0] | described
    # Sizes and data are the panels' own; the look is one.
    shared_look = panels[0]["config"] if panels else {}
    bare: list[Spec] = []
    data: dict[str, Any] = {}
    for place, one in enumerate(panels):
        own = {name: item for name, item in one.items() if name not in (*_SHARED, "datasets")}
        names = {
            name: f"{name}-{place}" for name in one["datasets"]
        }  # Vega-Lite reads them at the root alone
        data |= {names[name]: rows for name, rows in one["datasets"].items()}
        layers = [layer | {"data": {"name": names[layer["data"]["name"]]}} for layer in own["layer"]]
        bare.append(own | {"layer": layers})
    return {"vconcat": bare, "datasets": data, "config": shared_look, **described}


_SHARED = ("config", "autosize", "padding")
"""What panels have in common."""


def _head(table: Table, name: str, language: Language) -> str:
    return head_of(language.say(f"head.{name}"), table.column(name).unit, language)


def head_of(title: str, unit: Unit, language: Language) -> str:
    """Title of an axis with its unit."""
    if unit in ("musd", "musd_change"):
        return language.words["figure.axis.musd"].format(title=title)
    return language.words["figure.axis.percent"].format(title=title) if unit == "probability" else title


def _legend(names: dict[str, str]) -> dict[str, Any] | None:
    """Names of the colours above the picture; none where there is one without a name."""
    named = {side: name for side, name in names.items() if name}
    if not named:
        return None
    return {
        "orient": "top",
        "title": None,
        "labelExpr": f"{json.dumps(named)}[datum.value]",
        "values": sorted(named),
    }


def alt_of(table: Table, language: Language = ENGLISH) -> str:
    """Return the description of a table's picture for who does not see it: its rows, or the ends of its lines."""
    picture = picture_of(table)
    rows = rows_of(table, language)
    if picture.form in TOLD_BY:
        return TOLD_BY[picture.form](rows, language)
    if picture.form == "steps":
        each = "; ".join(f"{name} {label}".strip() for name, label in rows[["name", "label"]].to_numpy())
        return language.say("figure.steps.alt", {"rows": each})
    up, across = (_head(table, name, language) for name in (picture.value, picture.x))
    return told(rows, picture.form, up, across, language)


def told(rows: pd.DataFrame, form: str, up: str, across: str, language: Language) -> str:
    """Return drawn rows in words: each of them, or the ends of lines and curves.

    Parameters
    ----------
    rows : DataFrame
        As :func:`suasion.answers.picture.drawn.drawn` gives them.
    form : str
        Of the picture.
    up, across : str
        Titles of its axes.
    language : Language
    """
    if form == "ranges":
        parts = [
            f"{at}{f' ({series})' if series else ''}: {label}"
            for at, series, label in rows[["at", "series", "label"]].head(TOLD).astype(str).to_numpy()
        ]
        return language.say("figure.chapter.alt_ranges", {"rows": "; ".join(parts)})
    parts = []
    known = rows[rows["value"].notna()]
    for name, part in known.sort_values("at").astype({"panel": str}).groupby(["panel", "series"], sort=False):
        ends = [(part["label"].iloc[place], part["at"].iloc[place]) for place in (0, -1)]
        words = " ".join(ordered([str(word) for word in name if word]))
        if form == "curve":
            parts.append(f"{words} {', '.join(f'{at:g}: {label}' for label, at in ends)}")
            continue
        years = {"first_year": int(ends[0][1]), "last_year": int(ends[1][1])}
        said = {"name": words, "first": ends[0][0], "last": ends[1][0], **years}
        parts.append(language.say("figure.chapter.alt_line", said))
    if form == "curve":
        return language.say(
            "figure.chapter.alt_curve", {"up": up, "across": across, "ends": "; ".join(parts)}
        )
    return language.say("figure.chapter.alt_lines", {"rows": "; ".join(parts)})


def picture_bytes(table: Table, ending: str, language: Language = ENGLISH) -> bytes:
    """Return the picture of a table as the content of a file; see :func:`suasion.pictures.draw`.

    Raises
    ------
    InputError
        If the table has no picture, or the ending is not one of :data:`suasion.pictures.LIVE`.
    """
    from suasion.pictures import LIVE, draw

    return draw(spec_of(table, language), ending, LIVE)


def svg(table: Table, language: Language = ENGLISH) -> str:
    """Return the picture of a table as SVG that follows the reader's light or dark setting.

    Raises
    ------
    InputError
        If the table has no picture.
    """
    return compact(picture_bytes(table, ".svg", language).decode())
