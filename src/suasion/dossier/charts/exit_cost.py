"""Exit costs of both sides, in per cent and in USD: by horizon, with the other outlet open and closed."""

from __future__ import annotations

import pandas as pd

from suasion.answers import numbers as n
from suasion.answers.catalogue import say
from suasion.answers.picture.spec import Key
from suasion.dossier.charts.figure import Figure, Panel
from suasion.dossier.charts.sides import draw_sides, known_values
from suasion.dossier.context import Dossier
from suasion.dossier.rows import ExitCostRow
from suasion.dossier.words import plain_name

_UNITS = ("percent", "usd")


def prepare_exit_costs(dossier: Dossier, rows: list[ExitCostRow], unit: str) -> pd.DataFrame:
    """One line per row, side and unit: changes (losses negative) with their bands.

    Parameters
    ----------
    dossier : Dossier
        The context.
    rows : list of ExitCostRow
        Rows of one cut.
    unit : {"percent", "usd"}
        Per cent of own real expenditure, or billion USD.
    """
    lines = []
    for row in sorted(rows, key=_order):
        value, low, high = _numbers(row, unit)
        lines.append(
            {
                "row": say("figure.exit.row", horizon=row.horizon, outlet=row.alternative),
                "side": {dossier.a.code: "a", dossier.b.code: "b"}.get(row.country, "c"),
                "who": plain_name(dossier.name(row.country)),
                "value": value,
                "low": low,
                "high": high,
                "label": _label(row, unit),
            }
        )
    return pd.DataFrame(lines)


def _order(row: ExitCostRow) -> tuple[int, int]:
    return (row.horizon != "short", row.alternative != "open")


def _numbers(row: ExitCostRow, unit: str) -> tuple[float | None, float | None, float | None]:
    """Change and band; the ends swap because a loss becomes a negative change."""
    if unit == "percent":
        losses = (row.loss_percent, row.high_percent, row.low_percent)
        return _negated(losses, 1.0)
    return _negated((row.loss_usd, row.high_usd, row.low_usd), 1e3)


def _negated(
    losses: tuple[float | None, float | None, float | None], scale: float
) -> tuple[float | None, float | None, float | None]:
    value, low, high = (None if loss is None else -loss / scale for loss in losses)
    return value, low, high


def _label(row: ExitCostRow, unit: str) -> str:
    if unit == "percent":
        return n.signed_percent(None if row.loss_percent is None else -row.loss_percent)
    return n.short_money(n.signed_usd(None if row.loss_usd is None else -row.loss_usd))


def _domain(frame: pd.DataFrame) -> tuple[float, float]:
    """Range that holds zero, all values and bands, with room for the labels."""
    ends = pd.concat([frame["value"], frame["low"], frame["high"]]).dropna().astype(float)
    low, high = min(0.0, ends.min()), max(0.0, ends.max())
    room = 0.3 * (high - low or 1.0)
    return low - room, high + room


def exit_cost_figures(dossier: Dossier) -> tuple[Figure, ...]:
    """Draw the exit costs of the pair and of the first side from the audience, as far as there are any."""
    cuts = dict.fromkeys(row.cut for row in dossier.exit_costs.rows)
    made = [_figure(dossier, [row for row in dossier.exit_costs.rows if row.cut == cut]) for cut in cuts]
    return tuple(figure for figure in made if figure is not None)


def glance_figure(dossier: Dossier) -> Figure | None:
    """Draw what both sides lose at both horizons with the outlet open, for the summary; None without numbers."""
    pair = {dossier.a.code, dossier.b.code}
    rows = [
        row
        for row in dossier.exit_costs.rows
        if {row.country, row.partner} == pair and row.alternative == "open" and row.loss_percent is not None
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: (*_order(row), row.country != dossier.a.code))
    frame = known_values(prepare_exit_costs(dossier, rows, "percent"))
    frame["row"] = [say("figure.exit.short_row", horizon=row.horizon) for row in rows]
    spec = draw_sides(frame, say("figure.exit.axis_percent"), _domain(frame), 700)
    return Figure(
        key="glance",
        title=dossier.headline("asymmetry", ""),
        subtitle=_subtitle(dossier, ""),
        alt=_alt(dossier, rows),
        source=dossier.exit_costs.source,
        panels=(Panel("glance", "", spec, 2 * len(frame), wide=True),),
        frame=_table(rows),
        legend=(
            Key("side-a", plain_name(dossier.a.name)),
            Key("side-b", plain_name(dossier.b.name)),
        ),
        brief="exit-costs",
    )


def _figure(dossier: Dossier, rows: list[ExitCostRow]) -> Figure | None:
    known = [row for row in rows if row.loss_percent is not None]
    if not known:
        return None
    pair = {row.country for row in rows} == {dossier.a.code, dossier.b.code}
    key = "exit-costs" if pair else "exit-audience"
    first, other = dossier.name(rows[0].country), dossier.name(rows[0].partner)
    outlet = dossier.audience_name if pair else dossier.b.name
    title = say("figure.exit.title", other=other, first=first)
    failed = tuple(
        say("figure.exit.failed", horizon=row.horizon, outlet=row.alternative, reason=row.reason)
        for row in rows
        if row.reason
    )
    return Figure(
        key=key,
        title=dossier.headline("asymmetry", title) if pair else title,
        subtitle=_subtitle(dossier, outlet),
        alt=_alt(dossier, known),
        source=dossier.exit_costs.source,
        panels=_panels(dossier, rows, key),
        frame=_table(rows),
        legend=(Key("side-a", plain_name(first)), Key("side-b" if pair else "side-c", plain_name(other))),
        notes=(*(dossier.exit_costs.notes if pair else ()), *dict.fromkeys(failed)),
    )


def _panels(dossier: Dossier, rows: list[ExitCostRow], key: str) -> tuple[Panel, ...]:
    panels = []
    for unit in _UNITS:
        title = say(f"figure.exit.axis_{unit}")
        frame = known_values(prepare_exit_costs(dossier, rows, unit))
        if len(frame):
            heading = say(f"figure.exit.{unit}")
            panels.append(
                Panel(f"{key}-{unit}", heading, draw_sides(frame, title, _domain(frame)), 2 * len(frame))
            )
    return tuple(panels)


def _subtitle(dossier: Dossier, outlet: str) -> str:
    bands = say("figure.exit.bands") if dossier.provenance.draws else ""
    outlets = say("figure.exit.outlet", outlet=outlet) if outlet else ""
    return say("figure.exit.subtitle", year=dossier.provenance.year, outlet=outlets, bands=bands)


def _alt(dossier: Dossier, rows: list[ExitCostRow]) -> str:
    parts = [
        say(
            "figure.exit.alt_row",
            country=plain_name(dossier.name(row.country)),
            horizon=row.horizon,
            outlet=row.alternative,
            percent=_label(row, "percent"),
            usd=n.signed_usd(None if row.loss_usd is None else -row.loss_usd),
        )
        for row in sorted(rows, key=_order)
    ]
    return say("figure.exit.alt", rows="; ".join(parts))


def _table(rows: list[ExitCostRow]) -> pd.DataFrame:
    lines = [
        {
            "country": row.country,
            "cut": row.cut,
            "horizon": row.horizon,
            "outlet": row.alternative,
            "loss, % of own real expenditure": row.loss_percent,
            "low, %": row.low_percent,
            "high, %": row.high_percent,
            "loss, million USD": row.loss_usd,
            "low, million USD": row.low_usd,
            "high, million USD": row.high_usd,
        }
        for row in sorted(rows, key=_order)
    ]
    return pd.DataFrame(lines)
