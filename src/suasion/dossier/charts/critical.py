"""Critical levels: the loss from a cut-off as the tie grows or shrinks, today marked."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture import grammar as g
from suasion.answers.picture import theme
from suasion.answers.picture.spec import Key, Spec, finish, records, spread
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.context import Dossier
from suasion.dossier.rows import CurveRow
from suasion.dossier.words import plain_name

HEIGHT = 220
TOLERANCES = (1.0, 2.0, 5.0)
"""Losses, per cent of own real expenditure, drawn as levels."""


def prepare_curves(rows: list[CurveRow], field: str, domain: tuple[float, float]) -> pd.DataFrame:
    """Points of one country's curves, short and long, sorted by m.

    Parameters
    ----------
    rows : list of CurveRow
        Rows of one country.
    field : {"loss_percent", "collapse_radius"}
        What the y-axis shows.
    domain : tuple of float
        Range of the y-axis; logarithmic for losses, from zero for the radius.
    """
    frame = pd.DataFrame(
        {
            "m": row.m,
            "horizon": row.horizon,
            "value": _positive(getattr(row, field)),
            "label": n.signed_percent(None if row.loss_percent is None else -row.loss_percent),
            "share": n.share(row.turnover_share_percent),
        }
        for row in sorted(rows, key=lambda row: (row.horizon, row.m))
    )
    frame["last"] = False
    frame["shift"] = 0
    last = [part.index[-1] for _, part in frame[frame["value"].notna()].groupby("horizon")]
    frame.loc[last, "last"] = True
    frame.loc[last, "shift"] = _shifts([float(v) for v in frame.loc[last, "value"]], domain)
    return frame


def _positive(value: float | None) -> float | None:
    """A value that a logarithmic axis can show."""
    return value if value is not None and value > 0 else None


def _shifts(ends: list[float], domain: tuple[float, float]) -> list[int]:
    low, high = domain
    if low <= 0:
        return spread(ends, high, HEIGHT)
    return spread([math.log(end / low) for end in ends], math.log(high / low), HEIGHT)


def draw_curves(
    frame: pd.DataFrame, side: str, domain: tuple[float, float], levels: tuple[float, ...], title: str
) -> Spec:
    """Draw one country's curves with today's position (m = 1) and the levels inside the range."""
    rows = records(frame)
    start, end = float(frame["m"].min()), float(frame["m"].max())
    axis = {"values": sorted({row["m"] for row in rows}), "format": "~g"}
    span = g.scale(0.9 * start, end * (end / start) ** 0.33, "log")
    x = g.field("m:Q", title=say("figure.critical.axis_m"), scale=span, axis=axis)
    log = domain[0] > 0
    ticks = {"values": _ticks(domain), "format": "~g"} if log else {"tickCount": 5}
    y = g.field("value:Q", title=title, scale=g.scale(*domain, kind="log" if log else "linear"), axis=ticks)
    colour = theme.SIDES[0 if side == "a" else 1]
    scale = {"domain": ["long", "short"], "range": [[1, 0], [6, 3]]}
    dash = g.field("horizon:N", scale=scale, legend=None)
    tip = g.tips(horizon="run", m="m", share="turnover", label="change")
    known = [row for row in rows if row["value"] is not None]
    layers = [
        *_levels(levels, domain, start, x, y),
        *_today(domain[1], x, y),
        g.layer(known, "line", {"x": x, "y": y, "strokeDash": dash}, color=colour, strokeWidth=2.2),
        g.dots(known, {"x": x, "y": y, "tooltip": tip}, 26, color=colour),
        *_ends(known, x, y),
    ]
    return finish(layers, 340, HEIGHT)


def _ticks(domain: tuple[float, float]) -> list[float]:
    low, high = math.ceil(math.log10(domain[0])), math.floor(math.log10(domain[1]))
    return [10.0**power for power in range(low, high + 1)]


def _ends(rows: list[dict[str, Any]], x: Any, y: Any) -> list[Spec]:
    ends = [{**row, "text": say(f"figure.critical.{row['horizon']}")} for row in rows if row["last"]]
    return [g.words([row], {"x": x, "y": y}, "text", align="left", dx=7, dy=row["shift"]) for row in ends]


def _levels(
    levels: tuple[float, ...], domain: tuple[float, float], start: float, x: Any, y: Any
) -> list[Spec]:
    inside = [
        {"value": level, "m": start, "text": f"{level:g}"}
        for level in levels
        if domain[0] < level < domain[1]
    ]
    if not inside:
        return []
    rule = g.layer(inside, "rule", {"y": y}, color=theme.PLUM, strokeDash=[2, 3])
    return [rule, g.words(inside, {"x": x, "y": y}, "text", align="left", dx=-2, dy=-7, color=theme.PLUM)]


def _today(top: float, x: Any, y: Any) -> list[Spec]:
    rows = [{"m": 1, "value": top, "text": say("figure.critical.today")}]
    rule = g.layer(rows, "rule", {"x": x}, color=theme.RULE)
    return [rule, g.words(rows, {"x": x, "y": y}, "text", align="left", dx=4, dy=8)]


def critical_figure(dossier: Dossier) -> Figure | None:
    """Draw the critical-level curves of both sides on one scale; None where there are none."""
    losses = [row.loss_percent for row in dossier.curves.rows if row.loss_percent and row.loss_percent > 0]
    if not losses:
        return None
    reach = (min(*losses, 0.8) / 1.3, max(*losses, 6.0) * 1.5)
    panels = [_panel(dossier, side, "loss_percent", reach) for side in ("a", "b")]
    radii = [row.collapse_radius for row in dossier.curves.rows if row.collapse_radius is not None]
    if radii:
        panels += [
            _panel(dossier, side, "collapse_radius", (0.0, 1.15 * max(*radii, 1.0))) for side in ("a", "b")
        ]
    return Figure(
        key="critical",
        title=say("figure.critical.title"),
        subtitle=say("figure.critical.subtitle"),
        alt=_alt(dossier),
        source=dossier.curves.source,
        panels=tuple(panel for panel in panels if panel is not None),
        frame=_table(dossier),
        legend=(
            Key("solid", say("figure.critical.long")),
            Key("dashed", say("figure.critical.short")),
            Key("level", say("figure.critical.level")),
        ),
        notes=dossier.curves.notes,
    )


def _panel(dossier: Dossier, side: str, field: str, domain: tuple[float, float]) -> Panel | None:
    party = dossier.a if side == "a" else dossier.b
    rows = [row for row in dossier.curves.rows if row.country == party.code]
    frame = prepare_curves(rows, field, domain) if rows else pd.DataFrame({"value": []})
    if not frame["value"].notna().any():
        return None
    loss = field == "loss_percent"
    what = "loss" if loss else "radius"
    title = say(f"figure.critical.axis_{what}")
    spec = draw_curves(frame, side, domain, TOLERANCES if loss else (1.0,), title)
    heading = say(f"figure.critical.{what}", country=plain_name(party.name))
    key = f"critical-{what}-{side}"
    return Panel(key, heading, spec, int(frame["value"].notna().sum()) + 3)


def _alt(dossier: Dossier) -> str:
    parts = []
    for party in (dossier.a, dossier.b):
        for horizon in ("short", "long"):
            rows = [r for r in dossier.curves.rows if (r.country, r.horizon) == (party.code, horizon)]
            known = [r for r in rows if r.loss_percent is not None]
            if known:
                last = max(known, key=lambda r: r.m)
                loss = n.percent(last.loss_percent or 0.0)
                words = {"country": party.name, "horizon": horizon, "loss": loss, "m": f"{last.m:g}"}
                parts.append(say("figure.critical.alt_row", **words))
    return say("figure.critical.alt", rows="; ".join(parts))


def _table(dossier: Dossier) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": row.country,
            "horizon": row.horizon,
            "m": row.m,
            "share of turnover, %": row.turnover_share_percent,
            "loss, % of own real expenditure": row.loss_percent,
            "loss, million USD": row.loss_usd,
            "collapse radius": row.collapse_radius,
        }
        for row in dossier.curves.rows
    )
