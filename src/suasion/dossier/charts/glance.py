"""What both sides lose at both horizons, for the summary."""

from __future__ import annotations

from typing import Any

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture.spec import Key
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.charts.sides import draw_sides
from suasion.dossier.context import Dossier
from suasion.dossier.tables import pair_losses
from suasion.dossier.words import plain_name


def prepare_glance(dossier: Dossier) -> pd.DataFrame:
    """Return a row a side and horizon, the outlet open: changes in per cent (losses negative) with their bands.

    Parameters
    ----------
    dossier : Dossier

    Returns
    -------
    DataFrame
        Columns of :func:`suasion.dossier.charts.sides.draw_sides`; rows without a number are left out.
    """
    known = [
        row for row in pair_losses(dossier) if row["outlet"] == "open" and row["loss_percent"] is not None
    ]
    return pd.DataFrame([_line(dossier, row) for row in known])


def _line(dossier: Dossier, row: dict[str, Any]) -> dict[str, Any]:
    low, high = (row.get(f"loss_percent_{end}") for end in ("low", "high"))
    return {
        "row": say("figure.exit.short_row", horizon=row["horizon"]),
        "side": "a" if row["country"] == dossier.a.code else "b",
        "who": plain_name(dossier.name(row["country"])),
        "value": -row["loss_percent"],
        "low": None if high is None else -high,
        "high": None if low is None else -low,
        "label": n.signed_percent(-row["loss_percent"]),
    }


def glance_figure(dossier: Dossier) -> Figure | None:
    """Draw what both sides lose at both horizons with the outlet open; None without numbers."""
    frame = prepare_glance(dossier)
    if frame.empty:
        return None
    ends = [float(end) for name in ("value", "low", "high") for end in frame[name].dropna()]
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = 0.3 * (high - low or 1.0)
    spec = draw_sides(frame, say("figure.exit.axis_percent"), (low - room, high + room), 700)
    bands = say("figure.exit.bands") if dossier.provenance.draws else ""
    told = (f"{row.who}, {row.row}: {row.label}" for row in frame.itertuples())
    return Figure(
        key="glance",
        title=dossier.headline("exit_cost.asymmetry", ""),
        subtitle=say("figure.exit.subtitle", year=dossier.provenance.year, bands=bands),
        alt=say("figure.exit.alt", rows="; ".join(told)),
        source=dossier.answers["exit_cost"].sources[0].line(),
        panels=(Panel("glance", "", spec, 2 * len(frame), wide=True),),
        frame=frame,
        legend=(Key("side-a", plain_name(dossier.a.name)), Key("side-b", plain_name(dossier.b.name))),
        brief="exit-costs",
    )
