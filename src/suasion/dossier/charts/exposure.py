"""Exposure of each side's industries to inputs from the other: at face value and looking through."""

from __future__ import annotations

import textwrap

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import Key, Spec, finish, records
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.context import Dossier
from suasion.dossier.rows import ExposureRow
from suasion.dossier.words import plain_name

MOST_ROWS = 10
"""Industries drawn per side; all of them stand in the table."""
STEP = 32
"""Height of a row in pixels: two lines of text."""
WIDTH = 27
"""Letters in a line of an industry's name."""


def prepare_exposure(rows: list[ExposureRow]) -> pd.DataFrame:
    """Most exposed industries of one side, look-through first, one line each."""
    known = [row for row in rows if row.look_through_percent is not None or row.direct_percent is not None]
    known.sort(key=lambda row: (-(row.look_through_percent or row.direct_percent or 0.0), row.sector))
    return pd.DataFrame(
        {
            "row": _folded(row.sector_name),
            "name": row.sector_name,
            "direct": row.direct_percent,
            "through": row.look_through_percent,
            "label": n.short_share(row.look_through_percent),
            "face": n.share(row.direct_percent),
        }
        for row in known[:MOST_ROWS]
    )


def _folded(name: str) -> str:
    """Name on at most two lines."""
    lines = textwrap.wrap(name, WIDTH)
    return "\n".join(lines if len(lines) < 3 else [lines[0], f"{lines[1]}…"])


def draw_exposure(frame: pd.DataFrame, side: str, top: float) -> Spec:
    """Draw a hollow mark at face value, a full one looking through, and a line between."""
    colour = theme.SIDES[0 if side == "a" else 1]
    rows = records(frame)
    y = g.names(
        list(frame["row"]),
        labelPadding=9,
        labelLineHeight=13,
        labelOffset=-4,
        labelExpr="split(datum.label, '\\n')",
    )
    through = g.field("through:Q", title=say("figure.exposure.axis"), scale=g.scale(0, 1.5 * top))
    face = {**through, "field": "direct"}
    tip = g.tips(name="industry", face="direct", label="through")
    hollow = {"fill": theme.PAPER, "stroke": colour, "strokeWidth": 1.6}
    ends = [{**row, "end": max(row["through"] or 0.0, row["direct"] or 0.0)} for row in rows]
    both = [row for row in rows if row["through"] is not None and row["direct"] is not None]
    layers = [
        g.layer(
            both, "rule", {"y": y, "x": through, "x2": {"field": "direct"}}, color=theme.RULE, strokeWidth=1.5
        ),
        g.dots(rows, {"y": y, "x": face, "tooltip": tip}, 55, **hollow),
        g.dots(rows, {"y": y, "x": through, "tooltip": tip}, 70, color=colour),
        g.words(ends, {"y": y, "x": {**through, "field": "end"}}, "label", align="left", dx=9),
    ]
    return finish(layers, 340, STEP * len(rows), slack=22)


def exposure_figure(dossier: Dossier) -> Figure | None:
    """Draw both sides' exposure on one scale; None where there is none."""
    if not dossier.exposure:
        return None
    by_side = {
        side: prepare_exposure([row for row in dossier.exposure.rows if row.country == code])
        for side, code in (("a", dossier.a.code), ("b", dossier.b.code))
    }
    tops = [float(f[["direct", "through"]].astype(float).max().max()) for f in by_side.values() if len(f)]
    if not tops:
        return None
    names = {"a": dossier.a.name, "b": dossier.b.name}
    panels = tuple(
        Panel(
            f"exposure-{side}",
            say(
                "figure.exposure.panel",
                country=plain_name(names[side]),
                partner=names["b" if side == "a" else "a"],
            ),
            draw_exposure(frame, side, max(tops) or 1.0),
            2 * len(frame),
        )
        for side, frame in by_side.items()
        if len(frame)
    )
    return Figure(
        key="exposure",
        title=say("figure.exposure.title"),
        subtitle=say(
            "figure.exposure.subtitle",
            year=dossier.provenance.year or say("figure.exposure.base_year"),
            count=MOST_ROWS,
        ),
        alt=_alt(by_side, names),
        source=dossier.exposure.source,
        panels=panels,
        frame=_table(dossier),
        legend=(Key("hollow", say("figure.exposure.direct")), Key("full", say("figure.exposure.through"))),
        notes=dossier.exposure.notes,
    )


def _alt(by_side: dict[str, pd.DataFrame], names: dict[str, str]) -> str:
    parts = []
    for side, frame in by_side.items():
        top = (
            [f"{row} {label}" for row, label in zip(frame["name"][:3], frame["label"][:3], strict=True)]
            if len(frame)
            else []
        )
        if top:
            parts.append(say("figure.exposure.alt_row", country=names[side], rows=", ".join(top)))
    return say("figure.exposure.alt", rows="; ".join(parts))


def _table(dossier: Dossier) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": row.country,
            "partner": row.partner,
            "sector": row.sector,
            "industry": row.sector_name,
            "direct, % of inputs": row.direct_percent,
            "look-through, % of inputs": row.look_through_percent,
            "output, million USD": row.output_usd,
        }
        for row in dossier.exposure.rows
    )
