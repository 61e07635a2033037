"""The picture of a chapter's table: lines over years with a band, or dots with their ranges, from its own rows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture, by_name, print_cell
from suasion.dossier.charts import grammar as g
from suasion.dossier.charts import theme
from suasion.dossier.charts.figure import Figure, Key, Panel, Spec, finish, ordered, records

HEIGHT = 190
ROW = 22
MOST_ROWS = 16
"""Rows drawn of a long table; all of them stand in the table under it."""


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
    drawn = prepare(table, picture)
    names = ordered([str(name) for name in drawn["panel"]])
    draw = _lines if picture.form == "lines" else _ranges
    panels = []
    for place, name in enumerate(names):
        part = drawn[drawn["panel"] == name].reset_index(drop=True)
        least = int(part["value"].notna().sum()) if picture.form == "ranges" else 1
        panels.append(Panel(f"{table.key}-{place}", name, draw(part, drawn, _head(table, picture)), least))
    return Figure(
        key=table.key,
        title=table.title,
        subtitle=table.subtitle,
        alt=_alt(table, picture, drawn),
        source=table.source,
        panels=tuple(panels),
        frame=pd.DataFrame(list(table.rows), columns=[_file_head(column) for column in table.columns]),
        legend=_legend(drawn),
        notes=(*table.notes, *_left_out(table, picture)),
    )


def prepare(table: ChapterTable, picture: Picture) -> pd.DataFrame:
    """Rows as drawn: x or row name, value, band, side letter, panel and label."""
    unit = by_name(table.columns)[picture.x if picture.form == "ranges" else picture.y].unit
    values = table.values(picture.x if picture.form == "ranges" else picture.y)
    series = [str(name) for name in table.values(picture.series)] if picture.series else [""] * len(values)
    letters = {name: theme.KEYS[place] for place, name in enumerate(ordered(series)[: len(theme.KEYS)])}
    frame = pd.DataFrame(
        {
            "at": table.values(picture.y if picture.form == "ranges" else picture.x),
            "value": pd.Series(values, dtype=float),
            "low": pd.Series(
                table.values(picture.low) if picture.low else None, dtype=float, index=range(len(values))
            ),
            "high": pd.Series(
                table.values(picture.high) if picture.high else None, dtype=float, index=range(len(values))
            ),
            "series": series,
            "side": [letters.get(name) for name in series],
            "panel": table.values(picture.panel) if picture.panel else [""] * len(values),
            "label": [
                print_cell(value, unit).replace("less than ", "<").replace(" USD", "") for value in values
            ],
        }
    )
    known = frame[frame["value"].notna() & frame["side"].notna()]
    if picture.form == "ranges":
        known = known.groupby("panel", sort=False).head(MOST_ROWS)
    return known.reset_index(drop=True)


def _head(table: ChapterTable, picture: Picture) -> str:
    return by_name(table.columns)[picture.x if picture.form == "ranges" else picture.y].title


def _reach(frame: pd.DataFrame) -> tuple[float, float]:
    """Range of all values and bands that holds zero."""
    ends = pd.concat([frame["value"], frame["low"], frame["high"]]).dropna()
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    return (low, high) if high > low else (low, low + 1.0)


def _lines(part: pd.DataFrame, whole: pd.DataFrame, head: str) -> Spec:
    low, high = _reach(whole)
    first, last = int(whole["at"].min()), int(whole["at"].max())
    room = max(2.0, 0.22 * (last - first))
    ticks = sorted({first, last, *range(-(-first // 10) * 10, last - 3, 10)})
    x = g.field(
        "at:Q",
        title=None,
        scale=g.scale(first, last + room),
        axis={"format": "d", "grid": False, "values": ticks},
    )
    y = g.field("value:Q", title=head, scale=g.scale(low, 1.08 * high), axis={"tickCount": 4})
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=None)
    rows = records(part)
    ends = part.sort_values("at").groupby("side").tail(1)
    band = [row for row in rows if row["low"] is not None and row["high"] is not None]
    layers = [
        g.layer(
            band,
            "area",
            {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour},
            opacity=0.18,
        ),
        g.layer(rows, "line", {"x": x, "y": y, "color": colour, "strokeDash": _dashes()}, strokeWidth=2.2),
        g.dots(
            records(ends),
            {"x": x, "y": y, "color": colour, "tooltip": g.tips(series="line", at="year", label="value")},
            40,
        ),
        g.words(records(ends), {"x": x, "y": y}, "label", align="left", dx=7),
    ]
    return finish(layers if band else layers[1:], 340, HEIGHT)


def _dashes() -> dict[str, Any]:
    scale = {"domain": list(theme.KEYS), "range": [[1, 0], [6, 3], [2, 2]]}
    return g.field("side:N", scale=scale, legend=None)


def _ranges(part: pd.DataFrame, whole: pd.DataFrame, head: str) -> Spec:
    low, high = _reach(whole)
    span = high - low
    x = g.field(
        "value:Q", title=head, scale=g.scale(low - (0.3 * span if low < 0 else 0.0), high + 0.3 * span)
    )
    y = {
        **g.names(ordered([str(name) for name in part["at"]]), labelLimit=185, labelPadding=7),
        "field": "at",
    }
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=None)
    shape = g.field("side:N", scale=g.SIDE_SHAPES, legend=None)
    rows = records(part)
    band = [row for row in rows if row["low"] is not None and row["high"] is not None]
    tip = g.tips(at="what", series="of", label="value")
    layers = [
        g.layer([{"zero": 0.0}], "rule", {"x": {**x, "field": "zero"}}, color=theme.RULE, strokeWidth=1),
        g.layer(
            band,
            "rule",
            {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            color=theme.RULE,
            strokeWidth=2,
        ),
        g.dots(rows, {"y": y, "x": x, "color": colour, "shape": shape, "tooltip": tip}, 75),
        g.words(rows, {"y": y, "x": x}, "label", align="left", dx=9, dy=-1),
    ]
    count = len(ordered([str(name) for name in part["at"]]))
    return finish(
        [layers[0], *([layers[1]] if band else []), *layers[2:]], 340, ROW * max(count, 2), slack=10
    )


def _legend(drawn: pd.DataFrame) -> tuple[Key, ...]:
    pairs = dict.fromkeys(zip(drawn["side"], drawn["series"], strict=True))
    return tuple(Key(f"side-{side}", str(name)) for side, name in pairs if name) if len(pairs) > 1 else ()


_FILE_UNITS = {
    **dict.fromkeys(("share", "percent", "change"), "%"),
    **dict.fromkeys(("musd", "musd_change"), "million USD"),
    "probability": "0 to 1",
}


def _file_head(column: Column) -> str:
    unit = _FILE_UNITS.get(column.unit, "")
    return f"{column.name}, {unit}" if unit else column.name


def _left_out(table: ChapterTable, picture: Picture) -> tuple[str, ...]:
    if picture.form == "lines" or len(table.rows) <= MOST_ROWS:
        return ()
    return (f"Drawn are the first {MOST_ROWS} rows of a panel; the table has all.",)


def _alt(table: ChapterTable, picture: Picture, drawn: pd.DataFrame) -> str:
    if picture.form == "ranges":
        parts = [
            f"{at}{f' ({series})' if series else ''}: {label}"
            for at, series, label in drawn[["at", "series", "label"]].head(12).astype(str).to_numpy()
        ]
        return f"Dots on one scale. {'; '.join(parts)}."
    parts = []
    for name, part in drawn.sort_values("at").groupby(["panel", "series"], sort=False):
        first, last = ((part["label"].iloc[place], part["at"].iloc[place]) for place in (0, -1))
        words = " ".join(str(word) for word in name if word)
        parts.append(f"{words}: {first[0]} in {first[1]}, {last[0]} in {last[1]}")
    return f"Lines over the years. {'; '.join(parts)}."
