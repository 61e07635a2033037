"""Exposure of each side's industries to inputs from the other: at face value and looking through."""

from __future__ import annotations

import pandas as pd

from suasion.dossier import numbers as n
from suasion.dossier.charts import grammar as g
from suasion.dossier.charts import theme
from suasion.dossier.charts.figure import Figure, Key, Panel, Spec, finish, records
from suasion.dossier.context import Dossier
from suasion.dossier.rows import ExposureRow
from suasion.dossier.words import plain_name

MOST_ROWS = 14
"""Industries drawn per side; all of them stand in the table."""


def prepare_exposure(rows: list[ExposureRow]) -> pd.DataFrame:
    """Most exposed industries of one side, look-through first, one line each."""
    known = [row for row in rows if row.look_through_percent is not None or row.direct_percent is not None]
    known.sort(key=lambda row: (-(row.look_through_percent or row.direct_percent or 0.0), row.sector))
    return pd.DataFrame(
        {
            "row": row.sector_name,
            "direct": row.direct_percent,
            "through": row.look_through_percent,
            "label": n.short_share(row.look_through_percent),
            "face": n.share(row.direct_percent),
        }
        for row in known[:MOST_ROWS]
    )


def draw_exposure(frame: pd.DataFrame, side: str, top: float) -> Spec:
    """Draw a hollow mark at face value, a full one looking through, and a line between."""
    colour = theme.SIDES[0 if side == "a" else 1]
    rows = records(frame)
    y = g.names(list(frame["row"]), labelLimit=185, labelPadding=7)
    through = g.field("through:Q", title="Share of inputs, %", scale=g.scale(0, 1.18 * top))
    face = {**through, "field": "direct"}
    tip = g.tips(row="industry", face="bought directly", label="looking through")
    hollow = {"fill": theme.PAPER, "stroke": colour, "strokeWidth": 1.6}
    both = [row for row in rows if row["through"] is not None and row["direct"] is not None]
    layers = [
        g.layer(
            both, "rule", {"y": y, "x": through, "x2": {"field": "direct"}}, color=theme.RULE, strokeWidth=1.5
        ),
        g.dots(rows, {"y": y, "x": face, "tooltip": tip}, 55, **hollow),
        g.dots(rows, {"y": y, "x": through, "tooltip": tip}, 70, color=colour),
        g.words(rows, {"y": y, "x": through}, "label", align="left", dx=8),
    ]
    return finish(layers, 340, 22 * len(rows), slack=16)


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
            f"{plain_name(names[side])}: inputs from {names['b' if side == 'a' else 'a']}",
            draw_exposure(frame, side, max(tops) or 1.0),
            2 * len(frame),
        )
        for side, frame in by_side.items()
        if len(frame)
    )
    return Figure(
        key="exposure",
        title="Industries that use the other side’s inputs most",
        subtitle=f"Share of an industry’s inputs in per cent, {dossier.provenance.year or 'base year'}; "
        f"the {MOST_ROWS} most exposed industries of each side",
        alt=_alt(by_side, names),
        source=dossier.exposure.source,
        panels=panels,
        frame=_table(dossier),
        legend=(Key("hollow", "bought directly"), Key("full", "counting the inputs of inputs")),
        notes=dossier.exposure.notes,
    )


def _alt(by_side: dict[str, pd.DataFrame], names: dict[str, str]) -> str:
    parts = []
    for side, frame in by_side.items():
        top = (
            [f"{row} {label}" for row, label in zip(frame["row"][:3], frame["label"][:3], strict=True)]
            if len(frame)
            else []
        )
        if top:
            parts.append(f"most exposed in {names[side]}, looking through: {', '.join(top)}")
    return f"Pairs of dots per industry; {'; '.join(parts)}."


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
