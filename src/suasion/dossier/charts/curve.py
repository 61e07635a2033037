"""A curve of pairs: what one side ends up with against what another does, each point with its label."""

from __future__ import annotations

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import Key, Spec, finish, ordered, records
from suasion.dossier.chapter import ChapterTable, Picture, by_name
from suasion.dossier.charts.figure import Figure, Panel

WIDTH, HEIGHT = 640, 300
ROOM = 0.12
"""Part of each axis left free at its ends, for labels."""


def curve_figure(table: ChapterTable, picture: Picture) -> Figure:
    """Draw the rows of a table as curves, in the order of the rows.

    Parameters
    ----------
    table : ChapterTable
        The rows; they are also the figure's file.
    picture : Picture
        ``x`` and ``y`` are the columns of the axes, ``label`` that of the words beside the points.

    Returns
    -------
    Figure
    """
    drawn = _prepare(table, picture)
    names = ordered([str(name) for name in drawn["series"]])
    columns = by_name(table.columns)
    panel = Panel(
        f"{table.key}-0",
        "",
        _draw(drawn, columns[picture.x].title, columns[picture.y].title),
        len(drawn),
        wide=True,
    )
    ends = [
        row
        for _, part in drawn.groupby("series", sort=False)
        for row in part.iloc[[0, -1]].to_dict("records")
    ]
    told = "; ".join(
        f"{', '.join(str(row[key]) for key in ('series', 'label') if row[key])}: {row['x']:,.0f} and {row['y']:,.0f}"
        for row in ends
    )
    return Figure(
        key=table.key,
        title=table.title,
        subtitle=table.subtitle,
        alt=say(
            "figure.chapter.alt_curve",
            up=columns[picture.y].title,
            across=columns[picture.x].title,
            ends=told,
        ),
        source=table.source,
        panels=(panel,),
        frame=pd.DataFrame(list(table.rows), columns=[column.name for column in table.columns]),
        legend=tuple(
            Key(f"side-{theme.KEYS[place]}", name) for place, name in enumerate(names) if len(names) > 1
        ),
        notes=table.notes,
    )


def _prepare(table: ChapterTable, picture: Picture) -> pd.DataFrame:
    """Points with their curve, colour key, order and label; those without both numbers are left out."""
    rows = len(table.rows)
    series = [str(name) for name in table.values(picture.series)] if picture.series else [""] * rows
    keys = {name: theme.KEYS[place] for place, name in enumerate(ordered(series)[: len(theme.KEYS)])}
    frame = pd.DataFrame(
        {
            "x": pd.Series(table.values(picture.x), dtype=float),
            "y": pd.Series(table.values(picture.y), dtype=float),
            "series": series,
            "side": [keys.get(name) for name in series],
            "label": [str(cell) for cell in table.values(picture.label)] if picture.label else [""] * rows,
            "order": range(rows),
        }
    )
    return frame.dropna().reset_index(drop=True)


def _draw(frame: pd.DataFrame, across: str, up: str) -> Spec:
    x = g.field("x:Q", title=across, scale=g.scale(*_reach(frame["x"])), axis={"tickCount": 6})
    y = g.field("y:Q", title=up, scale=g.scale(*_reach(frame["y"])), axis={"tickCount": 5})
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=None)
    shape = g.field("side:N", scale=g.SIDE_SHAPES, legend=None)
    rows = records(frame)
    tip = [*g.tips(series="of", label="at"), g.field("x:N", title=across), g.field("y:N", title=up)]
    layers = [
        g.layer([{"zero": 0.0}], "rule", {"x": {**x, "field": "zero"}}, color=theme.RULE, strokeWidth=1),
        g.layer(
            rows, "line", {"x": x, "y": y, "color": colour, "order": g.field("order:Q")}, strokeWidth=2.2
        ),
        g.dots(rows, {"x": x, "y": y, "color": colour, "shape": shape, "tooltip": tip}, 60),
        g.words(rows, {"x": x, "y": y}, "label", align="left", dx=5, dy=-11),
    ]
    return finish(layers, WIDTH, HEIGHT)


def _reach(values: pd.Series) -> tuple[float, float]:
    """Ends of an axis: all values and zero, with room on both sides."""
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = ROOM * (high - low or 1.0)
    return low - room, high + room
