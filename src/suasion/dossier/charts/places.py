"""Events on a map: the points of the ladder's own map, in the look of the page and on its outlines."""

from __future__ import annotations

import pandas as pd

from suasion.answers.catalogue import say
from suasion.answers.picture import theme
from suasion.answers.picture.spec import Key, Spec, finish
from suasion.dossier.chapter import ChapterTable
from suasion.dossier.charts.elsewhere import DISPUTED, OUTLINE
from suasion.dossier.charts.figure import Figure, Panel
from suasion.statecraft.ladder.chart import KIND_TITLES, map_layers, map_projection
from suasion.statecraft.ladder.labels import PIXELS_HIGH, PIXELS_WIDE

NEEDED = ("name", "start", "shown", "place", "short", "longitude", "latitude")
"""Columns of a table that is drawn as a map."""
SWATCHES = dict(zip(KIND_TITLES.values(), (*(f"side-{key}" for key in theme.KEYS), "cross"), strict=True))
"""Marks of the kinds in the legend."""


def place_figure(table: ChapterTable) -> Figure:
    """Draw a table of events on the map.

    Parameters
    ----------
    table : ChapterTable
        With the columns of :data:`NEEDED`; its rows are also the figure's file.

    Returns
    -------
    Figure
    """
    frame = pd.DataFrame({name: table.values(name) for name in NEEDED})
    frame["year"] = [int(str(start)[:4]) for start in frame["start"]]
    panel = Panel(
        f"{table.key}-0",
        "",
        _draw(frame),
        len(frame),
        wide=True,
        broad=True,
        ratio=round(PIXELS_HIGH / PIXELS_WIDE, 3),
    )
    used = set(frame["shown"])
    rows = "; ".join(f"{row.short} {row.year} ({row.shown})" for row in frame.itertuples())
    return Figure(
        key=table.key,
        title=table.title,
        subtitle=table.subtitle,
        alt=say("figure.places.alt", rows=rows),
        source=table.source,
        panels=(panel,),
        frame=pd.DataFrame(list(table.rows), columns=[column.title for column in table.columns]),
        legend=tuple(Key(style, kind) for kind, style in SWATCHES.items() if kind in used),
        notes=(*table.notes, DISPUTED),
    )


def _draw(frame: pd.DataFrame) -> Spec:
    layers, projection = map_layers(frame, OUTLINE), map_projection(frame)
    for channel in ("color", "shape"):  # the page has its own legend
        layers[1]["encoding"][channel]["legend"] = None
    return finish(layers, PIXELS_WIDE - 40, PIXELS_HIGH - 18, projection=projection)
