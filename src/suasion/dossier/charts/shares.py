"""Shares of each side in the other's totals, by channel."""

from __future__ import annotations

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture.spec import Key
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.charts.sides import draw_sides, known_values
from suasion.dossier.context import Dossier
from suasion.dossier.words import plain_name, possessive


def prepare_shares(dossier: Dossier) -> pd.DataFrame:
    """One line per channel and side: share in per cent."""
    return pd.DataFrame(
        {
            "row": row.measure,
            "side": "a" if row.country == dossier.a.code else "b",
            "who": plain_name(dossier.name(row.country)),
            "value": row.share_percent,
            "label": n.short_share(row.share_percent),
        }
        for row in dossier.shares.rows
    )


def share_figure(dossier: Dossier) -> Figure | None:
    """Draw the shares; None where there are none."""
    if not any(row.share_percent is not None for row in dossier.shares.rows):
        return None
    frame = known_values(prepare_shares(dossier))
    top = float(frame["value"].max()) or 1.0
    a, b = dossier.a.name, dossier.b.name
    panel = Panel(
        "shares",
        "",
        draw_sides(frame, say("figure.shares.axis"), (-0.12 * top, 1.2 * top), 520),
        2 * len(frame),
        wide=True,
    )
    return Figure(
        key="shares",
        title=dossier.headline("dependence", say("figure.shares.title", a=a, b=b)),
        subtitle=say("figure.shares.subtitle", of=dossier.shares.rows[0].of),
        alt=say("figure.shares.alt", rows="; ".join(_phrase(dossier, row) for row in dossier.shares.rows)),
        source=dossier.shares.source,
        panels=(panel,),
        frame=_table(dossier),
        legend=(
            Key("side-a", say("figure.shares.key", partner=plain_name(b), owners=possessive(a))),
            Key("side-b", say("figure.shares.key", partner=plain_name(a), owners=possessive(b))),
        ),
        notes=dossier.shares.notes,
    )


def _phrase(dossier: Dossier, row: object) -> str:
    country, partner = getattr(row, "country", ""), getattr(row, "partner", "")
    share = n.share(getattr(row, "share_percent", None))
    holder, whole = plain_name(dossier.name(partner)), possessive(dossier.name(country))
    measure = getattr(row, "measure", "")
    return say("figure.shares.alt_row", partner=holder, owners=whole, measure=measure, share=share)


def _table(dossier: Dossier) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": row.country,
            "partner": row.partner,
            "measure": row.measure,
            "share, %": row.share_percent,
            "value, million USD": row.value_musd,
            "share of": row.of,
        }
        for row in dossier.shares.rows
    )
