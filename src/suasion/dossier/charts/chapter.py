"""The picture of a chapter's table: lines over years with a band, or dots with their ranges, from its own rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.language import ENGLISH
from suasion.answers.picture import grammar as g
from suasion.answers.picture import head_of, theme, told
from suasion.answers.picture.curve import curve
from suasion.answers.picture.drawn import MOST_ROWS, prepared, squeezed
from suasion.answers.picture.lines import lines
from suasion.answers.picture.ranges import ranges
from suasion.answers.picture.spec import PAGE, Key, finish, ordered
from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture, by_name, print_cell
from suasion.dossier.charts.curve import curve_figure
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.charts.places import place_figure
from suasion.dossier.charts.steps import step_figure

ROW = 22
"""Pixels of a row of a grid."""


def chapter_figures(chapter: Chapter) -> tuple[Figure, ...]:
    """Draw those tables of a chapter that have a picture."""
    return tuple(table_figure(table, table.picture) for table in chapter.tables if table.picture)


def table_figure(table: ChapterTable, picture: Picture) -> Figure:
    """Draw one table.

    Parameters
    ----------
    table : ChapterTable
        The rows; they are also the figure's file.
    picture : Picture
        Which columns are drawn, and how.
    """
    if picture.form == "grid":
        return _grid_figure(table, picture)
    if picture.form == "curve" and picture.label:
        return curve_figure(table, picture)
    if picture.form == "map":
        return place_figure(table)
    if picture.form == "steps":
        return step_figure(table, picture)
    drawn = prepare(table, picture)
    names = ordered([str(name) for name in drawn["panel"]])
    draw = {"lines": lines, "ranges": ranges, "curve": curve}[picture.form]
    look = replace(PAGE, across=by_name(table.columns)[picture.x].title)
    panels = []
    for place, name in enumerate(names):
        part = drawn[drawn["panel"] == name].reset_index(drop=True)
        least = int(part["value"].notna().sum()) if picture.form == "ranges" else 1
        spec = draw(part, part if squeezed(part, drawn) else drawn, _head(table, picture), look)
        wide = picture.form == "ranges"
        panels.append(Panel(f"{table.key}-{place}", name, spec, least, wide=wide, broad=wide))
    notes = (*table.notes, *_left_out(table, picture))
    return _figure(
        table,
        tuple(panels),
        told(drawn, picture.form, _head(table, picture), look.across, ENGLISH),
        _legend(drawn, picture.form == "lines"),
        notes,
    )


def _figure(
    table: ChapterTable, panels: tuple[Panel, ...], alt: str, legend: tuple[Key, ...], notes: tuple[str, ...]
) -> Figure:
    return Figure(
        key=table.key,
        title=table.title,
        subtitle=table.subtitle,
        alt=alt,
        source=table.source,
        panels=panels,
        frame=pd.DataFrame(list(table.rows), columns=[_file_head(column) for column in table.columns]),
        legend=legend,
        notes=notes,
    )


def _grid_figure(table: ChapterTable, picture: Picture) -> Figure:
    """Draw a mark for each year and row: full for yes, hollow for no, a question mark for unknown."""
    cells = zip(*(table.values(name) for name in (picture.x, picture.y, picture.series)), strict=True)
    rows = [{"at": year, "row": str(name), "status": str(status)} for year, name, status in cells]
    years = sorted({int(str(row["at"])) for row in rows})
    ticks = [year for year in years if year % 5 == 0 or year == years[-1]]
    x = g.field(
        "at:Q",
        title=None,
        scale=g.scale(years[0] - 1, years[-1] + 1),
        axis={"format": "d", "grid": False, "values": ticks},
    )
    y = g.names(ordered([str(row["row"]) for row in rows]), limit=150)
    tip = g.tips(at="year", row="what", status="status")
    by = {status: [row for row in rows if row["status"] == status] for status in ("yes", "no", "unknown")}
    hollow = {"fill": theme.PAPER, "stroke": theme.RULE, "strokeWidth": 1.2}
    layers = [
        g.dots(by["yes"], {"x": x, "y": y, "tooltip": tip}, 90, color=theme.BLUE, shape="square"),
        g.dots(by["no"], {"x": x, "y": y, "tooltip": tip}, 50, shape="square", **hollow),
        g.layer(by["unknown"], "text", {"x": x, "y": y}, text="?", color=theme.MUTED, fontSize=11),
    ]
    shown = [layer for layer, status in zip(layers, by, strict=True) if by[status]]
    spec = finish(shown, 700, ROW * len({row["row"] for row in rows}))
    known = {status: len(part) for status, part in by.items() if part}
    held = {
        name: ", ".join(str(row["at"]) for row in by["yes"] if row["row"] == name)
        for name in ordered([str(row["row"]) for row in rows])
    }
    rows_told = [
        say("figure.chapter.alt_grid_row", name=name, years=found or say("figure.chapter.alt_no_year"))
        for name, found in held.items()
    ]
    panel = Panel(f"{table.key}-0", "", spec, sum(known.values()), wide=True, broad=True)
    keys = (
        Key("side-a square", say("figure.chapter.yes")),
        Key("hollow square", say("figure.chapter.no")),
        Key("unknown", say("figure.chapter.unknown")),
    )
    alt = say("figure.chapter.alt_grid", rows="; ".join(rows_told))
    return _figure(table, (panel,), alt, keys, table.notes)


def prepare(table: ChapterTable, picture: Picture) -> pd.DataFrame:
    """Rows as drawn; see :func:`suasion.answers.picture.drawn.prepared`."""
    ranges = picture.form == "ranges"
    name, at = (picture.x, picture.y) if ranges else (picture.y, picture.x)
    column, values = by_name(table.columns)[name], table.values(name)
    blank: tuple[None, ...] = (None,) * len(values)
    low, high = (table.values(end) if end else blank for end in (picture.low, picture.high))
    return prepared(
        at=table.values(at),
        numbers=(values, low, high),
        labels=[print_cell(value, column.unit, column.draws) for value in values],
        series=[str(cell) for cell in table.values(picture.series)] if picture.series else [""] * len(values),
        panel=table.values(picture.panel) if picture.panel else [""] * len(values),
        unit=column.unit,
        ranges=ranges,
        gaps=picture.form == "lines",
        printer=ENGLISH.numbers,
    )


def _head(table: ChapterTable, picture: Picture) -> str:
    column = by_name(table.columns)[picture.x if picture.form == "ranges" else picture.y]
    return head_of(column.title, column.unit, ENGLISH)


def _legend(drawn: pd.DataFrame, lines: bool) -> tuple[Key, ...]:
    pairs = dict.fromkeys(zip(drawn["side"], drawn["series"], strict=True))
    looks = dict(zip(theme.KEYS, ("solid", "dashed", "level") if lines else ("", "", ""), strict=True))
    return tuple(Key(f"side-{side} {looks[side]}".rstrip(), str(name)) for side, name in pairs if name)


_FILE_UNITS = {
    **dict.fromkeys(("share", "percent", "change"), "%"),
    **dict.fromkeys(("musd", "musd_change"), "million USD"),
    "probability": "0 to 1",
}


def _file_head(column: Column) -> str:
    unit = _FILE_UNITS.get(column.unit, "")
    return f"{column.name}, {unit}" if unit else column.name


def _left_out(table: ChapterTable, picture: Picture) -> tuple[str, ...]:
    panels = table.values(picture.panel) if picture.panel else ("",) * len(table.rows)
    names: dict[object, set[object]] = {}
    for panel, name in zip(panels, table.values(picture.y), strict=True):
        names.setdefault(panel, set()).add(name)
    if picture.form != "ranges" or max(map(len, names.values())) <= MOST_ROWS:
        return ()
    return (say("figure.chapter.left", count=MOST_ROWS),)
