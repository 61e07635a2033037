"""The picture of a chapter's table: lines over years with a band, or dots with their ranges, from its own rows."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.dossier.chapter import Chapter, ChapterTable, Column, Picture, Unit, by_name, print_cell
from suasion.dossier.charts import grammar as g
from suasion.dossier.charts import theme
from suasion.dossier.charts.curve import curve_figure
from suasion.dossier.charts.figure import Figure, Key, Panel, Spec, finish, ordered, records, spread
from suasion.dossier.charts.places import place_figure
from suasion.dossier.charts.steps import step_figure

HEIGHT, WIDTH = 190, 640
ROW = 22
LONGEST = 280
"""Pixels of a name, beyond which it is cut."""
WIDER = 0.12
"""By how much the widest common font exceeds the one measured with."""
SQUEEZED = 0.25
"""Part of the common axis under which a panel gets one of its own."""
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
    if picture.form == "grid":
        return _grid_figure(table, picture)
    if picture.form == "curve":
        return curve_figure(table, picture)
    if picture.form == "map":
        return place_figure(table)
    if picture.form == "steps":
        return step_figure(table, picture)
    drawn = prepare(table, picture)
    names = ordered([str(name) for name in drawn["panel"]])
    draw = _lines if picture.form == "lines" else _ranges
    panels = []
    for place, name in enumerate(names):
        part = drawn[drawn["panel"] == name].reset_index(drop=True)
        least = int(part["value"].notna().sum()) if picture.form == "ranges" else 1
        spec = draw(part, part if _squeezed(part, drawn) else drawn, _head(table, picture))
        ranges = picture.form == "ranges"
        panels.append(Panel(f"{table.key}-{place}", name, spec, least, wide=ranges, broad=ranges))
    notes = (*table.notes, *_left_out(table, picture))
    return _figure(
        table, tuple(panels), _alt(table, picture, drawn), _legend(drawn, picture.form == "lines"), notes
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
    told = [
        say("figure.chapter.alt_grid_row", name=name, years=found or say("figure.chapter.alt_no_year"))
        for name, found in held.items()
    ]
    panel = Panel(f"{table.key}-0", "", spec, sum(known.values()), wide=True, broad=True)
    keys = (
        Key("side-a square", say("figure.chapter.yes")),
        Key("hollow square", say("figure.chapter.no")),
        Key("unknown", say("figure.chapter.unknown")),
    )
    alt = say("figure.chapter.alt_grid", rows="; ".join(told))
    return _figure(table, (panel,), alt, keys, table.notes)


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
            "label": [n.shortened(print_cell(value, unit)) for value in values],
        }
    )
    if picture.form == "ranges" and picture.low:
        rows = zip(frame["label"], frame["low"], frame["high"], strict=True)
        frame["label"] = [_with_range(str(label), float(low), float(high), unit) for label, low, high in rows]
    if unit == "probability":  # labels are in per cent, and so is the axis
        frame[["value", "low", "high"]] *= 100.0
    known = frame[frame["value"].notna() & frame["side"].notna()]
    if picture.form == "ranges":
        kept = ordered([str(name) for name in known["at"]])[:MOST_ROWS]
        known = known[known["at"].astype(str).isin(kept)]
    return known.reset_index(drop=True)


def _with_range(label: str, low: float, high: float, unit: Unit) -> str:
    """Number and range, as it stands at the right end of the range."""
    if math.isnan(low) or math.isnan(high):
        return label
    ends = [n.shortened(print_cell(float(end), unit)) for end in (low, high)]
    number, _, word = ends[1].partition(" ")
    first = ends[0].removesuffix(f" {word}") if word else ends[0]
    if ends[0] == ends[1] == label:
        return label
    return f"{label} ({first} to {number}{f' {word}' if word else ''})"


def _head(table: ChapterTable, picture: Picture) -> str:
    column = by_name(table.columns)[picture.x if picture.form == "ranges" else picture.y]
    if column.unit in ("musd", "musd_change"):
        return f"{column.title}, million USD"
    return f"{column.title}, %" if column.unit == "probability" else column.title


def _reach(frame: pd.DataFrame) -> tuple[float, float]:
    """Range of all values and bands that holds zero."""
    ends = pd.concat([frame["value"], frame["low"], frame["high"]]).dropna()
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    return (low, high) if high > low else (low, low + 1.0)


def _squeezed(part: pd.DataFrame, whole: pd.DataFrame) -> bool:
    """Whether a panel would fill too little of an axis that all panels share, so that nothing in it could be told."""
    (low, high), (least, most) = _reach(part), _reach(whole)
    return high - low < SQUEEZED * (most - least)


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
        *_end_labels(records(ends), x, y, (low, 1.08 * high)),
    ]
    return finish(layers if band else layers[1:], 340, HEIGHT)


def _end_labels(ends: list[dict[str, Any]], x: Any, y: Any, span: tuple[float, float]) -> list[Spec]:
    """Numbers at the ends of the lines, none on top of another."""
    shifts = spread([row["value"] - span[0] for row in ends], span[1] - span[0], HEIGHT)
    return [
        g.words([row], {"x": x, "y": y}, "label", align="left", dx=7, dy=shift)
        for row, shift in zip(ends, shifts, strict=True)
    ]


def _dashes() -> dict[str, Any]:
    scale = {"domain": list(theme.KEYS), "range": [[1, 0], [6, 3], [2, 2]]}
    return g.field("side:N", scale=scale, legend=None)


def _ranges(part: pd.DataFrame, whole: pd.DataFrame, head: str) -> Spec:
    low, high = _reach(whole)
    span, lines = high - low, part["side"].nunique()
    room = _room(whole, low, span)
    x = g.field("value:Q", title=head, scale=g.scale(low - 0.02 * span * (low < 0), high + room * span))
    names = ordered([str(name) for name in part["at"]])
    y = {**g.names(names, limit=LONGEST, labelPadding=7), "field": "at"}
    beside = {"yOffset": g.field("side:N", scale={"domain": list(theme.KEYS[:lines])})} if lines > 1 else {}
    place = {"y": y, **beside}
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=None)
    shape = g.field("side:N", scale=g.SIDE_SHAPES, legend=None)
    rows = records(part.assign(end=part["high"].fillna(part["value"])))
    band = [row for row in rows if row["low"] is not None and row["high"] is not None]
    tip = g.tips(at="what", series="of", label="value")
    ends = {**x, "field": "low"}, {"field": "high"}
    layers = [
        g.layer([{"zero": 0.0}], "rule", {"x": {**x, "field": "zero"}}, color=theme.RULE, strokeWidth=1),
        g.layer(band, "rule", {**place, "x": ends[0], "x2": ends[1]}, color=theme.RULE, strokeWidth=2),
        g.dots(rows, {**place, "x": x, "color": colour, "shape": shape, "tooltip": tip}, 70),
        g.words(rows, {**place, "x": {**x, "field": "end"}}, "label", align="left", dx=9),
    ]
    height = len(names) * (ROW if lines == 1 else 6 + 16 * lines)
    wider = round(WIDER * min(LONGEST, 6 * max(map(len, names), default=0)))
    shown = [layers[0], *([layers[1]] if band else []), *layers[2:]]
    return finish(shown, WIDTH, max(height, 2 * ROW), slack=8 + wider)


def _room(part: pd.DataFrame, low: float, span: float) -> float:
    """Part of the span that is left free at the right, so that each label ends inside the drawing."""
    longest = max((len(str(name)) for name in part["at"]), default=0)
    plot = WIDTH - min(LONGEST, 6 * longest) - 60
    ends = part["high"].fillna(part["value"])
    needed = [
        (end - low) / span / max(0.2, 1 - (7 * len(str(label)) + 9) / plot) - 1
        for end, label in zip(ends, part["label"], strict=True)
    ]
    return float(max(0.1, *needed))


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
    if picture.form == "lines" or len(set(table.values(picture.y))) <= MOST_ROWS:
        return ()
    return (say("figure.chapter.left", count=MOST_ROWS),)


def _alt(table: ChapterTable, picture: Picture, drawn: pd.DataFrame) -> str:
    if picture.form == "ranges":
        parts = [
            f"{at}{f' ({series})' if series else ''}: {label}"
            for at, series, label in drawn[["at", "series", "label"]].head(12).astype(str).to_numpy()
        ]
        return say("figure.chapter.alt_ranges", rows="; ".join(parts))
    parts = []
    for name, part in drawn.sort_values("at").groupby(["panel", "series"], sort=False):
        first, last = ((part["label"].iloc[place], part["at"].iloc[place]) for place in (0, -1))
        words = " ".join(str(word) for word in name if word)
        ends = {"first": first[0], "first_year": first[1], "last": last[0], "last_year": last[1]}
        parts.append(say("figure.chapter.alt_line", name=words, **ends))
    return say("figure.chapter.alt_lines", rows="; ".join(parts))
