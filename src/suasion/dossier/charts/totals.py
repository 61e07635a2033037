"""Published totals: one dot per source, year and definition, never joined by a line."""

from __future__ import annotations

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture import grammar as g
from suasion.answers.picture.spec import Key, Spec, finish, records
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.context import Dossier
from suasion.dossier.words import plain_name, possessive


def prepare_totals(dossier: Dossier, measure: str) -> pd.DataFrame:
    """One line per published share of a measure, by country and year, with its mark in the table."""
    rows = [row for row in dossier.totals.rows if row.measure == measure and row.unit == "percent"]
    rows.sort(key=lambda row: (row.country != dossier.a.code, row.year, row.mark))
    return pd.DataFrame(
        {
            "row": f"{row.year} ({row.mark})",
            "side": "a" if row.country == dossier.a.code else "b",
            "value": row.value,
            "label": n.short_share(row.value),
            "source": row.source,
            "definition": row.definition,
        }
        for row in rows
    )


def draw_totals(frame: pd.DataFrame, top: float) -> Spec:
    """Draw the dots, one per row of the chart, on a scale shared by all panels."""
    rows = records(frame)
    x = g.field("value:Q", title=say("figure.totals.axis"), scale=g.scale(0, 1.2 * top))
    y = g.names(list(frame["row"]), labelPadding=6)
    colour = g.field("side:N", scale=g.SIDE_SCALE, legend=None)
    shape = g.field("side:N", scale=g.SIDE_SHAPES, legend=None)
    tip = g.tips(label="share", source="source", definition="definition")
    layers = [
        g.dots(rows, {"x": x, "y": y, "color": colour, "shape": shape, "tooltip": tip}, 90),
        g.words(rows, {"x": x, "y": y}, "label", align="left", dx=9),
    ]
    return finish(layers, 340, 21 * len(frame))


def total_figure(dossier: Dossier) -> Figure | None:
    """Draw the published shares, a panel per measure; None where there are none."""
    shares = [row for row in dossier.totals.rows if row.unit == "percent"]
    if not shares:
        return None
    top = max(row.value for row in shares) or 1.0
    frames = {m: prepare_totals(dossier, m) for m in dict.fromkeys(row.measure for row in shares)}
    a, b = dossier.a.name, dossier.b.name
    years = sorted({row.year for row in shares})
    span = "-".join(map(str, dict.fromkeys((years[0], years[-1]))))
    return Figure(
        key="totals",
        title=say("figure.totals.title"),
        subtitle=say("figure.totals.subtitle", span=span),
        alt=_alt(frames),
        source=dossier.totals.source,
        panels=tuple(
            Panel(
                f"totals-{m}", say("figure.totals.panel", measure=m), draw_totals(frame, top), 2 * len(frame)
            )
            for m, frame in frames.items()
        ),
        frame=_table(dossier),
        legend=(
            Key("side-a", say("figure.totals.key", partner=plain_name(b), owners=possessive(a))),
            Key("side-b", say("figure.totals.key", partner=plain_name(a), owners=possessive(b))),
        ),
        notes=dossier.totals.notes,
    )


def _alt(frames: dict[str, pd.DataFrame]) -> str:
    parts = [
        f"{measure}: " + ", ".join(f"{r} {v}" for r, v in zip(frame["row"], frame["label"], strict=True))
        for measure, frame in frames.items()
    ]
    return say("figure.totals.alt", rows="; ".join(parts))


def _table(dossier: Dossier) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "mark": row.mark,
            "country": row.country,
            "partner": row.partner,
            "year": row.year,
            "measure": row.measure,
            "value": row.value,
            "unit": row.unit,
            "source": row.source,
            "where": row.locator,
            "definition": row.definition,
            "status": row.status,
        }
        for row in dossier.totals.rows
    )
