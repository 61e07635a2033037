"""Who loses more from a cut, and why; what the other outlet is worth; who else loses or gains: in findings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, USUAL, Comparison, Country, Finding, Quantity, Value
from suasion.answers import numbers as n
from suasion.questions.bands import beyond, few, when_of, without_equilibrium
from suasion.questions.posed import TiePair

if TYPE_CHECKING:
    import pandas as pd

    from suasion.coercion import ExitCost, LossInterval, TieStudy
    from suasion.world import World

OUTLETS = ("open", "closed")
SURE = 0.005
"""Share of draws that ship, below which it is told no further: it is a regression's, and no count of so many draws."""
ELSEWHERE = "long"
"""Horizon at which everybody else is looked at, where it is asked for."""
Row = Mapping[str, Any]
BANDS = {
    "loss_percent_low": "low_percent",
    "loss_percent_high": "high_percent",
    "loss_musd_low": "low_usd",
    "loss_musd_high": "high_usd",
}
"""Ends of bands in answers, and in the model's frame."""
UNITS = {"percent": "percent", "musd": "usd"}
"""Names of units in answers, and in the model's frame."""


def cuts_of(study: TieStudy) -> Iterator[tuple[str, ExitCost]]:
    """Outlet and losses of every cut of a study, the pair's own first."""
    for cost, outlet in (
        (study.partner_open, "open"),
        (study.partner_closed, "closed"),
        (study.audience_open, "open"),
        (study.audience_closed, "closed"),
    ):
        if cost is not None:
            yield outlet, cost


def elsewhere_of(study: TieStudy) -> pd.DataFrame:
    """Change of every economy after the pair's cut, in the long run where it was asked for."""
    table = study.partner_open.elsewhere
    held = table[table["horizon"] == ELSEWHERE]
    return held if len(held) else table[table["horizon"] == table["horizon"].iloc[-1]]


def findings(pair: TiePair, study: TieStudy, draws: int) -> Iterator[Finding]:
    """Say who loses more, by how much and why; what the other outlet is worth; who else moves; what is doubtful.

    draws: Draws behind its bands.
    """
    horizons = list(study.partner_open.ratios["horizon"])[::-1]  # the longest answers
    for place, horizon in enumerate(horizons):
        yield from _asymmetry(pair, study.partner_open, horizon, place, draws)
    yield from _outlets(pair, study, horizons[::-1], draws)
    yield from _others(pair, study)
    yield from _cautions(study, draws)


def with_shipped_ranges(study: TieStudy, world: World) -> TieStudy:
    """Put the 90 % ranges of data and elasticities that ship with a world beside the losses of the pair's cut.

    They are carried back from the latest world to the table it was moved from, and from where the other outlet is open
    to where it is closed. The range of a difference follows from that of the ratio, at the loss of the second side.

    study: Without draws, deficits balanced.
    world: Only an embedded one has such ranges; beside others the study is returned as it is.
    """
    opened, closed = study.partner_open, study.partner_closed
    return replace(
        study,
        partner_open=_with_ranges(opened, opened, world),
        partner_closed=None if closed is None else _with_ranges(closed, opened, world),
    )


def _with_ranges(cost: ExitCost, opened: ExitCost, world: World) -> ExitCost:
    """Ranges beside the losses of a cut, from those of the same cut with the outlet open."""
    table, ratios = cost.table.copy(), cost.ratios.copy()
    for place, row in enumerate(ratios.to_dict("records")):
        horizon = str(row["horizon"])
        found = _intervals(cost, opened, world, horizon)
        if found is None:
            continue
        for one in found:
            at = table.index[(table["country"] == one.country) & (table["horizon"] == horizon)]
            scale = table.loc[at, "loss_usd"] / table.loc[at, "loss_percent"]
            for end, value in (("low", one.low_percent), ("high", one.high_percent)):
                table.loc[at, f"{end}_percent"], table.loc[at, f"{end}_usd"] = value, value * scale
        first = found[0]
        ratios.loc[place, "first_share"] = first.loses_more
        ratios.loc[place, ["low_ratio", "high_ratio"]] = first.low_ratio, first.high_ratio
        losses = {"gap": cost.loss(cost.b, horizon), "gap_usd": cost.loss(cost.b, horizon, "usd")}
        money = row["ratio_usd"] / row["ratio_percent"]  # of the economies
        for gap, size in (("gap", 1.0), ("gap_usd", money)):
            ends = [losses[gap] * (end * size - 1.0) for end in (first.low_ratio, first.high_ratio)]
            ratios.loc[place, [f"{gap}_low", f"{gap}_high"]] = ends
    return replace(cost, table=table, ratios=ratios)


def _intervals(
    cost: ExitCost, opened: ExitCost, world: World, horizon: str
) -> tuple[LossInterval, LossInterval] | None:
    """Ranges of both sides at a horizon; None where none ship."""
    from suasion.coercion import outlet_closed, pair_intervals

    sides = cost.a, cost.b
    losses, before = ((one.loss(sides[0], horizon), one.loss(sides[1], horizon)) for one in (cost, opened))
    found = pair_intervals(world, *sides, horizon, before)
    return found if found is None or cost is opened else outlet_closed(*found, losses)


def _outlets(pair: TiePair, study: TieStudy, horizons: Sequence[str], draws: int) -> Iterator[Finding]:
    """What the other outlet is worth to the first side, seen from the pair's tie and from the audience's."""
    if study.partner_closed is None or study.audience_open is None or study.audience_closed is None:
        return
    for horizon in horizons:
        costs = (study.partner_open, study.partner_closed)
        yield from outlet_worth(pair.a, costs, pair.audience, horizon, draws)
    if _noticed(study.partner_open.loss(pair.a, horizons[-1])):
        costs = (study.audience_open, study.audience_closed)
        yield from outlet_worth(pair.a, costs, pair.b, horizons[-1], draws)


def _others(pair: TiePair, study: TieStudy) -> Iterator[Finding]:
    table = elsewhere_of(study)
    others = table[~table["country"].isin(pair.states) & table["change_percent"].notna()]
    if others.empty:
        return
    signs = others["change_percent"].map(lambda change: n.sign_of(change, n.NOTICED_PERCENT))
    losers, gainers, unmoved = (Quantity(int((signs == sign).sum()), "count") for sign in (-1, 1, 0))
    when = when_of(str(table["horizon"].iloc[0]))
    if not losers.value and not gainers.value:
        yield Finding("exit_cost.nobody_else", {"when": when}, weight=USUAL + 0.9)
        return
    yield Finding(
        "exit_cost.elsewhere",
        {"losers": losers, "gainers": gainers, "unmoved": unmoved, "when": when},
        Comparison(losers, gainers),
        weight=USUAL + 0.9,
    )
    for key, sign in (("exit_cost.largest_loss", -1), ("exit_cost.largest_gain", 1)):
        if (signs == sign).any():
            row = (
                others.assign(size=sign * others["change_percent"]).nlargest(1, "size").to_dict("records")[0]
            )
            sizes = {"percent": abs(row["change_percent"]), "musd": abs(row["change_usd"])}
            numbers = {unit: Quantity(float(size), unit) for unit, size in sizes.items()}  # type: ignore[arg-type]
            yield Finding(
                key, {"state": Country(row["country"]), "when": when, **numbers}, weight=USUAL + 0.8
            )


def _cautions(study: TieStudy, draws: int) -> Iterator[Finding]:
    """What is beyond the model, and how many draws bands rest on."""
    from suasion.equilibrium.doubts import EXTREME

    tables = [cost.table for _, cost in cuts_of(study)]
    if any(float(table["loss_percent"].max()) > EXTREME for table in tables):
        yield Finding("exit_cost.extreme", {"level": Quantity(EXTREME, "percent")}, caution=True)
    rows: Any = study.partner_open.table.to_dict("records")
    for row in rows:
        yield from beyond(row["horizon"], row["country"], _quantity(row, "percent"), row)
    yield from few(draws)
    for horizon in dict.fromkeys(tables[0]["horizon"]):
        failed = max(int(table.loc[table["horizon"] == horizon, "failed_draws"].max()) for table in tables)
        yield from without_equilibrium(failed, draws, when_of(str(horizon)))


def _quantity(row: Row, unit: str) -> Quantity:
    """A loss with its band; None where there is none."""
    ends = (row[f"{end}_{UNITS[unit]}"] for end in ("loss", "low", "high"))
    value, low, high = (None if math.isnan(end) else float(end) for end in ends)
    return Quantity(value, unit, low, high)  # type: ignore[arg-type]


def _line(cost: ExitCost, side: str, horizon: str) -> Row:
    table = cost.table
    found = table[(table["country"] == side) & (table["horizon"] == horizon)]
    return found.to_dict("records")[0]  # type: ignore[return-value]


def _noticed(loss: float) -> bool:
    """Whether a loss is large enough to be told with a direction."""
    return abs(loss) >= n.NOTICED_PERCENT


def _asymmetry(pair: TiePair, cost: ExitCost, horizon: str, place: int, draws: int) -> Iterator[Finding]:
    """Both losses of one horizon compared in both units, and what is mere size."""
    who: dict[str, Value] = {"a": Country(pair.a), "b": Country(pair.b), "when": when_of(horizon)}
    sides = {name: _line(cost, code, horizon) for name, code in (("a", pair.a), ("b", pair.b))}
    losses = {f"{unit}_{name}": _quantity(row, unit) for unit in UNITS for name, row in sides.items()}
    line: Any = cost.ratios.set_index("horizon").loc[horizon]
    share = float(line["first_share"])
    gaps = (
        (_sided(share), None)
        if not draws and math.isfinite(share)
        else tuple(
            None if math.isnan(line[low]) else Quantity(0.0, "percent", float(line[low]), float(line[high]))
            for low, high in (("gap_low", "gap_high"), ("gap_usd_low", "gap_usd_high"))
        )
    )
    yield from compare_losses(who, losses, gaps, float(line["income_ratio"]), place)
    with_capital = [sides[name]["capital_percent"] for name in ("a", "b")]
    if all(map(math.isfinite, with_capital)):
        told = {
            f"loss_{name}": Quantity(loss, "percent") for name, loss in zip("ab", with_capital, strict=True)
        }
        yield Finding("exit_cost.capital", {**who, **told}, weight=USUAL + 0.3 - place)
    if math.isfinite(share) and (draws >= n.FEWEST_DRAWS if draws else SURE < share < 1.0 - SURE):
        part = Quantity(share, "probability", draws=draws)
        key = "exit_cost.draws" if draws else "exit_cost.shipped_draws"
        yield Finding(key, {**who, "share": part}, weight=USUAL + 0.5 - place)


def _sided(share: float) -> Quantity:
    """How far the share of draws in which the first side loses more is from a half; holds zero unless 95 % agree."""
    return Quantity(share - 0.5, "score", share - 0.95, share - 0.05)


def compare_losses(
    who: Mapping[str, Value],
    losses: Mapping[str, Quantity],
    gaps: tuple[Quantity | None, ...],
    income: float,
    place: int = 0,
) -> Iterator[Finding]:
    """Say which of two sides loses more, and by how much.

    who: The states ``a`` and ``b``, and ``when``.
    losses: ``percent_a``, ``percent_b`` (of own real expenditure), ``musd_a``, ``musd_b``; positive is a
      loss.
    gaps: Differences in per cent and in money with their bands, where both were drawn together.
    income: Real expenditure of b over that of a.
    place: Of the horizon: 0 for the one that answers.
    """
    weight = MAIN + 1.0 - 0.5 * place
    first, second = losses["percent_a"], losses["percent_b"]
    if first.value is None or second.value is None:
        yield Finding("exit_cost.unsolved", who, weight=weight)
        return
    if max(first.value, second.value) < n.NOTICED_PERCENT:
        yield Finding("exit_cost.neither", {**who, **losses}, weight=weight)
        return
    compared = Comparison(first, second, gaps[0])
    yield Finding("exit_cost.asymmetry", {**who, **losses}, compared, weight=weight)
    if compared.direction in ("above", "below") and min(first.sign, second.sign) > 0:
        yield from _split(who, losses, compared.direction == "above", gaps[1], income, place)


def _split(
    who: Mapping[str, Value],
    losses: Mapping[str, Quantity],
    more: bool,
    gap: Quantity | None,
    income: float,
    place: int,
) -> Iterator[Finding]:
    """The ratio of two losses in per cent is that in money times that of the economies; ``more`` if a loses more."""
    names = ("a", "b") if more else ("b", "a")
    big, small = (losses[f"percent_{name}"].value or 0.0 for name in names)
    told = {"big": who[names[0]], "small": who[names[1]], "when": who["when"]}
    money = Comparison(losses[f"musd_{names[0]}"], losses[f"musd_{names[1]}"], gap)
    ratio = {"percent": Quantity(big / small, "ratio")}
    if money.direction in ("above", "below"):
        ends = sorted(abs(one.value or 0.0) for one in (money.left, money.right))
        ratio["musd"] = Quantity(ends[1] / max(ends[0], n.TINY_MUSD), "ratio")
    yield Finding("exit_cost.times", {**told, **ratio}, money, weight=USUAL + 0.6 - place)
    if place:
        return  # the two economies are as large as they were
    size = income if more else 1 / income  # real expenditure of who loses less over that of the other
    larger = Comparison(Quantity(size, "score"), Quantity(1.0, "score"))
    by = {} if larger.direction == "equal" else {"size": Quantity(max(size, 1 / size), "ratio")}
    yield Finding("exit_cost.size", {**told, **by}, larger, weight=USUAL + 0.4)


def outlet_worth(
    a: str, costs: tuple[ExitCost, ExitCost], outlet: str, horizon: str, draws: int
) -> Iterator[Finding]:
    """Say what closing the other outlet does to the loss of the first side.

    a: The first side.
    costs: With the outlet open, and closed.
    outlet: Code of the outlet, or codes joined by plus signs.
    draws: Draws behind the bands.
    Yields: None where neither loss is worth a direction.
    """
    rows = [_line(cost, a, horizon) for cost in costs]
    numbers = {
        f"{unit}_{name}": _quantity(row, unit)
        for unit in UNITS
        for name, row in zip(OUTLETS, rows, strict=True)
    }
    opened, closed = (numbers[f"percent_{name}"] for name in OUTLETS)
    if not (opened.known and closed.known) or not any(_noticed(one.value or 0.0) for one in (opened, closed)):
        return
    who = {
        "a": Country(a),
        "partner": Country(costs[0].b),
        "outlet": Country(outlet),
        "when": when_of(horizon),
    }
    key = "exit_cost.outlet_overlap" if draws and _overlap(opened, closed) else "exit_cost.outlet"
    yield Finding(key, {**who, **numbers}, Comparison(closed, opened), weight=MAIN)


def _overlap(x: Quantity, y: Quantity) -> bool:
    """Whether two bands overlap."""
    if x.low is None or x.high is None or y.low is None or y.high is None:
        return False
    return max(x.low, y.low) <= min(x.high, y.high)
