"""The picture of a chapter's table: lines over years with a band, or dots with their ranges, from its own rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.language import ENGLISH
from suasion.answers.picture import FORMS, alt_of, head_of, picture_of, rows_of, theme, told
from suasion.answers.picture.curve import curve
from suasion.answers.picture.drawn import MOST_ROWS, prepared, squeezed
from suasion.answers.picture.labels import PIXELS_HIGH, PIXELS_WIDE
from suasion.answers.picture.lines import lines
from suasion.answers.picture.map import KEYS
from suasion.answers.picture.ranges import ranges
from suasion.answers.picture.spec import PAGE, Key, ordered
from suasion.answers.table import Table
from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture, by_name, print_cell
from suasion.dossier.charts.curve import curve_figure
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.charts.steps import step_figure


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
    if picture.form in SWATCHES and table.answered is not None:
        return _answer_figure(table, table.answered)
    if picture.form == "curve" and picture.label:
        return curve_figure(table, picture)
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


def _answer_figure(table: ChapterTable, own: Table) -> Figure:
    """Draw a grid or a map as the answer draws it; the page has its own legend."""
    rows = rows_of(own, ENGLISH)
    form = picture_of(own).form
    spec = FORMS[form](rows, rows, "", PAGE)
    ratio = round(PIXELS_HIGH / PIXELS_WIDE, 3) if form == "map" else 0.0
    panel = Panel(f"{table.key}-0", "", spec, len(rows), wide=True, broad=True, ratio=ratio)
    looks = dict(zip(KEYS, SWATCHES[form], strict=False))
    pairs = sorted(set(zip(rows["side"], rows["series"], strict=True)))
    legend = tuple(Key(looks[side], str(name)) for side, name in pairs)
    return _figure(table, (panel,), alt_of(own), legend, table.notes)


SWATCHES = {
    "grid": ("side-a square", "hollow square", "unknown"),
    "map": ("side-a", "side-b", "side-c", "cross"),
}
"""Marks of the legend of the page."""


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
