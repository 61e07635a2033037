"""Published totals: one dot per source, year and definition, never joined by a line."""

from __future__ import annotations

import pandas as pd

from suasion.dossier import numbers as n
from suasion.dossier.charts import theme
from suasion.dossier.charts.figure import Figure, Key, Panel, Spec, finish, inline, records
from suasion.dossier.context import Dossier
from suasion.dossier.words import plain_name, possessive


def prepare_totals(dossier: Dossier) -> pd.DataFrame:
    """One line per published total, by country and year, with the label of its row."""
    rows = sorted(dossier.totals.rows, key=lambda row: (row.country != dossier.a.code, row.measure, row.year))
    return pd.DataFrame(
        {
            "row": f"{row.year} {row.measure}, {row.source}",
            "key": index,
            "side": "a" if row.country == dossier.a.code else "b",
            "value": row.share_percent,
            "label": n.share(row.share_percent),
            "definition": row.definition,
        }
        for index, row in enumerate(rows)
    )


def draw_totals(frame: pd.DataFrame) -> Spec:
    """Draw the dots, one per row of the chart."""
    import altair as alt

    base = inline(records(frame))
    top = 1.2 * float(frame["value"].max() or 1.0)
    x = alt.X("value:Q", title="Share, %", scale=alt.Scale(domain=[0, top], nice=False))
    y = alt.Y(
        "row:N", sort=list(frame["row"]), title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=215)
    )
    colour = alt.Color("side:N", scale=alt.Scale(domain=["a", "b"], range=list(theme.SIDES)), legend=None)
    shape = alt.Shape("side:N", scale=alt.Scale(domain=["a", "b"], range=["circle", "diamond"]), legend=None)
    tip = [
        alt.Tooltip("row:N", title="what"),
        alt.Tooltip("label:N", title="share"),
        alt.Tooltip("definition:N"),
    ]
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=x, y=y, color=colour, shape=shape, tooltip=tip
    )
    text = base.mark_text(align="left", dx=9, aria=False).encode(x=x, y=y, text="label:N")
    return finish(alt.layer(dots, text), 520, 24 * len(frame), slack=20)


def total_figure(dossier: Dossier) -> Figure | None:
    """Draw the published totals; None where there are none."""
    if not dossier.totals:
        return None
    frame = prepare_totals(dossier)
    a, b = dossier.a.name, dossier.b.name
    years = sorted(row.year for row in dossier.totals.rows)
    return Figure(
        key="totals",
        title="Published totals differ by source and definition",
        subtitle=f"Share in per cent, {years[0]}-{years[-1]}; each dot has its own source and definition",
        alt="Dots, one per published total. "
        + "; ".join(f"{r}: {v}" for r, v in zip(frame["row"], frame["label"], strict=True))
        + ".",
        source=dossier.totals.source,
        panels=(Panel("totals", "", draw_totals(frame), 2 * len(frame), wide=True),),
        frame=_table(dossier),
        legend=(
            Key("side-a", f"{plain_name(b)} in {possessive(a)} total"),
            Key("side-b", f"{plain_name(a)} in {possessive(b)} total"),
        ),
        notes=dossier.totals.notes,
    )


def _table(dossier: Dossier) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": row.country,
            "partner": row.partner,
            "year": row.year,
            "measure": row.measure,
            "share, %": row.share_percent,
            "source": row.source,
            "definition": row.definition,
        }
        for row in dossier.totals.rows
    )
